#!/usr/bin/env python3
"""Writes the seed corpus of the fuzz targets (tests/fuzz/corpus/<target>/) from tests/golden.

Inputs whose name begins with "found-" are kept: they once made a target fail. Run it after the
fixtures or tests/support/wire/exchanges.def have changed.
"""

import hashlib
import json
import pathlib
import re

here = pathlib.Path(__file__).resolve().parent
root = here.parent.parent
golden = root / "tests" / "golden"
corpus = here / "corpus"

MOST_PER_STRUCT = 10  # of the recorded messages; those written from the specification all count
LONGEST = 700


def exchanges():
    """struct -> (target, number in its exchange)"""
    out = {}
    for line in (root / "tests/support/wire/exchanges.def").read_text().splitlines():
        if found := re.match(r"EXCHANGE\(([a-z_]+), (.*)\)", line):
            for number, name in enumerate(found[2].split(", ")):
                out[name] = (found[1], number)
    return out


def requests():
    """code -> struct, as the headers of wire/messages have it"""
    out = {}
    for header in sorted((root / "wire/messages").glob("*.hpp")):
        text = header.read_text()
        pairs = re.findall(r"struct (\w+) \{\s*static constexpr function_code code = \"(..)\"_fc", text)
        pairs += re.findall(r"using (\w+) =\s+\w+<\"(..)\"_fc>", text)
        for name, code in pairs:
            out[code] = name
    return out


def captures():
    for file in sorted((golden / "captures").glob("*.jsonl")):
        frames = [json.loads(line) for line in file.read_text().splitlines()]
        yield file.stem, [(f["dir"], bytes.fromhex(f["hex"])) for f in frames if "dir" in f]


def items(data):
    """The items of a message: (code, data)."""
    at = 0
    while at < len(data):
        length = data[at]
        if length == 1:
            yield None, b""
            at += 1
            continue
        head = 1
        if length == 0:
            length, head = int.from_bytes(data[at + 1 : at + 3], "little") + 1, 3
        yield data[at + head], data[at + head + 1 : at + head + length - 1]
        at += head + length - 1


def small(item):
    return int.from_bytes(item[1], "little")


seeds = {}


def add(target, data):
    seeds.setdefault(target, set()).add(bytes(data))


def add_messages():
    where, code_of = exchanges(), requests()
    for line in (golden / "messages.jsonl").read_text().splitlines():
        entry = json.loads(line)
        name = code_of.get(entry["code"], "catalog_request") if "code" in entry else entry["reply"]
        target, number = where[name]
        features = entry.get("features", 0)
        bits = (8 if features & 1 else 0) | (64 if features & 2 else 0) | entry.get("outputs", 0) << 4
        body = bytes.fromhex(entry["hex"])
        add(target, bytes([bits, number]) + body)
        add("item", bytes([0]) + body)
        if name == "rows_reply":
            add("row_cursor", bytes([1, 4, 1, 1]) + body)
            add("row_cursor", bytes([129, 4, 2, 1]) + body)
    taken = {}
    for _, frames in captures():
        for direction, frame in frames:
            body = frame[14:]
            if direction != "C" or len(body) > LONGEST:
                continue
            name = code_of.get(frame[12:14].decode(), "catalog_request")
            target, number = where[name]
            seed = bytes([0, number]) + body
            if seed in taken.setdefault(name, set()) or len(taken[name]) < MOST_PER_STRUCT:
                taken[name].add(seed)
                add(target, seed)


def add_rows():
    """ROWS of the recorded sessions with the column count of the metadata in front of them."""
    for _, frames in captures():
        shapes = {}
        for direction, frame in frames:
            if direction == "C":
                continue
            body, statement, status = frame[14:], frame[8:12], int.from_bytes(frame[12:14], "little")
            if status not in (0, 100):
                continue
            if statement in shapes and 0 < len(body) <= LONGEST:
                columns, fast = shapes[statement]
                add("row_cursor", bytes([(columns - 1) | (128 if fast else 0), 7, 1, 1]) + body)
            fields = list(items(body)) if body[:1] not in (b"", b"\x30") else []
            if len(fields) > 12 and fields[0][0] == 4:
                fast = small(fields[0]) == 1 and fields[1][0] == 4 and fields[2][0] == 4
                columns = small(fields[2]) if fast else small(fields[0])
                if 1 <= columns <= 32:
                    shapes[statement] = (columns, fast)


