"""Spoil a text or a list of words: bytes, tokens and lines are changed, repeated, swapped and left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

TOKEN = re.compile(rb"[A-Za-z_][\w-]*|\d+|\s+|[^\w\s]")

NASTY = (
    b"\x00", b"\x1b[2J", b"\x1b]0;x\x07", "\u202e".encode(), "\u2028".encode(), "\u0085".encode(), b"\xff", b"\xc3",
    b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r", b"\t", b"''", b'"', b"\\ud800", b"\\u0000", b"\\u001b", b'"\\e[2J"',
    b"&a", b"*a", b"<<: *a", b"!!python/object/apply:os.system [id]", b"!!int", b"!x", b"---\n", b"...\n",
    b"%YAML 9.9\n",
    b"{", b"}", b"[", b"]", b"[]", b"{}", b": ", b"- ", b"? ", b"|\n", b">-\n", b"# ", b",", b"null", b"~", b"true",
    b"no", b"-1", b"0", b"1e999", b"NaN", b"-Infinity", b"9" * 25, b"9" * 5000, b"1.5", b"0x7f", b"1_000",
    b"2026-11-22",
    b"x" * 3000, "ﷺ".encode() * 40, "👩‍🚀".encode(), b"[" * 40, b"[" * 5000, b"{\"a\":" * 3000, b"- " * 3000,
    b"{current}", b"{0}",
    b"{x.__class__}", b"%s", b"../../etc/passwd", b"/dev/zero", b"<script>alert(1)</script>", b"[/bold]",
    b"[red]", b"`|*_",
)  # fmt: skip


def spoiled(random: Random, seed: bytes, others: Sequence[bytes], *, most: int = 4) -> bytes:
    """Return a seed after one change or a few; `others` lend pieces."""
    data = seed
    for _ in range(random.randint(1, most)):
        data = random.choice(CHANGES)(random, data, others)
    return data[:200_000]


def spoiled_words(random: Random, seed: Sequence[str], words: Sequence[str]) -> list[str]:
    """Return arguments after one change or a few: some left out, repeated, swapped, spoiled or made up."""
    arguments = list(seed)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(arguments) + 1)
        kind = random.randrange(5)
        if kind == 0 and arguments:
            del arguments[at - 1]
        elif kind == 1:
            arguments.insert(at, random.choice(words))
        elif kind == 2 and arguments:
            arguments.insert(at, random.choice(arguments))
        elif kind == 3 and arguments:
            arguments[at - 1] = random.choice(words)
        elif arguments:
            raw = spoiled(random, arguments[at - 1].encode("utf-8", "surrogateescape"), (), most=1)
            arguments[at - 1] = raw.decode("utf-8", "surrogateescape").replace("\x00", "")
    return arguments


def _span(random: Random, data: bytes, longest: int) -> tuple[int, int]:
    start = random.randrange(len(data) + 1)
    return start, min(len(data), start + random.randint(1, longest))


def _flip(random: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    if not data:
        return data
    at = random.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << random.randrange(8))]) + data[at + 1 :]


def _insert(random: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + random.choice(NASTY) + data[at:]


def _drop(random: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    start, end = _span(random, data, 40)
    return data[:start] + data[end:]


def _cut(random: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _repeat(random: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    start, end = _span(random, data, 200)
    return data[:end] + data[start:end] * random.choice((1, 1, 2, 50)) + data[end:]


def _borrow(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    lender = random.choice([*others, data])
    start, end = _span(random, lender, 300)
    at = random.randrange(len(data) + 1)
    return data[:at] + lender[start:end] + data[at:]


def _token(random: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    """Put another token, or something nasty, in the place of a token."""
    found = list(TOKEN.finditer(data[:20_000]))
    if not found:
        return data
    here, there = random.choice(found), random.choice(found)
    new = there[0] if random.random() < 0.5 else random.choice(NASTY)
    return data[: here.start()] + new + data[here.end() :]


def _token_out(random: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    found = list(TOKEN.finditer(data[:20_000]))
    if not found:
        return data
    here = random.choice(found)
    return data[: here.start()] + data[here.end() :]


def _line(random: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    """Leave a line out, repeat it elsewhere, or change its indentation."""
    lines = data.splitlines(keepends=True)
    if not lines:
        return data
    at = random.randrange(len(lines))
    line = lines.pop(at)
    kind = random.randrange(3)
    if kind == 0:
        lines.insert(random.randrange(len(lines) + 1), line)
    elif kind == 1:
        lines.insert(at, b" " * random.randint(1, 4) + line if random.random() < 0.5 else line.lstrip())
    return b"".join(lines)


CHANGES: tuple[Callable[[Random, bytes, Sequence[bytes]], bytes], ...] = (
    _flip, _insert, _drop, _cut, _repeat, _borrow, _token, _token, _token, _token_out, _line, _line,
)  # fmt: skip
