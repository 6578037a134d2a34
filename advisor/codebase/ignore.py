"""`.gitignore` files, without git: which paths a project keeps out of its own history."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 1 << 20
#: More rules, or longer ones, than anybody writes would take longer to get ready than the code base takes to read.
MOST_RULES = 2000
LONGEST_PATTERN = 1000


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
    lines: list[tuple[str, bool, bool]] = []
    plain = True
    for raw in text.splitlines():
        line = _without_trailing_spaces(raw)
        if not line or line.startswith("#"):
            continue
        keep = line.startswith("!")
        body = line[1:] if keep or line.startswith("\\") else line
        folders_only = body.endswith("/")
        body = body.rstrip("/")
        if not body or len(body) > LONGEST_PATTERN:
            continue
        plain = plain and not (keep or folders_only or "/" in body or _SPECIAL.search(body))
        lines.append((body, keep, folders_only))
    names = frozenset(body for body, _, _ in lines) if plain else frozenset()
    rules = () if plain else tuple(_compiled(lines[:MOST_RULES]))
    return IgnoreFile(base, rules, names, plain, way) if rules or names else None


_SPECIAL = re.compile(r"[*?\[\\]")


def _compiled(lines: list[tuple[str, bool, bool]]) -> Iterator[Rule]:
    for body, keep, folders_only in lines:
        try:
            expression = re.compile(_expression(body), re.DOTALL)
        except re.error:
            continue
        yield Rule(expression, keep, folders_only)


def _without_trailing_spaces(line: str) -> str:
    stripped = line.rstrip()
    return stripped + " " if stripped.endswith("\\") and stripped != line else stripped


def _expression(pattern: str) -> str:
    """Translate one pattern into a regular expression for a path below the ignore file's folder.

    What stands between two stars is taken where it comes first and never sought again: any later place leaves less
    for what follows, and trying them all would take longer than anybody lives.
    """
    groups: list[list[str]] = [[]] if "/" in pattern else [[], []]
    names = pattern.lstrip("/").split("/")
    below = names[-1] == "**" and len(names) > 1
    for name in names[:-1] if below else names:
        if name == "**" and "/" in pattern:
            groups.append([])
        else:
            groups[-1].append(_name(name))
    first, *others = ("/".join(group) for number, group in enumerate(groups) if group or not number)
    end = "/.*" if below else ""
    if not others:
        return (f"{first}{end}" if groups[-1] else f"{first}/.*" if first else ".*") + r"\Z"
    between = "".join(f"(?>(?:[^/]*/)*?{group}/)" for group in others[:-1])
    return (f"{first}/" if first else "") + f"{between}(?:.*/)?{others[-1]}{end}\\Z"


def _name(pattern: str) -> str:
    """Translate the pattern of one name."""
    parts = [""]
    at = 0
    while at < len(pattern):
        if pattern[at] == "*":
            parts.append("")
            at += 1
        elif pattern[at] == "?":
            parts[-1] += "[^/]"
            at += 1
        elif pattern[at] == "[":
            parts[-1], at = _character_class(pattern, at, parts[-1])
        else:
            if pattern[at] == "\\" and at + 1 < len(pattern):
                at += 1
            parts[-1] += re.escape(pattern[at])
            at += 1
    if len(parts) == 1:
        return parts[0]
    return parts[0] + "".join(f"(?>[^/]*?{part})" for part in parts[1:-1] if part) + f"[^/]*{parts[-1]}"


def _character_class(pattern: str, at: int, out: str) -> tuple[str, int]:
    end = pattern.find("]", at + 2)
    if end < 0:
        return out + r"\[", at + 1
    inside = re.sub(r"[\\\[&~|]|-{2,}", lambda found: "".join(f"\\{sign}" for sign in found[0]), pattern[at + 1 : end])
    if inside.startswith("!"):
        inside = "^" + inside[1:]
    return f"{out}(?!/)[{inside}]", end + 1
