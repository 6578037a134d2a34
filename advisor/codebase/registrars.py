"""Functions of the project's own that register routes: each use of one is a route, not the one call inside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from advisor.codebase.text import WORD, Functions, closing

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What passes a path on is short: further above than this many lines, a name is another one.
MOST_LINES = 60
LONGEST_LINE = 300
LONGEST_BODY = MOST_LINES * 100

#: Of what a function takes, or is given, as far as it is looked at.
LONGEST_ARGUMENTS = 2000

#: A function in a function in a function: a decorator that is given arguments.
MOST_AROUND = 3

#: Who can use a function: every file, files through an object, or nothing outside of the function that it stands in.
PUBLIC, METHOD, LOCAL = "public", "method", "local"

_WORD = re.compile(rb"[A-Za-z_]\w*(?![\w]|[ \t]*=(?!=))")
_NAME = re.compile(rb"[A-Za-z_]\w*")
_PARAMETER = re.compile(rb"(?:^|,)\s*\*{0,2}([A-Za-z_]\w*)")
_TEXT = re.compile(
    rb"([A-Za-z]{0,2})(?:\"([^\"\\\n]*+(?:\\.[^\"\\\n]*+)*+)\"|'([^'\\\n]*+(?:\\.[^'\\\n]*+)*+)'|[\"'][^\n]*+)"
)


class Registrar(NamedTuple):
    """A function, or a class, that stands between a route and the framework."""

    name: bytes
    kind: str  #: PUBLIC, METHOD, LOCAL


#: What is registered stands in a table that this file does not hold.
TABLE_ELSEWHERE = Registrar(b"", PUBLIC)


def goes_through_table(code: bytes, at: int, bracket: int) -> bool:
    """Say whether a registration stands in a loop, and is given nothing but what the loop goes through."""
    end = closing(code, bracket, LONGEST_ARGUMENTS)
    if has_text(code[bracket + 1 : end]):
        return False
    above = code[max(0, at - LONGEST_LOOP) : at].split(b"\n")[-1 - LINES_OF_A_LOOP : -1]
    return any(map(_is_loop, above)) or _FOR_EACH.match(code, end + 1) is not None


def _is_loop(line: bytes) -> bool:
    header = line.strip(b" \t")
    return line[:1] in b" \t" and header.startswith(b"for ") and b" in " in header and b":" in header


#: A loop that registers says little else before it does.
LINES_OF_A_LOOP = 4
LONGEST_LOOP = 600
_FOR_EACH = re.compile(rb"\s*for\b[^\n,]++,[^\n]+\bin\b")


def tables_of_routes(code: bytes) -> list[int]:
    """Return where pairs of a path and what answers it stand, in files that hold several of them."""
    starts = {at for opening in (b'"/', b"'/") for at in _brackets_before(code, opening)}
    found = [at for at in sorted(starts) if code[at - 1] not in WORD and _PAIR.match(code, at)]
    return found if len(found) > 1 else []


_PAIR = re.compile(rb"\(\s*[\"']/[^\"'\n]*[\"']\s*,\s*(?:\w+\.)*[A-Z]\w*\s*[(,)]")


def _brackets_before(code: bytes, words: bytes) -> Iterator[int]:
    """Yield the brackets that nothing but space stands between and the words."""
    at = code.find(words)
    while at >= 0:
        before = code[max(0, at - WIDEST) : at].rstrip()
        if before.endswith(b"("):
            yield max(0, at - WIDEST) + len(before) - 1
        at = code.find(words, at + 1)


#: Of the space between a bracket and what it opens with.
WIDEST = 100


def registrars_around(functions: Functions, at: int, bracket: int) -> list[Registrar]:
    """Return the functions around a registration that are given what they register, the innermost one first.

    Args:
        functions: those of the file, whose strings of many lines are blank.
        at: position of the call.
        bracket: position of its opening bracket.
    """
    code = functions.code
    if code[at - 1 : at] == b"\n":
        return []
    arguments = code[bracket + 1 : closing(code, bracket, LONGEST_ARGUMENTS)]
    if has_text(arguments):
        return []
    names = {*_WORD.findall(arguments)}
    found = []
    here = at
    function = functions.around(here)
    for _ in range(MOST_AROUND):
        if function is None:
            break
        end = closing(code, function.end() - 1, LONGEST_ARGUMENTS)
        parameters = _PARAMETER.findall(code[function.end() : end])
        _passed_on(names, code[max(end, here - LONGEST_BODY) : here])
        here = function.start(3)
        outer = functions.around(here)
        if names & {*parameters} - _ITSELF:
            found.append(Registrar(function.group(3), _kind(parameters, outer)))
        function = outer
    return found


def _kind(parameters: list[bytes], outer: re.Match[bytes] | None) -> str:
    if parameters and parameters[0] in _ITSELF:
        return METHOD
    return LOCAL if outer else PUBLIC


_ITSELF = frozenset((b"self", b"cls"))


def has_text(arguments: bytes) -> bool:
    """Say whether a plain text, that is no word in capitals as methods are, is among what a call is given."""
    return any(not text.isupper() for text in _texts(arguments))


def has_path(arguments: bytes) -> bool:
    """Say whether a text that can be nothing but a path is among what a call is given."""
    return any(text.startswith((b"/", b"^", b"<")) for text in _texts(arguments))


def _texts(arguments: bytes) -> Iterator[bytes]:
    """Yield the texts that nothing is put into, and that are no keys of something else."""
    for text in _TEXT.finditer(arguments):
        if arguments.endswith((b"[", b"get("), 0, text.start()):
            continue
        said = text.group(2) if text.group(3) is None else text.group(3)
        if said is None:  # it does not end on its line
            continue
        if b"{" not in said or b"f" not in text.group(1).lower():
            yield said


def _passed_on(names: set[bytes], body: bytes) -> None:
    """Add to the names those that they were made of on the lines above."""
    for line in reversed(body.split(b"\n")[-MOST_LINES:]):
        made = line[:LONGEST_LINE].lstrip(b" \t")
        if made.startswith(b"for "):
            targets = made.partition(b" in ")[0]
        else:
            targets, equals, value = made.partition(b"=")
            if not equals or value.startswith(b"=") or b"(" in targets:
                continue
        if names & {*_NAME.findall(targets)}:
            names.update(_NAME.findall(made))
