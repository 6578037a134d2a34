"""A YAML file as plain data, kept as JSON beside the user's other caches: parsing YAML takes longer than a small scan.

An entry is one file: the hash of the bytes it was made from and of its own, then the data. Anything that does not fit
is a miss, and writing may fail without anybody noticing anything but the time.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from importlib.util import source_hash
from pathlib import Path
from typing import Any


def yaml_data(path: Path) -> Any:
    """Return what a YAML file says.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not YAML, with the place in the message.
    """
    source = path.read_bytes()
    entry = _entry(path)
    known = _look_up(entry, source)
    if known is not None:
        return known
    data = _parse(source)
    if entry is not None:
        _keep(entry, source, data)
    return data


def _parse(source: bytes) -> Any:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(source, Loader=loader)  # noqa: S506  # either is a safe loader
    except yaml.YAMLError as problem:
        raise ValueError(str(problem)) from problem


def _entry(path: Path) -> Path | None:
    home = os.environ.get("XDG_CACHE_HOME", "")
    # The base directory specification: a path that is not absolute is to be ignored.
    base = home if home.startswith("/") else os.path.expanduser("~/.cache")  # noqa: PTH111  # a missing home is no error
    if not base.startswith("/"):
        return None
    return Path(base, "framework-advisor", f"markers-{source_hash(os.fsencode(path.absolute())).hex()}.json")


def _look_up(entry: Path | None, source: bytes) -> Any:
    if entry is None:
        return None
    try:
        head, _, body = entry.read_bytes().partition(b"\n")
        return json.loads(body) if head == _head(source, body) else None
    except (OSError, ValueError):
        return None


def _head(source: bytes, body: bytes) -> bytes:
    return f"{source_hash(source).hex()} {source_hash(body).hex()}".encode()


def _keep(entry: Path, source: bytes, data: Any) -> None:
    try:
        body = json.dumps(data, separators=(",", ":")).encode()
    except TypeError:
        return  # a date or another value that JSON does not have: such a file is parsed every time
    beside = entry.with_name(f"{entry.name}.{os.getpid()}")
    try:
        entry.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.write_bytes(_head(source, body) + b"\n" + body)
        beside.replace(entry)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
