"""A YAML file as plain data, kept beside the user's other caches: parsing YAML takes longer than a small scan.

An entry is one file, in the format of compiled modules: the hash of the bytes it was made from and of its own, then
the data. Anything that does not fit is a miss, and writing may fail without anybody noticing anything but the time.
Paths are plain text here, because importing pathlib takes longer than reading the entry.
"""

from __future__ import annotations

import marshal
import os
import sys
from contextlib import suppress
from importlib.util import source_hash
from typing import Any

from advisor.codebase.walk import read_bounded

LARGEST = 1 << 24
"""Bytes of an entry; a pipe or a device in its place is not waited for."""


def yaml_data(path: str) -> Any:
    """Return what a YAML file says.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not YAML, with the place in the message.
    """
    source = _content(path)
    entry = _entry(path)
    known = _look_up(entry, source)
    if known is not None:
        return known
    data = _parse(source)
    if entry is not None:
        _keep(entry, source, data)
    return data


def _content(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _parse(source: bytes) -> Any:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(source, Loader=loader)  # noqa: S506  # either is a safe loader
    except yaml.YAMLError as problem:
        raise ValueError(str(problem)) from problem


def _entry(path: str) -> str | None:
    home = os.environ.get("XDG_CACHE_HOME", "")
    # The base directory specification: a path that is not absolute is to be ignored.
    base = home if home.startswith("/") else os.path.expanduser("~/.cache")  # a missing home is no error
    if not base.startswith("/"):
        return None
    name = f"{sys.implementation.cache_tag} {os.path.abspath(path)}"
    return f"{base}/framework-advisor/markers-{source_hash(os.fsencode(name)).hex()}.data"


def _look_up(entry: str | None, source: bytes) -> Any:
    if entry is None:
        return None
    try:
        head, _, body = read_bounded(entry, LARGEST).partition(b"\n")
        return marshal.loads(body) if head == _head(source, body) else None  # noqa: S302  # our own words, unchanged
    except (OSError, EOFError, ValueError, TypeError):
        return None


def _head(source: bytes, body: bytes) -> bytes:
    return f"{source_hash(source).hex()} {source_hash(body).hex()}".encode()


def _keep(entry: str, source: bytes, data: Any) -> None:
    try:
        body = marshal.dumps(data)
    except ValueError:
        return  # a date or another value that the format does not have: such a file is parsed every time
    beside = f"{entry}.new"  # one name for all: of what was killed here, the next leaves nothing
    try:
        os.makedirs(os.path.dirname(entry), mode=0o700, exist_ok=True)
        with open(beside, "wb") as file:
            file.write(_head(source, body) + b"\n" + body)
        os.replace(beside, entry)
    except OSError:
        with suppress(OSError):
            os.unlink(beside)
