"""isql and iusql in batch mode, as a person's shell script uses them."""

import subprocess
import sys

from tap import case, equal, run


def isql(program, lines, *options):
    done = subprocess.run([program, "box", "-b", "-d|", "-v", *options], input=("\n".join(lines) + "\n").encode(), capture_output=True, timeout=60)
    return (done.stdout + done.stderr).decode("utf-8", "replace"), done.returncode


def rows(program, *lines):
    text, status = isql(program, lines)
    equal(status, 0)
    return [line for line in text.splitlines() if "|" in line]


def both(check):
    """One case for each of the two programs."""
    for program in ("isql", "iusql"):

        def one(program=program):
            check(program)

        one.__name__ = f"{program}_{check.__name__}"
        case(one)
    return check


@both
def ddl_and_unicode(program):
    text = "Ж äö € 😀 𝒳"
    equal(
        rows(
            program,
            f"create table {program}_u (n integer not null primary key, s varchar(80))",
            f"insert into {program}_u values (1, '{text}')",
            f"select n, s from {program}_u",
        ),
        [f"1|{text}"],
    )


@both
def null_and_decimals(program):
    equal(
        rows(
            program,
            f"create table {program}_d (n integer, d numeric(18,4))",
            f"insert into {program}_d values (1, -12345678901.2345)",
            f"insert into {program}_d values (2, NULL)",
            f"select n, d from {program}_d order by n",
        ),
        ["1|-12345678901.2345", "2|"],
    )


@both
def timestamps_with_fractions(program):
    equal(
        rows(
            program,
            f"create table {program}_m (m timestamp, n integer)",
            f"insert into {program}_m values ('2024-02-29 23:59:58.123456', 1)",
            f"select m, n from {program}_m",
        ),
        ["2024-02-29 23:59:58.123456|1"],
    )


@both
def text_longer_than_is_shown(program):
    text = "0123456789abcde😀" * 64
    made = rows(
        program, f"create table {program}_l (n integer, body longvarchar)", f"insert into {program}_l values (1, '{text}')", f"select n, body from {program}_l"
    )
    # Both read into 300 bytes or characters, which may end within a character; iusql shows nothing of what is longer.
    shown = made[0].removeprefix("1|").removesuffix("...").rstrip("\ufffd")
    equal((len(made), shown), (1, "" if program == "iusql" else text[: len(shown)]))
    equal(len(shown) > 200, program == "isql")


@both
def errors_have_their_state(program):
    text, _ = isql(program, ["select * from Nowhere_at_all"])
    equal("NOWHERE_AT_ALL" in text, True)
    # iusql prints no states. isql is an ODBC 2 program: the driver manager gives it the state of that time.
    equal("[S0002][irislink]" in text, program == "isql")


@both
def help_lists_tables_and_columns(program):
    rows(program, f"create table {program}_help (Nr integer, Label varchar(10))")
    equal(any(f"|SQLUser|{program}_help|TABLE|" in line for line in rows(program, "help")), True)
    equal([line.split("|")[3] for line in rows(program, f"help {program}_help")], ["Nr", "Label"])


@both
def transactions(program):
    rows(program, f"create table {program}_t (n integer, x integer)")
    rows(
        program,
        "start transaction",
        f"insert into {program}_t values (1, 1)",
        "rollback",
        "start transaction",
        f"insert into {program}_t values (2, 2)",
        "commit",
    )
    equal(rows(program, f"select n, x from {program}_t"), ["2|2"])


@case
def a_length_is_written_in_eight_bytes():
    done = subprocess.run([sys.argv[1], "box"], capture_output=True, text=True, timeout=60)
    equal((done.stdout.strip(), done.returncode), ("sizeof(SQLLEN) == 8", 0))


print("# version:", subprocess.run(["isql", "--version"], capture_output=True, text=True).stdout.strip())
sys.exit(run())
