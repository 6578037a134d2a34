"""A whole file made beside the one it is to become, and put there in one step."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from contextlib import suppress
from glob import escape
from pathlib import Path
from types import TracebackType
from typing import Self

ENDING = ".tmp"
ABANDONED = 3600
"""Seconds after which nobody is still writing a file of ours, where the file system cannot say so: far less than one
is enough."""
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
"""What file systems without hard links answer."""


def at_home(path: str | os.PathLike[str]) -> Path:
    """Return a path with `~` or `~name` at its start put in full; where no such home is known it stays as it is."""
    return Path(os.path.expanduser(path))  # noqa: PTH111  # pathlib takes `./~` for a home, and fails without one


class WholeFile:
    """A file that is whole and on the disk, but not in its place yet.

    It has no name where the file system has nameless files, so that a kill leaves nothing behind; else, and for the
    moment of replacing, a hidden one beside the target. Whoever holds such a name holds a lock as well: what is not
    locked was left by a process that was killed, and the next one that writes there removes it.

    Used as a context manager; at its end what has not been put in place is gone.

    Args:
        target: the file that it is to become.
        data: what it holds.
        mode: its permissions; None: those of any new file.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """

    def __init__(self, target: Path, data: bytes, mode: int | None = None) -> None:
        self.target = target
        self._start = f".{target.name[:40]}."
        self._hidden: Path | None = None
        _sweep(target.parent, self._start)
        descriptor = _nameless(target.parent)
        self._descriptor = self._named() if descriptor is None else descriptor
        try:
            _lock(self._descriptor, wait=True)
            _fill(self._descriptor, data, mode)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take back what was not put in place."""
        if self._hidden is not None:
            self._hidden.unlink(missing_ok=True)
        os.close(self._descriptor)

    def put(self, *, replace: bool) -> None:
        """Give the file its name.

        Raises:
            FileExistsError: something has that name, and `replace` is false.
            OSError: the folder cannot be written to.
        """
        if not replace:
            self._name_anew()
        else:
            if self._hidden is None:
                hidden = self._hidden_name()
                self._hidden = hidden
                _give_name(self._descriptor, hidden)
            self._hidden.replace(self.target)
        _flush_folder(self.target.parent)

    def _name_anew(self) -> None:
        """Take the name by a link, which refuses a file that appeared meanwhile; a rename would replace it."""
        if self._hidden is None:
            _give_name(self._descriptor, self.target)
            return
        try:
            os.link(self._hidden, self.target)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            if self.target.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from error
            self._hidden.rename(self.target)

    def _hidden_name(self) -> Path:
        return self.target.parent / f"{self._start}{os.urandom(6).hex()}{ENDING}"

    def _named(self) -> int:
        """Open a hidden file and lock it before anybody else takes it for one that was left."""
        while True:
            self._hidden = self._hidden_name()
            descriptor = os.open(self._hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            _lock(descriptor, wait=True)
            if os.fstat(descriptor).st_nlink:
                return descriptor
            os.close(descriptor)


def _give_name(descriptor: int, name: Path) -> None:
    # Only with a folder's descriptor does Python ask the system to follow the link under /proc to the file itself.
    folder = os.open("/", os.O_RDONLY)
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


def _lock(descriptor: int, *, wait: bool) -> bool | None:
    """Lock an open file; return whether that is done, or None where files cannot be locked."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _fill(descriptor: int, data: bytes, mode: int | None) -> None:
    if mode is not None:
        os.fchmod(descriptor, mode)
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.fsync(descriptor)


def _flush_folder(folder: Path) -> None:
    # The file is there already: a folder that may be written to but not read, or not flushed, is no reason to refuse.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _sweep(folder: Path, start: str) -> None:
    """Remove hidden files whose writer was killed: it would have renamed or removed them."""
    with suppress(OSError):
        for path in folder.glob(f"{escape(start)}*{ENDING}"):
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                free = _lock(descriptor, wait=False)
                if free is None:
                    free = time.time() - os.fstat(descriptor).st_mtime > ABANDONED
                if free:
                    path.unlink()
            finally:
                os.close(descriptor)
