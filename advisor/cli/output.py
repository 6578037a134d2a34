"""The edge where text leaves: what the terminal can show, and writing to it without surprises."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from typing import NamedTuple, TextIO

from advisor.errors import AdvisorError, did_you_mean
from advisor.report.look import WIDEST, Look
from advisor.steering import quiet

# What a stream that cannot encode a glyph is given in its place; every glyph stands beside words or a number.
ASCII = str.maketrans(
    {
        "✅": "yes",
        "❌": "no",
        "⚠": "~",
        "\ufe0f": "",
        "✓": "+",
        "✗": "x",
        "→": "->",
        "←": "<-",
        "–": "-",
        "—": "-",
        "…": "...",
        "·": "-",
        "×": "x",
        "≤": "<=",
        "≥": ">=",
        "█": "#",
        "▌": "#",
        "░": ".",
        "━": "-",
        "─": "-",
        "│": "|",
        "•": "*",
        "▸": ">",
        "“": '"',
        "”": '"',
        "’": "'",
        "±": "+/-",
        "Δ": "diff",
        "∞": "no limit",
    }
)


class Screen(NamedTuple):
    """What the reader's side can show."""

    width: int  #: columns
    color: bool
    plain: bool  #: append-only, no boxes, no bars, words beside every sign
    ascii: bool  #: the stream cannot encode glyphs


def screen_for(stream: TextIO | None, *, plain: bool = False, no_color: bool = False) -> Screen:
    """Find out what a stream can show, from the terminal and the environment.

    NO_COLOR (non-empty) and `--no-color` switch colour off, FORCE_COLOR switches it on; TERM=dumb and ACCESSIBLE
    switch to plain text. Width comes from COLUMNS or the terminal, else 80.
    """
    environment = os.environ
    dumb = environment.get("TERM") == "dumb"
    accessible = environment.get("ACCESSIBLE", "") not in ("", "0", "false")
    forced = environment.get("FORCE_COLOR", "") not in ("", "0", "false")
    color = forced or (is_terminal(stream) and not dumb)
    if environment.get("NO_COLOR") or no_color:
        color = False
    plain = plain or accessible or dumb
    return Screen(columns(), color and not plain, plain, not can_encode(stream))


def look_for(
    stream: TextIO | None,
    *,
    plain: bool = False,
    no_color: bool = False,
    detail: bool = False,
    rules_file: str | None = None,
) -> Look:
    """Return how to show text on a stream: as `screen_for` finds it, never wider than reads well."""
    screen = screen_for(stream, plain=plain, no_color=no_color)
    return Look(min(screen.width, WIDEST), screen.color, screen.plain, detail, rules_file)


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether a stream is a terminal; a closed one (None) is not."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def columns() -> int:
    """Return the width to write for: COLUMNS, else the terminal's, else 80; never under 20."""
    import shutil

    return max(20, shutil.get_terminal_size((80, 24)).columns)


def can_encode(stream: TextIO | None) -> bool:
    """Tell whether a stream can carry the glyphs we use."""
    try:
        "█→…✅".encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def encodable(text: str, stream: TextIO) -> str:
    """Return the text as the stream can carry it: glyphs as words, the rest as escapes."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return text.translate(ASCII).encode("ascii", "backslashreplace").decode("ascii")
    return text


class ReaderLeftError(Exception):
    """Whoever read our stdout has closed it: not an error, and nothing more to say."""


SGR = re.compile(r"(\x1b\[[0-9;]*m)")
"""How our own colours are written."""


def say(text: str, *, end: str = "\n", colored: bool = False) -> None:
    """Write a result to stdout; what would steer the terminal is shown escaped.

    Args:
        text: what to write.
        end: what follows it.
        colored: whether the text has colours of ours, which are kept.

    Raises:
        ReaderLeftError: the reader closed the pipe, as `head` does.
        AdvisorError: stdout is closed or cannot be written.
    """
    if sys.stdout is None:
        raise AdvisorError("the result cannot be shown: stdout is closed", "write it to a file with --output FILE")
    try:
        parts = SGR.split(text + end) if colored else [text + end]
        safe = "".join(part if place % 2 else quiet(part) for place, part in enumerate(parts))
        sys.stdout.write(encodable(safe, sys.stdout))
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise ReaderLeftError from error
    except OSError as error:
        silence(sys.stdout)
        raise AdvisorError(f"the result cannot be written to stdout: {error.strerror}") from error


def tell(text: str, *, end: str = "\n") -> None:
    """Write talk (questions, progress, errors) to stderr; what cannot be told is let go."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(encodable(text + end, sys.stderr))
        sys.stderr.flush()
    except OSError:
        silence(sys.stderr)


def silence(stream: TextIO) -> None:
    """Send what a stream still holds to nowhere, so that the interpreter does not complain when it closes it."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def printable(text: str) -> str:
    """Return foreign text with control characters shown as escapes, so it cannot drive the terminal."""
    return "".join(
        character if character in "\n\t" or (character.isprintable()) else character.encode("unicode_escape").decode()
        for character in text
    )


def known_format(output_format: str, known: tuple[str, ...]) -> None:
    """Refuse a format that there is not.

    Raises:
        AdvisorError: it is none of those known.
    """
    if output_format not in known:
        raise AdvisorError(f'--format: unknown format "{output_format}"', did_you_mean(output_format, known))
