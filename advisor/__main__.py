"""`python -m advisor` and the console script."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its code; an interrupt during start-up is no traceback either."""
    try:
        if sys.argv[1:2] == ["scan"]:
            from advisor.cli import scanning
            from advisor.cli.endings import ended

            request = scanning.plainly_asked(sys.argv[1:])
            if request is not None:
                leave(ended(lambda: scanning.show(request)))
        from advisor.cli.app import run

        sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)


def leave(code: int) -> None:
    """Exit at once: the system takes back all that a scan has gathered sooner than Python gives it back one by one."""
    import os
    from contextlib import suppress

    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # closed, or not there at all
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
