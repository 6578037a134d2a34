"""Finding and reading rules files. Nothing here parses, so that a cached model costs no more than its bytes."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path
from typing import cast

from advisor.errors import AdvisorError, did_you_mean
from advisor.knowledge.defects import Defect, RulesError

DEFAULT = "web-frameworks"
VARIABLE = "ADVISOR_RULES"
EXAMPLES = "examples.yaml"
EXAMPLES_FOLDER = "examples"
NO_RULES = (EXAMPLES, "markers.yaml")
"""What lies beside the shipped rules without being rules."""
MAX_BYTES = 8 * 1024 * 1024
"""The largest file that is read. The shipped rules take a hundredth of it."""


def rules_directory() -> Path:
    """Return the folder of the shipped rules: inside the package in a wheel, beside it in a checkout.

    Raises:
        AdvisorError: neither is there; the installation is damaged.
    """
    package = Path(__file__).absolute().parent.parent
    for folder in (package / "rules", package.parent / "rules"):
        if (folder / f"{DEFAULT}.yaml").is_file():
            return folder
    raise AdvisorError("the shipped rules are missing", "install framework-advisor again")


def shipped_names() -> list[str]:
    """Return the names by which shipped rules can be asked for."""
    return sorted(path.stem for path in rules_directory().glob("*.yaml") if path.name not in NO_RULES)


def is_name(given: str) -> bool:
    """Tell a name of shipped rules ("web-frameworks") from a path ("./mine.yaml")."""
    return not ("/" in given or os.sep in given or "." in given)


def rules_path(given: str | os.PathLike[str] | None = None) -> Path:
    """Return the path of the rules to use.

    Args:
        given: a path, the name of shipped rules, or None: what ADVISOR_RULES says, or else the default.

    Raises:
        AdvisorError: no shipped rules of that name.
    """
    wanted = os.fspath(given) if given is not None else os.environ.get(VARIABLE) or DEFAULT
    if not is_name(wanted):
        return Path(wanted)
    for path in (rules_directory() / f"{wanted}.yaml", Path(wanted)):
        if path.exists():
            return path
    names = shipped_names()
    raise AdvisorError(
        f'there are no shipped rules named "{wanted}"', f"{did_you_mean(wanted, names)} (a path works as well)"
    )


def read_file(path: Path, shown: str | None = None) -> bytes:
    """Return the bytes of a regular file of at most MAX_BYTES; never waits on a pipe or a device.

    Args:
        path: what to open.
        shown: how to name it in messages; the path itself by default.

    Raises:
        RulesError: it is missing, unreadable, no regular file or too large.
    """
    try:
        # A FIFO without a writer would block an ordinary open.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        try:
            content, complaint = _read(handle)
        finally:
            os.close(handle)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        content, complaint = b"", f"cannot be read: {reason}"
    if complaint:
        raise RulesError([Defect(shown or str(path), 0, 0, (), complaint)])
    return content


def open_input(path: str | os.PathLike[str]) -> int:
    """Open a file of data, or a pipe, without waiting for somebody to write to it.

    A pipe that somebody writes to is read to its end as usual; one that nobody has opened is at its end already.

    Returns:
        A handle that the caller closes.

    Raises:
        OSError: it is missing, unreadable, or a folder.
        ValueError: it is no path at all.
    """
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        # A terminal has somebody behind it; another device (/dev/kmsg) may have nothing more to say for ever.
        os.set_blocking(handle, not stat.S_ISCHR(mode) or os.isatty(handle))
    except BaseException:
        os.close(handle)
        raise
    return handle


def read_input(path: str | os.PathLike[str], most: int) -> bytes:
    """Return the bytes of a file or a pipe, and no more of them than `most`. Errors are those of `open_input`.

    Raises:
        OSError: also when it is a pipe or a device that nothing came through.
    """
    with os.fdopen(open_input(path), "rb") as file:
        content = cast("bytes | None", file.read(most))
        if content is None:
            raise BlockingIOError(errno.EAGAIN, "this device has nothing to say")
        if not content and stat.S_ISFIFO(os.fstat(file.fileno()).st_mode):
            raise BrokenPipeError(errno.EPIPE, "nobody writes to this pipe")
    return content


def stdin_bytes(most: int) -> bytes:
    """Return what stdin has, and no more of it than `most`.

    Raises:
        OSError: it is closed, or cannot be read.
    """
    if sys.stdin is None:
        raise OSError(errno.EBADF, "it is closed")
    return sys.stdin.buffer.read(most)


def _read(handle: int) -> tuple[bytes, str]:
    mode = os.fstat(handle).st_mode
    if stat.S_ISDIR(mode):
        return b"", "is a directory, expected a file"
    if not stat.S_ISREG(mode):
        return b"", "is a pipe or a device, expected a file"
    chunks: list[bytes] = []
    room = MAX_BYTES + 1
    while room and (chunk := os.read(handle, room)):
        chunks.append(chunk)
        room -= len(chunk)
    if not room:
        return b"", f"is larger than {MAX_BYTES // 1024 // 1024} MiB, the most that is read"
    return b"".join(chunks), ""
