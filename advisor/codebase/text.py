"""The text of a Python file: what of it is code, where brackets close, what stands around a position.

Positions are bytes from the beginning of the file. Strings and comments are told from code by their own grammar alone,
so that a file of any version of the language can be looked at.
"""

from __future__ import annotations

import re
from bisect import bisect_left

DOT, COLON, BACKSLASH, LINE_FEED, SPACE = b".:\\\n "
WORD = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
WORD_OR_DOT = WORD | {DOT}
_LINE_TEXT = rb"#[^\n]*+|\"[^\"\\\n]*+(?:\\.[^\"\\\n]*+)*+\"|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'|[\"'][^\n]*+"

# Everything up to a string of many lines, in one step: a step for every short string would cost more than the rest.
_LONG_TEXT = re.compile(
    rb"((?:[^\"'#]++|#[^\n]*+|\"(?!\"\")[^\"\\\n]*+(?:\\.[^\"\\\n]*+)*+\"|'(?!'')[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'"
    rb"|(?!\"\"\"|''')[\"'])*+)"
    rb"(\"\"\"[^\"\\]*+(?:(?:\\.|\"(?!\"\"))[^\"\\]*+)*+(?:\"\"\"|\Z)"
    rb"|'''[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+(?:'''|\Z))",
    re.DOTALL,
)
_CODE = re.compile(rb"(?:[^\"'#\n]++|\"[^\"\\\n]*+(?:\\.[^\"\\\n]*+)*+\"|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+')*+")
FUNCTION = re.compile(rb"\n([ \t]*)(async[ \t]+)?def[ \t]+(\w+)[ \t]*\(")
_BLANK = bytes(LINE_FEED if sign == LINE_FEED else SPACE for sign in range(256))

#: What stands further above than this many lines is not what something stands in.
MOST_LINES_BACK = 100

#: Of a class, as far as a word is looked for in it.
LONGEST_BODY = 1 << 16
#: Most classes are shorter, and end before a word would be found in another one.
SHORT_BODY = 1 << 11
_DEDENTS: dict[int, re.Pattern[bytes]] = {}

#: Python itself refuses brackets that are nested deeper.
DEEPEST = 200
_OPENING, _CLOSING = frozenset((b"(", b"[", b"{")), frozenset((b")", b"]", b"}"))
_PARENTHESES = re.compile(_LINE_TEXT + rb"|[()\[\]{}]")
SHORT = 3
_SHORT: dict[bytes, re.Pattern[bytes]] = {}
_SIGNS = re.compile(_LINE_TEXT + rb"|[()\[\]{},]")
_NO_CONTENT = re.compile(rb"(?:#[^\n]*+|\s)*+")


def lines_with(code: bytes, word: bytes) -> list[int]:
    """Return the line feed before each place of a word."""
    lines = []
    at = code.find(word)
    while at >= 0:
        lines.append(code.rfind(b"\n", 0, at))
        at = code.find(word, at + len(word))
    return lines


def is_first(code: bytes, at: int) -> bool:
    """Say whether nothing but space stands before a position on its line."""
    before = code[code.rfind(b"\n", 0, at) + 1 : at]
    return not before or not before.strip(b" \t")


def without_long_texts(data: bytes) -> bytes:
    """Blank out the strings of many lines, keeping every length and line end."""
    if b"'''" in data:
        return _without_any_long_texts(data)
    at = data.find(b'"""')
    if at < 0:
        return data
    parts: list[bytes] = []
    done = 0
    # Where nothing but code stands before each string on its line, strings begin and end in turn; else ask the grammar.
    while at >= 0:
        before = data[data.rfind(b"\n", done, at) + 1 : at]
        end = data.find(b'"""', at + 3)
        if end < 0 or b"#" in before or b"'" in before or b'"' in before or data[end - 1] == BACKSLASH:
            return _without_any_long_texts(data)
        parts += (data[done:at], data[at : end + 3].translate(_BLANK))
        done = end + 3
        at = data.find(b'"""', done)
    parts.append(data[done:])
    return b"".join(parts)


def _without_any_long_texts(data: bytes) -> bytes:
    parts: list[bytes] = []
    at = 0
    # One match after the other, each from where the last one ended: searching would start again at every sign.
    while found := _LONG_TEXT.match(data, at):
        parts += (found.group(1), found.group(2).translate(_BLANK))
        at = found.end()
    parts.append(data[at:])
    return b"".join(parts)


def in_text(code: bytes, at: int) -> bool:
    """Say whether a position lies in a string or a comment of its line."""
    start = code.rfind(b"\n", 0, at) + 1
    clean = _CODE.match(code, start, at)
    return clean is not None and clean.end() < at


def body_with(word: bytes, code: bytes, start: int, indent: int) -> bytes:
    """Return the text below a header up to the next line that is indented no deeper, or nothing without the word."""
    dedent = _dedent(indent)
    at = code.find(word, start, start + SHORT_BODY)
    if at < 0:
        if dedent.search(code, start, start + SHORT_BODY):
            return b""
        at = code.find(word, start, start + LONGEST_BODY)
    if at < 0:
        return b""
    if dedent.search(code, start, at):
        return b""
    end = dedent.search(code, max(code.rfind(b"\n", start, at), start))
    return code[start : end.start() if end else len(code)]


