"""Lines that say something by their own words: log-ins made at home, servers started by a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from advisor.codebase.gather import Lines, read_again
from advisor.codebase.model import Evidence
from advisor.codebase.resolve import Seen
from advisor.codebase.text import without_long_texts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from advisor.codebase.gather import FileFindings
    from advisor.codebase.markers import Markers, Phrase
    from advisor.codebase.walk import Tree

#: Where this many lines say the same thing, more of them say no more.
ENOUGH = 50


def said_by_phrases(
    markers: Markers, tree: Tree, shipped: list[FileFindings], serving: Collection[int], known: Collection[str]
) -> list[Seen]:
    """Look for the facts that no mark has shown in the files where a phrase could tell them.

    Only what is still unknown is looked for: most projects show it by a mark, and every word costs a look at each file.

    Args:
        markers: the phrases.
        tree: the folder.
        shipped: what each shipped file says.
        serving: entries of the frameworks that serve the project.
        known: facts that need no phrase.
    """
    settled = {*known} if tree.pages else {*known, "templates"}
    wanted = [phrase for phrase in markers.phrases if phrase.fact not in settled]
    seen: list[Seen] = []
    for one in shipped if wanted else ():
        path = tree.python[one.number].path
        name = path.rpartition("/")[2]
        inside = any(entry in serving for entry, *_ in one.imported)
        asked = [p for p in wanted if (name.startswith(p.files) if p.files else inside)]
        if asked:
            seen += _in_file(tree.root, path, asked)
        if len(seen) >= ENOUGH:
            break
    return list(dict.fromkeys(seen))  # a line that says it twice is one place


def _in_file(root: str, path: str, phrases: list[Phrase]) -> Iterator[Seen]:
    data = read_again(f"{root}/{path}")
    phrases = [p for p in phrases if any(word in data for word in p.words)]
    if not phrases:
        return
    code = without_long_texts(data)
    lines = Lines(data)
    for phrase in phrases:
        for found in re.finditer(phrase.line, code):
            start = code.rfind(b"\n", 0, found.start()) + 1
            if b"#" not in code[start : found.start()]:
                yield Seen(-1, phrase.fact, Evidence(path, *lines.of(start)))
