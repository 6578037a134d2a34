"""Put a report on disk: whole or not at all, and never over something else unasked."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

from advisor.errors import AdvisorError
from advisor.placing import WholeFile

_MENDS = {
    errno.ENOSPC: "free some space, or choose another place",
    errno.EDQUOT: "free some space, or choose another place",
    errno.EACCES: "choose a folder that you may write to",
    errno.EPERM: "choose a folder that you may write to",
    errno.EROFS: "choose a folder that you may write to",
    errno.ENAMETOOLONG: "choose a shorter name",
}


def write_output(path: Path | str, text: str, *, force: bool = False) -> None:
    """Write a report to a file, atomically.

    The text goes to a file beside the target that has no name until it is whole and on the disk, and takes the
    target's name in one step: a reader sees the old file or the new one, and a crash or a full disk leaves no part
    behind. A replaced file keeps its permissions; a symbolic link stays, and the file it names is replaced.

    Args:
        path: where to.
        text: what; written as UTF-8 with the line ends it has.
        force: whether a file that exists may be replaced.

    Raises:
        AdvisorError: the target exists and `force` is false, is no regular file, or cannot be written.
    """
    target = Path(path)
    data = text.encode("utf-8", "replace")
    try:
        target = target.resolve()
        mode = _replaceable(target, shown=str(path), force=force)
        with WholeFile(target, data, mode) as whole:
            whole.put(replace=force)
    except FileExistsError as error:
        raise _exists(str(path)) from error
    except OSError as error:
        raise AdvisorError(f"{path}: {error.strerror or error}", _MENDS.get(error.errno or 0)) from error
    except (ValueError, RuntimeError) as error:  # a null character; a loop of symbolic links
        raise AdvisorError(f"{str(path)!r}: not a path that can be written ({error})") from error


def refuse_unwritable(path: Path | str, *, force: bool = False) -> None:
    """Refuse a target that `write_output` would refuse, before anything is written.

    Raises:
        AdvisorError: as `write_output`, as far as it can be told beforehand.
    """
    try:
        _replaceable(Path(path).resolve(), shown=str(path), force=force)
    except OSError as error:
        raise AdvisorError(f"{path}: {error.strerror or error}", _MENDS.get(error.errno or 0)) from error
    except (ValueError, RuntimeError) as error:  # a null character; a loop of symbolic links
        raise AdvisorError(f"{str(path)!r}: not a path that can be written ({error})") from error


def _exists(shown: str) -> AdvisorError:
    return AdvisorError(f"{shown}: exists already", "add --force to replace it, or choose another name")


def _replaceable(target: Path, *, shown: str, force: bool) -> int | None:
    """Return the permissions of a file to be replaced, or None when there is none."""
    try:
        found = target.stat()
    except FileNotFoundError:
        if not target.parent.is_dir():
            raise AdvisorError(
                f"{shown}: the folder {Path(shown).parent} does not exist", "make it first, or choose another place"
            ) from None
        return None
    if stat.S_ISDIR(found.st_mode):
        raise AdvisorError(f"{shown}: is a directory", "name a file in it")
    if not stat.S_ISREG(found.st_mode):
        raise AdvisorError(f"{shown}: is not a regular file", "leave out --output to write to standard output")
    if not force:
        raise _exists(shown)
    return stat.S_IMODE(found.st_mode)