def _dedent(indent: int) -> re.Pattern[bytes]:
    """Return what finds the next line that is indented no deeper."""
    below = _DEDENTS.get(indent)
    if below is None:
        below = _DEDENTS[indent] = re.compile(rb"\n[ \t]{0,%d}(?=[^\s)\]}#])" % indent)
    return below


def closing(code: bytes, at: int, most: int | None = None) -> int:
    """Return the position of the bracket that closes the one at `at`, or where that is given up.

    Args:
        code: the file.
        at: position of the opening bracket.
        most: how many bytes behind it that is given up at the latest; none for the end of the file.
    """
    depth = 0
    end = len(code) if most is None else min(at + most, len(code))
    for found in _PARENTHESES.finditer(code, at, end):
        sign = found.group()
        if sign in _OPENING:
            depth += 1
            if depth > DEEPEST:
                return found.start()
        elif sign in _CLOSING:
            depth -= 1
            if depth <= 0:
                return found.start()
    return end


def occurrences(code: bytes, name: bytes) -> list[int]:
    """Return where a name stands as a whole word that is no attribute of another."""
    if len(name) < SHORT:  # "_" stands in every other word
        ends = _SHORT.get(name)
        if ends is None:
            ends = _SHORT[name] = re.compile(re.escape(name) + rb"(?!\w)")
        return [at for one in ends.finditer(code) if code[(at := one.start()) - 1] not in WORD_OR_DOT]
    found: list[int] = []
    size, length = len(code), len(name)
    at = code.find(name)
    while at >= 0:
        end = at + length
        if code[at - 1] not in WORD_OR_DOT and (end == size or code[end] not in WORD):
            found.append(at)
        at = code.find(name, end)
    return found


def inner_signs(code: bytes, bracket: int, end: int, sign: bytes) -> list[int]:
    """Return where a sign stands inside a bracket, deeper ones left out; strings and comments are no signs."""
    depth = 0
    places = []
    for found in _SIGNS.finditer(code, bracket, end):
        here = found.group()
        if depth == 1 and here == sign:
            places.append(found.start())
        if here in _OPENING:
            depth += 1
        elif here in _CLOSING:
            depth -= 1
    return places


def is_single(code: bytes, bracket: int) -> bool:
    """Say whether a call is given one argument."""
    end = closing(code, bracket)
    commas = inner_signs(code, bracket, end, b",")
    return not commas or (len(commas) == 1 and not code[commas[0] + 1 : end].strip())


class Below:
    """The next function or class of a file below a position, which many decorators can have in common."""

    def __init__(self, code: bytes) -> None:
        self.code = code
        self.last: tuple[int, re.Match[bytes] | None] | None = None  # where one was looked for last, and it

    def header(self, at: int) -> re.Match[bytes] | None:
        """Return its header: a group for `async`, which a coroutine has, and one for the name."""
        known = self.last
        if known is None or known[0] > at or (known[1] is not None and known[1].start() < at):
            known = self.last = (at, _DEFINITION.search(self.code, at))
        return known[1]


_DEFINITION = re.compile(rb"\n[ \t]*(?:(async[ \t]+)?def|class)[ \t]+(\w+)")


class Functions:
    """The functions of a file, found once, to tell which of them a position stands in."""

    def __init__(self, code: bytes) -> None:
        self.code = code
        found = (FUNCTION.match(code, start) for start in dict.fromkeys(lines_with(code, b"def ")) if start >= 0)
        self.headers = [header for header in found if header]
        self.starts = [header.start() for header in self.headers]
        self.ends: dict[int, int] = {}  # by where each begins, once asked for
        self.less: list[int] = []  # of each, the last one above that is indented less, or -1
        for number, header in enumerate(self.headers):
            above, indent = number - 1, len(header.group(1))
            while above >= 0 and len(self.headers[above].group(1)) >= indent:
                above = self.less[above]
            self.less.append(above)

    def around(self, at: int) -> re.Match[bytes] | None:
        """Return the header of the innermost function around a position, its own line left out."""
        indent = indent_at(self.code, at)
        number = bisect_left(self.starts, at) - 1
        while number >= 0 and (len(self.headers[number].group(1)) >= indent or self.end(self.headers[number]) < at):
            number = self.less[number]
        return self.headers[number] if number >= 0 else None

    def end(self, header: re.Match[bytes]) -> int:
        """Return where the next line that is indented no deeper than a function begins."""
        end = self.ends.get(header.start())
        if end is None:
            below = _dedent(len(header.group(1))).search(self.code, header.end())
            end = self.ends[header.start()] = below.start() if below else len(self.code)
        return end


def indent_at(code: bytes, at: int) -> int:
    """Return by how many signs the line of a position is indented, as far as the position."""
    start = code.rfind(b"\n", 0, at) + 1
    line = code[start:at]
    return len(line) - len(line.lstrip(b" \t"))


def elements(code: bytes, bracket: int) -> list[int]:
    """Return where the elements of a list, a tuple or a dict begin."""
    end = closing(code, bracket)
    starts = [bracket, *inner_signs(code, bracket, end, b",")]
    found = [space.end() for start in starts if (space := _NO_CONTENT.match(code, start + 1, end))]
    return [at for at in found if at < end]


def line_above(code: bytes, at: int) -> bytes:
    """Return the line above a position, without its indentation."""
    start = code.rfind(b"\n", 0, at)
    return code[code.rfind(b"\n", 0, max(start, 0)) + 1 : max(start, 0)].strip()
