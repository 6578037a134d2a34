"""`.gitignore` files, without git: which paths a project keeps out of its own history."""

from __future__ import annotations

import re
from typing import NamedTuple

MOST_BYTES = 1 << 20
#: More rules, or longer ones, than anybody writes would take longer to get ready than the code base takes to read.
MOST_RULES = 2000
LONGEST_PATTERN = 1000


class Rule(NamedTuple):
    """One line of an ignore file: what a name or a path has to be, to end in, or to match."""

    how: int  #: NAME, ENDING, PATH or EXPRESSION
    text: str
    expression: re.Pattern[str] | None
    keep: bool  #: the line began with "!"
    folders_only: bool

    def matches(self, below: str, name: str, *, folder: bool) -> bool:
        """Say whether a file or folder is meant."""
        if self.folders_only and not folder:
            return False
        if self.expression:
            return self.expression.match(below) is not None
        if self.how == ENDING:
            return name.endswith(self.text)
        return self.text == (name if self.how == NAME else below)


#: Most lines are a plain name, an ending or a plain path: an expression for each takes longer than a small tree.
NAME, ENDING, PATH, EXPRESSION = range(4)


class IgnoreFile(NamedTuple):
    """The rules of one ignore file, for paths below the folder that holds it."""

    base: str  #: folder, relative to the root and ending in "/", or "" for the root
    rules: tuple[Rule, ...]  #: the last line first, which has the last word
    # Where no line says "!", the order of the lines says nothing, and most of them stand here instead.
    names: frozenset[str] = frozenset()  #: plain names that are ignored wherever they are
    folders: frozenset[str] = frozenset()  #: the same for folders only
    endings: tuple[str, ...] = ()  #: endings of names that are ignored
    way: str = ""  #: for a file above the root: the way from its folder to the root, ending in "/"

    def says(self, path: str, name: str, *, folder: bool) -> bool | None:
        """Return True for ignored, False for kept against an earlier rule, None for silent."""
        if name in self.names or name.endswith(self.endings) or (folder and name in self.folders):
            return True
        below = self.way + path[len(self.base) :]
        for rule in self.rules:
            if rule.matches(below, name, folder=folder):
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
    costly = 0
    for raw in text.splitlines():
        line = _without_trailing_spaces(raw)
        if not line or line.startswith("#"):
            continue
        keep = line.startswith("!")
        body = line[1:] if keep or line.startswith("\\") else line
        pattern = body.rstrip("/")
        if not pattern or len(pattern) > LONGEST_PATTERN:
            continue
        costly += not _is_plain(pattern)
        rule = _rule(pattern, keep=keep, folders_only=pattern != body) if costly <= MOST_RULES else None
        if rule:
            rules.append(rule)
    if any(rule.keep for rule in rules):
        return IgnoreFile(base, tuple(reversed(rules[:MOST_RULES])), way=way)
    names: dict[bool, set[str]] = {False: set(), True: set()}
    endings = []
    others = []
    for rule in rules:
        if rule.how == NAME:
            names[rule.folders_only].add(rule.text)
        elif rule.how == ENDING and not rule.folders_only:
            endings.append(rule.text)
        else:
            others.append(rule)
    if not rules:
        return None
    return IgnoreFile(base, tuple(others), frozenset(names[False]), frozenset(names[True]), tuple(endings), way)


_SPECIAL = re.compile(r"[*?\[\\]")


def _is_plain(pattern: str) -> bool:
    return "/" not in pattern and not _SPECIAL.search(pattern)


def _rule(pattern: str, *, keep: bool, folders_only: bool) -> Rule | None:
    if _is_plain(pattern):
        return Rule(NAME, pattern, None, keep, folders_only)
    if not _SPECIAL.search(pattern):
        return Rule(PATH, pattern.lstrip("/"), None, keep, folders_only)
    if "/" not in pattern and pattern[0] == "*" and not _SPECIAL.search(pattern, 1):
        return Rule(ENDING, pattern[1:], None, keep, folders_only)
    try:
        expression = re.compile(_expression(pattern), re.DOTALL)
    except re.error:
        return None
    return Rule(EXPRESSION, "", expression, keep, folders_only)


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
