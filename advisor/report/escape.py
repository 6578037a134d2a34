"""Foreign text made harmless: names in rules, answers and paths never become markup, and never turn the line round."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, urlsplit

_JOINERS = "\u200c\u200d"  # scripts and emoji need them; they reorder nothing
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

_MARKUP = re.compile(r"[\\`*\[\]<|~$]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])")
_AT_END = re.compile(r"(?<= )(?=#+$)")  # it would close a heading
_AT_START = re.compile(r"^(\d{1,9})(?=[.)])|^(?=[#>+=-])")


def visible(text: str, *, lines: bool = False) -> str:
    """Return text on one line, with every character that is not seen shown as "�".

    Control characters, direction overrides, zero-width marks and halves of surrogate pairs go; line ends and tabs
    become spaces, unless `lines` keeps them.
    """
    if not lines:
        text = re.sub(r"\s+", " ", text).strip()
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        if character in _JOINERS or (lines and character in "\n\t") or unicodedata.category(character) not in _HIDDEN
        else "\ufffd"
        for character in text
    )


def markdown(text: str) -> str:
    """Return text as Markdown that renders to exactly that text, in a paragraph, a heading, a list or a table cell."""
    escaped = _MARKUP.sub(lambda match: f"\\{match.group()}", visible(text))
    escaped = _AT_END.sub(r"\\", escaped)
    return _AT_START.sub(lambda match: f"{match.group(1) or ''}\\", escaped, count=1)


def code(text: str, *, cell: bool = False) -> str:
    """Return text as a code span; in a table cell a bar needs a backslash even there."""
    shown = visible(text)
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") or not shown else ""
    span = f"{ticks}{pad}{shown}{pad}{ticks}"
    return span.replace("|", "\\|") if cell else span


def block(text: str, language: str = "") -> str:
    """Return text as a fenced block, the fence longer than any run of backticks in it."""
    shown = visible(text, lines=True).rstrip("\n")
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{shown}\n{fence}"


@lru_cache(maxsize=1024)
def address(url: str) -> str | None:
    """Return a web address safe to link to, or None when it is anything else."""
    shown = visible(url)
    try:
        parts = urlsplit(shown)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    return quote(shown, safe="/:?#@!$&'*+,;=%~-._")  # parentheses and pipes are encoded too


def link(text: str, url: str) -> str:
    """Return a Markdown link, or the text with the address as code where it is no web address."""
    target = address(url)
    if not target:
        return f"{markdown(text)} ({code(url)})"
    if text == url == target:
        return f"<{target}>"
    return f"[{markdown(text)}]({target})"


def table(headings: list[str], rows: list[list[str]], align: str = "") -> str:
    """Return a Markdown table of cells that are Markdown already.

    Args:
        headings: first row.
        rows: the others, as long as the first.
        align: one letter a column, "l" or "r"; missing ones are "l".
    """
    rule = ["---:" if align[index : index + 1] == "r" else "---" for index in range(len(headings))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [headings, rule, *rows])
