"""What a scan found, remembered until anything that it was made of changes: then a scan costs the walk alone.

What it was made of is what git's index goes by: the size, the inode and the times of every file that a scan may read,
beside their names, the markers, and this package itself. Ignore files are read anew by every walk.
"""

from __future__ import annotations

import errno
import marshal
import os
import time
from importlib.util import source_hash
from typing import TYPE_CHECKING, Any, NamedTuple

from advisor.codebase.cache import entry_for, keep, look_up
from advisor.codebase.model import Evidence, Fact, Finding, FrameworkUse, Move, Part, Scan, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from advisor.codebase.walk import Tree

RACY = 2_000_000_000
"""Nanoseconds: a file that changed so shortly before it was read may change again without its times telling."""

PASSING = {
    os.strerror(number).lower()
    for number in (errno.EAGAIN, errno.EINTR, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOENT, errno.ENOMEM,
                   errno.ESTALE)
}  # fmt: skip
"""Why a file was not read that may be read the next time, though nothing of it changes."""

STABLE = 2
"""The format of marshal that writes equal values as equal bytes: later ones tell who else holds a value."""


class Made(NamedTuple):
    """What a scan is made of."""

    entry: str  #: the file that remembers scans of this folder
    digest: bytes
    settled: bool  #: none of the files was just changed


def made_of(tree: Tree, markers: bytes) -> Made | None:
    """Return what a scan of a tree is made of; None when nothing is to be kept, or a file vanished meanwhile.

    Args:
        tree: the folder, just walked.
        markers: the hash of the markers file.
    """
    entry = entry_for("scan", tree.root)
    if entry is None:
        return None
    began = time.time_ns()
    newest = 0
    told: list[object] = [markers, os.geteuid(), sorted(tree.packages), [tuple(one) for one in tree.skipped]]
    try:
        told.append(_program())
        listed: list[Sequence[tuple[str, int]]] = [tree.python, tree.manifests]
        listed += [[(path, 0) for path in paths] for paths in (tree.hosting, tree.pages, tree.scripts)]
        for files in listed:
            told.append(len(files))
            for path, place in files:
                of = os.lstat(f"{tree.root}/{path}")
                newest = max(newest, of.st_ctime_ns)
                told += (path, place, of.st_ino, of.st_size, of.st_mtime_ns, of.st_ctime_ns)
    except OSError:
        return None
    return Made(entry, source_hash(marshal.dumps(told, STABLE)), newest < began - RACY)


def _program() -> list[tuple[str, int, int]]:
    """Return what tells one edition of this package from another."""
    with os.scandir(os.path.dirname(__file__)) as found:
        stats = [(entry.name, entry.stat()) for entry in found if entry.name.endswith(".py")]
    return sorted((name, of.st_size, of.st_mtime_ns) for name, of in stats)


def recall(made: Made) -> Scan | None:
    """Return the scan that was made of the same, or None."""
    plain = look_up(made.entry, made.digest)
    try:
        return None if plain is None else _scan(plain)
    except (TypeError, ValueError):  # something else wrote the entry
        return None


def remember(made: Made, scan: Scan) -> None:
    """Keep a scan, unless something of it could be different the next time."""
    if made.settled and not any(skipped.why in PASSING for skipped in scan.skipped):
        keep(made.entry, made.digest, _plain(scan))


def _plain(value: Any) -> Any:
    """Return a record as plain tuples and dicts."""
    if isinstance(value, tuple):
        return tuple([_plain(part) for part in value])
    if hasattr(value, "items"):
        return {key: _plain(part) for key, part in value.items()}
    return value


def _evidence(plain: Iterable[Any]) -> tuple[Evidence, ...]:
    return tuple([Evidence(*one) for one in plain])


def _use(plain: Any) -> FrameworkUse:
    framework, name, role, routes, evidence, alternative = plain
    return FrameworkUse(framework, name, role, routes, _evidence(evidence), alternative)


def _fact(plain: Any) -> Fact:
    present, count, evidence, kinds = plain
    return Fact(present, count, _evidence(evidence), kinds)


def _move(plain: Any) -> Move:
    rewritten, sentences, parts = plain
    return Move(rewritten, sentences, tuple([Part(path, n, what, _evidence(at)) for path, n, what, at in parts]))


def _scan(plain: Any) -> Scan:
    root, primary, frameworks, facts, versions, files, lines, answers, skipped, move = plain
    return Scan(
        root,
        primary and _use(primary),
        tuple(map(_use, frameworks)),
        {name: _fact(fact) for name, fact in facts.items()},
        versions,
        files,
        lines,
        {need: Finding(*found) for need, found in answers.items()},
        tuple([Skipped(*one) for one in skipped]),
        _move(move),
    )
