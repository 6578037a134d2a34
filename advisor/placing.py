"""A whole file beside the one it is to replace, so that a rename puts it there in one step."""

from __future__ import annotations

import errno
import os
import time
from contextlib import suppress
from glob import escape
from pathlib import Path

ENDING = ".tmp"
ABANDONED = 3600
"""Seconds after which nobody is still writing a file of ours: it takes far less than one."""


def at_home(path: str | os.PathLike[str]) -> Path:
    """Return a path with `~` or `~name` at its start put in full; where no such home is known it stays as it is."""
    return Path(os.path.expanduser(path))  # noqa: PTH111  # pathlib's own way ends in an error there


def complete_beside(target: Path, data: bytes, mode: int | None = None) -> Path:
    """Write a hidden file beside the target, for the caller to rename, and return its path.

    What a process that was killed at it left behind is removed.

    Args:
        target: the file that it is to become.
        data: what it holds; every byte is on the disk in the end.
        mode: its permissions; None: those of any new file.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    start = f".{target.name[:40]}."
    _sweep(target.parent, start)
    name = target.parent / f"{start}{os.urandom(6).hex()}{ENDING}"
    nameless = _nameless(target.parent)
    if nameless is not None:
        with os.fdopen(nameless, "wb", buffering=0) as file:
            _fill(file.fileno(), data, mode)
            _give_name(file.fileno(), name)
        return name
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            _fill(file.fileno(), data, mode)
    except BaseException:
        name.unlink(missing_ok=True)
        raise
    return name


def _give_name(descriptor: int, name: Path) -> None:
    # Only with a folder's descriptor does Python ask the system to follow the link under /proc to the file itself.
    folder = os.open(name.parent, os.O_RDONLY)
    try:
        os.link(f"/proc/self/fd/{descriptor}", name, src_dir_fd=folder, follow_symlinks=True)
    finally:
        os.close(folder)


def _nameless(folder: Path) -> int | None:
    """Open a file that has no name until it is linked, so that a kill leaves nothing; None where there is no such."""
    flag = getattr(os, "O_TMPFILE", 0)
    if not flag or not Path("/proc/self/fd").is_dir():
        return None
    try:
        return os.open(folder, flag | os.O_WRONLY, 0o666)
    except OSError as error:
        if error.errno in {errno.EOPNOTSUPP, errno.EISDIR, errno.ENOENT, errno.EINVAL}:
            return None
        raise


def _fill(descriptor: int, data: bytes, mode: int | None) -> None:
    if mode is not None:
        os.fchmod(descriptor, mode)
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.fsync(descriptor)


def _sweep(folder: Path, start: str) -> None:
    """Remove files of ours that somebody was killed at: their writer would have renamed or removed them."""
    with suppress(OSError):
        for path in folder.glob(f"{escape(start)}*{ENDING}"):
            if time.time() - path.lstat().st_mtime > ABANDONED:
                path.unlink()
