"""Which plain functions answer requests: those that are handed over, uncalled, where routes are registered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from advisor.codebase.gather import read_again
from advisor.codebase.text import without_long_texts

if TYPE_CHECKING:
    from advisor.codebase.resolve import Seen

_IMPORT = re.compile(rb"(?m)^[ \t]*(?:from[^\n]*?import[ \t]*(?:\([^)]*\)|[^\n]*)|import[^\n]*)|#[^\n]*")
_HANDED_OVER = re.compile(rb"(?<!def )\b([A-Za-z_]\w*)(?!\w|[ \t]*[(=.])")
_DEFINED = re.compile(r"async\s+def\s+(\w+)")


def with_handlers(root: str, seen: list[Seen]) -> list[Seen]:
    """Turn plain functions that take a request into handlers where a route leads to them, and forget the others.

    Args:
        root: the folder that the paths of what was seen are relative to.
        seen: what was met; a function that may be a handler is an `async_functions`.
    """
    functions = [one for one in seen if one.fact == "async_functions"]
    if not functions:
        return seen
    files = dict.fromkeys(one.at.path for one in seen if one.fact in ("routes", "websockets", "wiring"))
    names = {name for path in files for name in _handed_over(f"{root}/{path}")}
    kept = []
    for one in seen:
        if one.fact == "async_functions":
            defined = _DEFINED.match(one.at.what)
            if defined is None or defined.group(1).encode() not in names:
                continue
        kept.append(one._replace(fact="async_handlers") if one.fact == "async_functions" else one)
    return kept


def _handed_over(path: str) -> set[bytes]:
    code = without_long_texts(read_again(path))
    return set(_HANDED_OVER.findall(_IMPORT.sub(b"", code)))
