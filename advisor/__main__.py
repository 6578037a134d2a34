"""`python -m advisor` and the console script."""

# An interrupt while Python imports shows a traceback unless somebody has taken it over: that comes before all else, by
# the built-in half of `signal`, whose other half takes ten times as long to import.
import os
import sys
from _signal import (
    SIG_DFL,
    SIGINT,
    SIGTERM,
    default_int_handler,
    getsignal,
    signal,
)


def stop(number: int, _frame: object) -> None:
    """End at once, whatever Python is in the middle of: an exception is lost, and shown, where it lets none through.

    `advisor.cli.endings.unwound_when_stopped` is for work that has something to take back.
    """
    try:
        if sys.stderr is not None:  # else its number may be that of any file by now
            os.write(2, b"\ninterrupted\n" if number == SIGINT else b"\nterminated\n")
    finally:
        os._exit(128 + number)


for number, left_alone in ((SIGINT, default_int_handler), (SIGTERM, SIG_DFL)):
    if getsignal(number) == left_alone:  # who starts us may have them ignored, as `nohup` and a shell's `&` do
        signal(number, stop)


def main() -> None:
    """Run the command line and exit with its code."""
    if sys.argv[1:2] == ["scan"]:
        from advisor.cli import scanning
        from advisor.cli.endings import ended

        request = scanning.plainly_asked(sys.argv[1:])
        if request is not None:
            leave(ended(lambda: scanning.show(request)))
    from advisor.cli.app import run

    sys.exit(run(sys.argv[1:]))


def leave(code: int) -> None:
    """Exit at once: the system takes back all that a scan has gathered sooner than Python gives it back one by one."""
    from contextlib import suppress

    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # closed, or not there at all
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
