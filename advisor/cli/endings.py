"""How a command line can end, as exit codes and as one message on stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from advisor.cli.output import ReaderLeftError, printable, silence, tell
from advisor.errors import AdvisorError

INTERRUPTED = 130
BAD_INPUT = 2
OUR_BUG = 3
LONGEST_LINE = 2000
"""Signs of a message; a path may be half of it."""


def ended(work: Callable[[], object]) -> int:
    """Do the work of a command line and return its exit code; the only handler of errors."""
    wait_for_streams()
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
    """Let SIGINT and SIGTERM end the work inside as an error would, so that what is half done is taken back.

    Elsewhere they end the process at once: an exception could come where Python lets none through. Who ignores them
    goes on ignoring them.
    """
    import _signal as signal  # its other half would be loaded for names alone, by every scan

    def stopped(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    ways = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: stopped}
    before = {number: signal.getsignal(number) for number in ways}
    taken = [number for number in ways if before[number] != signal.SIG_IGN]
    try:
        for number in taken:
            signal.signal(number, ways[number])
        yield
    finally:
        for number in taken:
            signal.signal(number, before[number])


def wait_for_streams() -> None:
    """Let reading and writing wait for the other side.

    A stream may come from a program that does not wait (Node, ssh): what is not there yet would be taken for the end,
    and what does not fit into a pipe would be lost.
    """
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # closed, not there at all, or no file
            os.set_blocking(stream.fileno(), True)


def refuse(message: str, hint: str | None = None) -> int:
    """Tell what is wrong with the input and what to do; what was given is not told back in full, however long it is."""
    tell(f"error: {printable(clipped(message))}")
    if hint:
        tell(f"hint:  {printable(clipped(hint))}")
    return BAD_INPUT


def clipped(text: str) -> str:
    """Return text with lines that nobody would read to their end cut short."""
    return "\n".join(line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…" for line in text.split("\n"))


def system_error(error: Exception) -> int | None:
    """Tell what the system refused (a name that is too long, a folder that is gone, memory); None for another error."""
    if isinstance(error, MemoryError):
        return refuse("there is not enough memory for this", "raise the limit (ulimit -v), or give it less to do")
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
