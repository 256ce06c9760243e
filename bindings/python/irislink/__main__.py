"""``python -m irislink doctor TARGET``: walks a connection and says at the first failure what is wrong and what to do.

Exit status: 0 connected, 1 not, 2 wrong usage or settings. Never prints a secret; a password that is missing is asked
for on a terminal."""

import argparse
import getpass
import sys
import time

import irislink
from irislink._target import make_settings


def doctor(target, keywords):
    settings = make_settings((target,), dict(keywords))
    print("Settings")
    for keyword, (value, origin) in settings.shown().items():
        if origin != "default":
            print(f"  {keyword} = {value}   ({origin})")
    for warning in settings.warnings():
        print(f"  warning {warning}")
    began = time.monotonic()
    with irislink.connect(target, **keywords) as db:
        print(f"Connected in {(time.monotonic() - began) * 1000:.0f} ms")
        for name, value in db.info.items():
            if value not in ("", 0):
                print(f"  {name}: {value}")
        began = time.monotonic()
        db.ping()
        print(f"  round trip: {(time.monotonic() - began) * 1000:.1f} ms")


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m irislink", description=f"irislink {irislink.__version__}: the database module for InterSystems IRIS.")
    commands = parser.add_subparsers(dest="command", required=True)
    walk = commands.add_parser("doctor", help="walk a connection step by step and say what is wrong")
    walk.add_argument("target", help="iris:// URI, KEYWORD=value;... or the name of a data source")
    walk.add_argument("--set", action="append", default=[], metavar="KEYWORD=VALUE", help="beats everything else; may be repeated")
    given = parser.parse_args(arguments)
    keywords = {}
    for each in given.set:
        keyword, equals, value = each.partition("=")
        if not equals:
            parser.error("--set needs KEYWORD=VALUE")
        keywords[keyword.replace(" ", "_")] = value
    try:
        shown = make_settings((given.target,), dict(keywords)).shown()
        known = {keyword for keyword, (_, origin) in shown.items() if origin != "default"}
        if "UID" in known and not known & {"PWD", "AccessToken", "AccessTokenFile"} and sys.stdin.isatty():
            keywords["password"] = getpass.getpass()
        if sys.stdin.isatty() and not known & {"TwoFactorToken", "TwoFactorCommand"}:
            keywords["two_factor"] = lambda: getpass.getpass("One-time code: ")
        doctor(given.target, keywords)
    except irislink.Error as failed:
        print(f"Failed at {failed.step}: [{failed.sqlstate}] {failed.text}")
        if failed.hint:
            print(f"  what to do: {failed.hint}")
        return 2 if failed.step == "settings" else 1
    except TypeError as failed:
        print(failed, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
