"""What a scan need not do twice, kept beside the user's other caches: the markers as plain data, and whole scans.

An entry is one file, in the format of compiled modules: the hash of what it was made from and of its own bytes, then
the data. Anything that does not fit is a miss, and writing may fail without anybody noticing anything but the time.
Paths are plain text here, because importing pathlib takes longer than reading the entry.
"""

from __future__ import annotations

import marshal
import os
import sys
from contextlib import suppress
from importlib.util import source_hash
from typing import TYPE_CHECKING, Any

from advisor.codebase.walk import read_bounded

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST = 1 << 24
"""Bytes of an entry; a pipe or a device in its place is not waited for."""

MOST_ENTRIES = 200
"""Of one kind, beyond which the oldest are forgotten: a person works on fewer code bases than this."""

ENDING = ".data"


def shipped_markers() -> str:
    """Return the path of the markers file that is shipped."""
    package = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    inside = f"{package}/rules/markers.yaml"
    return inside if os.path.exists(inside) else f"{os.path.dirname(package)}/rules/markers.yaml"


def yaml_data(path: str) -> tuple[Any, bytes]:
    """Return what a YAML file says, and the hash of its bytes.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not YAML, with the place in the message.
    """
    with open(path, "rb") as file:
        source = file.read()
    digest = source_hash(source)
    entry = entry_for("markers", path)
    data = look_up(entry, digest)
    if data is None:
        data = _parse(source)
        keep(entry, digest, data)
    return data, digest


def _parse(source: bytes) -> Any:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(source, Loader=loader)  # noqa: S506  # either is a safe loader
    except yaml.YAMLError as problem:
        raise ValueError(str(problem)) from problem


def entry_for(kind: str, path: str) -> str | None:
    """Return the file that keeps what was made of a path; None where nothing is to be kept."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    # The base directory specification: a path that is not absolute is to be ignored.
    base = home if home.startswith("/") else os.path.expanduser("~/.cache")  # a missing home is no error
    if not base.startswith("/") or os.environ.get("ADVISOR_NO_CACHE"):
        return None
    name = f"{sys.implementation.cache_tag} {os.path.realpath(path)}"
    return f"{base}/framework-advisor/{kind}-{source_hash(os.fsencode(name)).hex()}{ENDING}"


def look_up(entry: str | None, made_of: bytes) -> Any:
    """Return what an entry keeps, or None: there is none, or it was made of something else."""
    if entry is None:
        return None
    try:
        head, _, body = read_bounded(entry, LARGEST).partition(b"\n")
        return marshal.loads(body) if head == _head(made_of, body) else None  # noqa: S302  # our own words, unchanged
    except (OSError, EOFError, ValueError, TypeError):
        return None


def _head(made_of: bytes, body: bytes) -> bytes:
    return f"{made_of.hex()} {source_hash(body).hex()}".encode()


def keep(entry: str | None, made_of: bytes, data: Any) -> None:
    """Write an entry, whole or not at all."""
    if entry is None:
        return
    try:
        body = marshal.dumps(data)
    except ValueError:
        return  # a date or another value that the format does not have: such a file is parsed every time
    beside = f"{entry}.new"  # one name for all: of what was killed here, the next leaves nothing
    folder = os.path.dirname(entry)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        with open(beside, "wb", opener=_without_waiting) as file:
            file.write(_head(made_of, body) + b"\n" + body)
        os.replace(beside, entry)
    except OSError:
        with suppress(OSError):
            os.unlink(beside)
        return
    for old in _too_many(folder, os.path.basename(entry).partition("-")[0]):
        with suppress(OSError):
            os.unlink(old)


def _without_waiting(path: str, flags: int) -> int:
    """Open a file for writing; the other end of a pipe in its place is not waited for."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOFOLLOW, 0o600)


def _too_many(folder: str, kind: str) -> Iterator[str]:
    """Yield the oldest entries of a kind, of which there are too many."""
    names = [name for name in os.listdir(folder) if name.startswith(f"{kind}-") and name.endswith(ENDING)]
    if len(names) > MOST_ENTRIES:
        dated = []
        for name in names:
            with suppress(OSError):
                dated.append((os.lstat(f"{folder}/{name}").st_mtime_ns, f"{folder}/{name}"))
        yield from (path for _, path in sorted(dated)[:-MOST_ENTRIES])
