"""`.gitignore` files, without git: which paths a project keeps out of its own history."""

from __future__ import annotations

import re
from typing import NamedTuple

MOST_BYTES = 1 << 20


class Rule(NamedTuple):
    """One line of an ignore file."""

    pattern: re.Pattern[str]
    keep: bool  #: the line began with "!"
    folders_only: bool


class IgnoreFile(NamedTuple):
    """The rules of one ignore file, for paths below the folder that holds it."""

    base: str  #: folder, relative to the root and ending in "/", or "" for the root
    rules: tuple[Rule, ...]
    names: frozenset[str]  #: plain names that are ignored wherever they are, when no line says "!"
    plain: bool  #: every line is a plain name: `names` is all there is
    way: str = ""  #: for a file above the root: the way from its folder to the root, ending in "/"

    def says(self, path: str, name: str, *, folder: bool) -> bool | None:
        """Return True for ignored, False for kept against an earlier rule, None for silent."""
        if self.plain:
            return True if name in self.names else None
        below = self.way + path[len(self.base) :]
        for rule in reversed(self.rules):
            if (folder or not rule.folders_only) and rule.pattern.match(below):
                return not rule.keep
        return None


def parse_ignore(text: str, base: str, way: str = "") -> IgnoreFile | None:
    """Read the text of an ignore file; None when it holds no rule.

    Args:
        text: what stands in it.
        base: the folder it lies in, relative to the root and ending in "/", or "" for the root and what is above.
        way: the way from a folder above the root down to the root, ending in "/".
    """
    rules: list[Rule] = []
    names: set[str] = set()
    plain = True
    for raw in text.splitlines():
        line = _without_trailing_spaces(raw)
        if not line or line.startswith("#"):
            continue
        keep = line.startswith("!")
        body = line[1:] if keep or line.startswith("\\") else line
        folders_only = body.endswith("/")
        body = body.rstrip("/")
        if not body:
            continue
        if keep or folders_only or "/" in body or re.search(r"[*?\[\\]", body):
            plain = False
        else:
            names.add(body)
        try:
            rules.append(Rule(re.compile(_expression(body)), keep, folders_only))
        except re.error:
            continue
    return IgnoreFile(base, tuple(rules), frozenset(names), plain, way) if rules else None


def _without_trailing_spaces(line: str) -> str:
    stripped = line.rstrip()
    return stripped + " " if stripped.endswith("\\") and stripped != line else stripped


def _expression(pattern: str) -> str:
    """Translate one pattern into a regular expression for a path below the ignore file's folder."""
    anchored = "/" in pattern
    pattern = pattern.lstrip("/")
    out = "" if anchored else "(?:.*/)?"
    at = 0
    while at < len(pattern):
        if pattern.startswith("**/", at):
            out += "(?:.*/)?"
            at += 3
        elif pattern.startswith("/**", at) and at + 3 == len(pattern):
            out += "/.*"
            at += 3
        elif pattern[at] == "*":
            out += "[^/]*"
            at += 1
        elif pattern[at] == "?":
            out += "[^/]"
            at += 1
        elif pattern[at] == "[":
            out, at = _character_class(pattern, at, out)
        else:
            if pattern[at] == "\\" and at + 1 < len(pattern):
                at += 1
            out += re.escape(pattern[at])
            at += 1
    return out + r"\Z"


def _character_class(pattern: str, at: int, out: str) -> tuple[str, int]:
    end = pattern.find("]", at + 2)
    if end < 0:
        return out + r"\[", at + 1
    inside = re.sub(r"[\\\[&~|]|-{2,}", lambda found: "".join(f"\\{sign}" for sign in found[0]), pattern[at + 1 : end])
    if inside.startswith("!"):
        inside = "^" + inside[1:]
    return f"{out}[{inside}]", end + 1
