"""For programs that run in the virtual environments of the vendor's client."""


def error_of(work):
    try:
        work()
        return "no error"
    except Exception as failed:  # noqa: BLE001 - the client's error classes differ between versions
        return str(failed)
