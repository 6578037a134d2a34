"""The checked model kept beside the user's other caches, so that a second run parses and checks nothing.

An entry is one file: a line that says what it was made from, and the model as plain JSON lists. It is used only when
the bytes of every input are the same as then, and when its own checksum holds; anything else is a miss. Writing may
fail for any reason (a full disk, a read-only home) without anybody noticing anything but the time.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from importlib.util import source_hash
from pathlib import Path
from typing import Any, NamedTuple

from advisor import __version__
from advisor.knowledge.defects import RulesError
from advisor.knowledge.files import read_file, read_input
from advisor.knowledge.model import (
    Alternative,
    Caveat,
    Choice,
    Condition,
    Criterion,
    Example,
    Gap,
    Group,
    Legacy,
    LegacyRule,
    Level,
    Need,
    Rating,
    Remedy,
    Requirement,
    Rules,
    Split,
    Weight,
)

FORMAT = 1
"""To be raised whenever the model changes its shape."""


LARGEST = 1 << 26
"""Bytes of an entry; a pipe or a device in its place is not waited for."""


WRITE_SAFELY = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
"""Not through a link into another file, and without waiting for a reader at the other end of a pipe."""


class Entry(NamedTuple):
    """What a cache file says."""

    inputs: tuple[str, ...]  #: paths whose bytes went in
    rules: Rules


def folder() -> Path:
    """Return the folder of the cache, which need not exist.

    Raises:
        RuntimeError: nothing is to be kept, or there is no absolute path for it: no home folder is known.
    """
    if os.environ.get("ADVISOR_NO_CACHE"):
        raise RuntimeError("nothing is to be kept")
    home = os.environ.get("XDG_CACHE_HOME", "")
    # The base directory specification: a path that is not absolute is to be ignored.
    base = Path(home) if home.startswith("/") else Path("~/.cache").expanduser()
    if not base.is_absolute():
        raise RuntimeError("there is no home folder to keep a cache in")
    return base / "framework-advisor"


def path_for(rules_path: Path) -> Path:
    """Return the cache file for one rules file, one Python and one version of this program."""
    name = f"{FORMAT} {__version__} {sys.implementation.cache_tag} {rules_path.absolute()}"
    return folder() / f"{source_hash(os.fsencode(name)).hex()}.json"


def look_up(rules_path: Path) -> Rules | None:
    """Return the model of a rules file if the cache has it for exactly these bytes."""
    try:
        head, _, body = read_input(path_for(rules_path), LARGEST).partition(b"\n")
        stated = json.loads(head)
        inputs = stated["inputs"]
        if stated["format"] != FORMAT or stated["rules"] != str(rules_path) or stated["sum"] != checksum(inputs, body):
            return None
        if inputs and stated["key"] == key(inputs):
            return from_plain(json.loads(body))
    except (OSError, ValueError, LookupError, TypeError, RuntimeError):
        # No entry, or one that something else wrote: either way it says nothing.
        return None
    return None


def keep(rules_path: Path, inputs: Sequence[tuple[str, bytes | None]], rules: Rules) -> None:
    """Write an entry, whole or not at all.

    Args:
        rules_path: the rules file, as it was named.
        inputs: every file that went in, with the bytes that were read; None for one that is not there.
        rules: the model made of them.
    """
    body = to_text(rules)
    names = [name for name, _ in inputs]
    head = {
        "format": FORMAT,
        "rules": str(rules_path),
        "inputs": names,
        "key": _key(content for _, content in inputs),
        "sum": checksum(names, body),
    }
    try:
        target = path_for(rules_path)
    except (OSError, RuntimeError):
        return
    # One name for all: of a process that was killed here, the next leaves nothing. What two of them write at once into
    # one file does not meet its checksum, and is written anew.
    beside = target.with_name(f"{target.name}.new")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(beside, WRITE_SAFELY, 0o600), "wb") as file:
            file.write(json.dumps(head).encode() + b"\n" + body)
        beside.replace(target)
    except OSError:
        _discard(beside)


def _discard(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        # The folder cannot be written to, so that nothing was left there either.
        return


def checksum(inputs: Sequence[str], body: bytes) -> str:
    """Return the checksum of an entry: its body and the names of its inputs.

    Without the names, a spoiled name of an optional file that was not there would go unseen: it is not there either.
    """
    return source_hash(json.dumps(inputs).encode() + b"\n" + body).hex()


def key(inputs: Sequence[str]) -> str:
    """Return the key of the inputs as they are now."""
    return _key(_content(Path(name)) for name in inputs)


def _content(path: Path) -> bytes | None:
    try:
        return read_file(path)
    except RulesError:
        return None


def _key(contents: Iterable[bytes | None]) -> str:
    return " ".join("-" if content is None else source_hash(content).hex() for content in contents)


def to_text(rules: Rules) -> bytes:
    """Return a model as JSON: nested lists instead of records, which JSON does not know; mappings stay mappings."""
    return json.dumps(rules, ensure_ascii=False, separators=(",", ":"), default=dict).encode()


def from_plain(plain: Any) -> Rules:
    """Return the records that `to_text` took apart.

    Raises:
        ValueError, TypeError, LookupError: it is no model of this shape.
    """
    name, version, title, subject, digest, home, *plain = plain
    return Rules(
        name,
        version,
        title,
        subject,
        digest,
        home,
        tuple(
            Alternative(name, shown, summary, homepage, tuple(events))
            for name, shown, summary, homepage, events in plain[0]
        ),
        tuple(map(Group._make, plain[1])),
        tuple(map(_criterion, plain[2])),
        tuple(map(_need, plain[3])),
        tuple(map(Remedy._make, plain[4])),
        tuple(map(_caveat, plain[5])),
        _legacy(plain[6]),
        tuple(map(_split, plain[7])),
        tuple(map(_example, plain[8])),
        tuple(map(Gap._make, plain[9])),
    )


def _condition(plain: Any) -> Condition:
    return tuple((need, tuple(choices)) for need, choices in plain)


def _criterion(plain: Any) -> Criterion:
    name, title, kind, scale, group, table, meaning, ratings = plain
    levels = tuple(Level(level, tuple(words)) for level, words in scale)
    rated = {alternative: Rating._make(fields) for alternative, fields in ratings.items()}
    return Criterion(name, title, kind, levels, group, table, meaning, rated)


def _need(plain: Any) -> Need:
    name, title, question, guidance, terms, kind, ordered, core, applies_when, choices = plain
    gate = _condition(applies_when)
    return Need(name, title, question, guidance, terms, kind, ordered, core, gate, tuple(map(_choice, choices)))


def _choice(plain: Any) -> Choice:
    name, label, choose_if, weights, requirements = plain
    return Choice(name, label, choose_if, tuple(map(_weight, weights)), tuple(map(_requirement, requirements)))


def _weight(plain: Any) -> Weight:
    criterion, weight, fit, when, unless = plain
    return Weight(criterion, weight, fit, _condition(when), _condition(unless))


def _requirement(plain: Any) -> Requirement:
    criterion, at_least, with_remedies, because, when, unless = plain
    return Requirement(criterion, at_least, with_remedies, because, _condition(when), _condition(unless))


def _caveat(plain: Any) -> Caveat:
    name, text, alternatives, when, unless, *rest = plain
    return Caveat(name, text, tuple(alternatives), _condition(when), _condition(unless), *rest)


def _legacy(plain: Any) -> Legacy | None:
    if plain is None:
        return None
    need, current, rules = plain
    lines = tuple(LegacyRule(advice, pick, _condition(when), *rest) for advice, pick, when, *rest in rules)
    return Legacy(need, current, lines)


def _split(plain: Any) -> Split:
    name, parts, when, unless, *rest = plain
    return Split(name, tuple((part, owner) for part, owner in parts), _condition(when), _condition(unless), *rest)


def _example(plain: Any) -> Example:
    alternative, topic, title, shows, path, files, run, try_lines, criteria, versions = plain
    lines = tuple((command, output) for command, output in try_lines)
    return Example(alternative, topic, title, shows, path, tuple(files), run, lines, tuple(criteria), versions)
