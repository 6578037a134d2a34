"""How a command line can end, as exit codes and as one message on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from advisor.cli.output import ReaderLeftError, printable, silence, tell
from advisor.errors import AdvisorError

INTERRUPTED = 130
BAD_INPUT = 2
OUR_BUG = 3


def ended(work: Callable[[], object]) -> int:
    """Do the work of a command line and return its exit code; the only handler of errors."""
    try:
        code = work()
    except AdvisorError as error:
        return refuse(error.message, error.hint)
    except KeyboardInterrupt:
        tell("\ninterrupted")
        return INTERRUPTED
    except ReaderLeftError:
        silence(sys.stdout)
        return 0
    except Exception as error:  # the last line of defence: a bug is told, not dumped
        return system_error(error) or bug(error)
    return code if isinstance(code, int) else 0


@contextmanager
def unwound_when_stopped() -> Iterator[None]:
    """Let SIGTERM end the work inside as an error would, so that what is half written is taken back.

    Elsewhere it ends the process by itself: an exception could come where Python lets none through.
    """
    import signal

    def stopped(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, stopped)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def refuse(message: str, hint: str | None = None) -> int:
    """Tell what is wrong with the input and what to do."""
    tell(f"error: {printable(message)}")
    if hint:
        tell(f"hint:  {printable(hint)}")
    return BAD_INPUT


def system_error(error: Exception) -> int | None:
    """Tell what the system refused (a name that is too long, a folder that is gone); None for any other error."""
    if not isinstance(error, OSError):
        return None
    where = f"{error.filename}: " if isinstance(error.filename, str) else ""
    return refuse(f"{where}{error.strerror or error}")


def bug(error: Exception) -> int:
    """Tell about a mistake of ours, with what to paste into a report."""
    import platform
    import traceback

    from advisor import __version__

    where = [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)[-4:]
    ]
    tell(f"advisor made a mistake: {type(error).__name__}: {printable(str(error))}")
    tell("This is our bug. Please report it with these lines:")
    tell(f"  advisor {__version__}, Python {platform.python_version()}, {platform.system()}")
    for line in where:
        tell(f"  {line}")
    return OUR_BUG
