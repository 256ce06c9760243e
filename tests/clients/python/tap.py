"""TAP for the clients written in Python: cases are functions, run in the order they stand."""

import traceback

CASES = []


def case(function):
    CASES.append(function)
    return function


def run():
    print(f"1..{len(CASES)}")
    good = True
    for number, function in enumerate(CASES, 1):
        name = function.__name__.replace("_", " ")
        try:
            function()
            print(f"ok {number} - {name}", flush=True)
        except Exception as error:  # noqa: BLE001 - whatever a client throws is this case's failure
            good = False
            print(f"not ok {number} - {name}")
            where = [f"line {frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[1:]]
            print("# " + f"{type(error).__name__} ({', '.join(where)}): {error}".replace("\n", "\n# "), flush=True)
    return 0 if good else 1


def equal(got, wanted):
    if got != wanted:
        raise AssertionError(f"{str(got)[:400]!r} is not {str(wanted)[:400]!r}")


# Over 1 MiB of UTF-8, with letters of one, two and four bytes.
BIG = "".join(f"line {i} Ж😀;" for i in range(60_000))
