"""Lines that say something by their own words: log-ins made at home, servers started by a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from advisor.codebase.read import Reading

_EXPRESSIONS: dict[bytes, re.Pattern[bytes]] = {}


def read_phrases(reading: Reading) -> None:
    """Look for the phrases of the markers file in one source file; comments and texts of many lines hold none."""
    code = reading.code
    for phrase in reading.markers.phrases:
        at = code.find(phrase.word)
        if at < 0 or not (phrase.entry < 0 or phrase.entry in reading.used):
            continue
        line = _EXPRESSIONS.get(phrase.line)
        if line is None:
            line = _EXPRESSIONS[phrase.line] = re.compile(phrase.line)
        while at >= 0:
            start = code.rfind(b"\n", 0, at) + 1
            end = code.find(b"\n", at)
            end = end if end >= 0 else len(code)
            found = line.search(code, start, end)
            if found and b"#" not in code[start : found.start()]:
                reading.hits.append((phrase.entry, phrase.fact, start))
            at = code.find(phrase.word, end)