def add_streams():
    for _, frames in captures():
        for wanted in "CS":
            stream = b"".join(frame for direction, frame in frames if direction == wanted)
            add("frame_assembler", bytes([20, 12]) + stream[:LONGEST])
    parts = [bytes.fromhex("03000000 07000000 01000080 0000") + b"abc", bytes.fromhex("02000000 07000000 01000000 6400") + b"de"]
    add("frame_assembler", bytes([20, 4]) + b"".join(parts))
    add("frame_assembler", bytes([2, 0]) + b"".join(parts))
    add("frame_assembler", bytes([20, 3]) + bytes.fromhex("ffffff7f 01000000 00000000 4853"))


def add_values():
    for entry in json.loads((golden / "vectors/list-items.json").read_text())["items"]:
        if "hex" in entry:
            bits = (0 if entry["unicode"] else 1) | (2 if entry["compact_double"] else 0)
            add("item", bytes([bits]) + bytes.fromhex(entry["hex"]))
        if entry["kind"] in ("integer", "decimal"):
            add("text_value", entry["value"].encode())
        if entry["kind"] == "string" and isinstance(entry["value"], str):
            add("charset", bytes([0]) + entry["value"].encode())
            add("charset", bytes([13]) + entry["value"].encode("utf-16-le"))
    for text in (
        "2024-02-29",
        "0001-01-01 00:00:00",
        "9999-12-31 23:59:59.999999999",
        "7:05",
        "12:00:00.5",
        "2024-02-29T12:00",
        "1E-128",
        "1e145",
        "-.5E+3",
        "99999999999999999995",
        "123456789012345678901234567890",
        "58074,3600",
    ):
        add("text_value", text.encode())
    for encoded in (0, 1, 47117, -672045, 2980013, 1 << 60, (1 << 60) + 1, -6917529027642081856, -6979664624441081856):
        add("text_value", encoded.to_bytes(8, "little", signed=True))
    for number in range(19):
        add("charset", bytes([number]) + bytes(range(0x70, 0x100, 3)))
    add("charset", bytes([1]) + bytes.fromhex("3dd800de 00d8 6100"))


def add_odbc():
    """Texts and items of the ODBC conversion matrix."""
    for text in (
        "12.50",
        "-1e-128",
        "99999999999999999999999999999999999999.5",
        "{d '2024-02-29'}",
        "{ts '2024-02-29 23:59:58.123456789'}",
        "23:59:58.5",
        "6F9619FF-8B86-D011-B42D-00C04FC964FF",
        "1e999999999",
    ):
        add("odbc_literals", bytes([0]) + text.encode())
    for shape, text in enumerate(
        (
            "-5",
            "63",
            "100",
            "12",
            "90",
            "45.5",
            "5-3",
            "3 04",
            "3 04:05",
            "-3 12:30:45.000001",
            "100:30",
            "12:03:04.25",
            "30:04",
        )
    ):
        add("odbc_literals", bytes([shape]) + text.encode())
    add("odbc_literals", bytes([9]) + b"{INTERVAL '3 12:30:45.5' DAY(3) TO SECOND(6)}")

    def item(code, data):
        return bytes([len(data) + 2, code]) + data

    texts = (
        item(1, "a\xe9b12345678".encode("latin-1")),
        item(2, "a\u0416\U0001f600z\u20ac".encode("utf-16-le")),
        item(2, bytes.fromhex("41003dd84200")),
        item(1, b"2024-02-29 23:59:58.5"),
        item(1, b"-12.75"),
        item(4, b"\x05"),
        item(7, b"\xfe\x1e\xfb"),
        item(8, bytes(7) + b"\x40"),
        item(1, b"\x00"),
    )
    for number, data in enumerate(texts):
        for c_type in (0, 1, 2, 3, 5, 12):
            for width in (0, 1, 2):
                add("odbc_text", bytes([number % 12, 2, c_type, width, 0] + ([9] if c_type < 3 else [])) + data)


