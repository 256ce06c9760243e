#!/usr/bin/env python3
"""Asks for the password, and for the one-time code only when the server wants one.

samples/python/two_factor.py iris://demo@localhost/USER
"""

import sys
from getpass import getpass

import irislink


def code():
    # Called in the middle of connect(), when the password was right and the account has a second factor.
    return getpass("One-time code: ")


def main(target):
    with irislink.connect(target, password=getpass("Password: "), two_factor=code) as db:
        for (user,) in db.execute("select $USERNAME"):
            print(f"{user} is logged in")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        main(sys.argv[1])
    except irislink.Error as failed:
        sys.exit(f"{failed.text}: {failed.hint}" if failed.hint else failed.text)
    except (KeyboardInterrupt, EOFError):
        sys.exit("nobody is logged in")
