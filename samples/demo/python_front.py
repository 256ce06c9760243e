"""The Python module as one of the demonstration's fronts: requests and answers are lines of JSON."""

import datetime
import decimal
import json
import sys

import irislink


def say(**what):
    print(json.dumps(what), flush=True)


def hear():
    line = sys.stdin.readline()
    if not line:
        sys.exit(0)
    return json.loads(line)


def code():
    """The one-time code, as whoever started this says it."""
    say(code=True)
    return hear()["code"]


def shown(value):
    """As the other fronts show it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, decimal.Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    return str(value)


def main():
    connections = {}
    while True:
        request = hear()
        try:
            if "open" in request:
                db = irislink.connect(request["open"], two_factor=code if request["asks"] else None)
                connections[request["session"]] = db
                say(rows=[])
            elif "ask" in request:
                cursor = connections[request["session"]].execute(request["ask"])
                say(rows=[", ".join(map(shown, row)) for row in cursor])
            else:
                connections.pop(request["close"]).close()
                say(rows=[])
        except irislink.Error as failed:
            words = f"{failed.text} ({failed.hint})" if failed.hint else failed.text
            say(failed=[failed.sqlstate, words, failed.step])


main()