def add_columnar():
    """Rows of one column per type, and of all of them."""

    def item(code, data=b""):
        return bytes([len(data) + 2, code]) + data

    null = item(1)
    posix = item(4, ((1 << 60) + 1_000_005).to_bytes(8, "little"))
    values = (
        (0, 1, [item(4, b"\x01"), null, item(4)]),  # (type, scale + 1, cells)
        (1, 1, [item(5, b"\x80"), item(4, b"\x7f"), item(4, b"\x80\x00")]),
        (2, 1, [item(5, b"\x00\x80"), item(1, b"12")]),
        (3, 1, [item(4, b"\x05"), null, item(6, b"\xff\x32")]),
        (4, 1, [item(4, bytes([255] * 7 + [127])), item(5, bytes(7) + b"\x80")]),
        (5, 3, [item(7, b"\xfe\x1e\xfb"), item(1, b"-12.75"), item(1, b"1234567890123456789012.5"), item(8, bytes.fromhex("9a9999999999b93f"))]),
        (
            6,
            1,
            [
                item(1, b"ASCII of some length"),
                item(1, b"a\xe9"),
                item(2, "Ж🚀".encode("utf-16-le")),
                item(1, b"\x00"),
                null,
                item(4, b"\x07"),
                item(2, b"\x00\xd8"),
            ],
        ),
        (7, 1, [item(1, b"\x00\xff\x80"), item(1, b"\x00"), item(2, b"a\x00")]),
        (8, 1, [item(1, b"text"), null]),
        (9, 1, [item(8, bytes(7) + b"\x40"), item(9, b"\x00\x40"), item(4, b"\x03"), item(1, b"1e3")]),
        (10, 1, [item(1, b"2024-02-29"), item(4, b"\x0d\xb8"), item(1, b"2023-02-29")]),
        (11, 1, [item(1, b"23:59:59"), item(4, b"\x10\x0e")]),
        (11, 7, [item(1, b"23:59:59.999999"), item(6, b"\xff\x05")]),
        (12, 1, [item(1, b"00112233-4455-6677-8899-AABBCCDDEEFF"), null]),
        (13, 7, [item(1, b"2024-02-29 23:59:58.500000"), posix, item(1, b"1969-07-20")]),
        (13, 10, [item(1, b"2262-04-11 23:47:16.854775807"), item(1, b"9999-12-31 00:00:00")]),
        (14, 1, [item(1, b"\xab\xcd"), null]),
        (15, 1, [item(1, b"odd")]),
    )
    for kind, scale, cells in values:
        choice = kind | scale << 4
        for options in (0, 1, 2, 4, 16):
            add("columnar", bytes([0, options, 3, 0, choice]) + b"".join(cells))
    some = [each for each in values if each[0] in (0, 3, 5, 6, 9, 10, 12, 13)][:8]
    rows = b"".join(cells[row % len(cells)] for row in range(2) for _, _, cells in some)
    add("columnar", bytes([0, 1, 40, 7]) + bytes(kind | scale << 4 for kind, scale, _ in some) + rows)


def write():
    for target, inputs in sorted(seeds.items()):
        (corpus / target).mkdir(parents=True, exist_ok=True)
        for file in (corpus / target).glob("seed-*"):  # other targets keep seeds of their own
            file.unlink()
        for data in inputs:
            (corpus / target / f"seed-{hashlib.sha256(data).hexdigest()[:12]}").write_bytes(data)
    print(sum(map(len, seeds.values())), "seeds for", len(seeds), "targets")


add_messages()
add_rows()
add_streams()
add_values()
add_odbc()
add_columnar()
write()
