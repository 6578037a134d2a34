"""Foreign text comes out of Markdown exactly as it went in, seen by a real parser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from advisor.report.escape import address, block, code, link, markdown, table, visible

if TYPE_CHECKING:
    from markdown_it.token import Token

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
TRICKY = st.text(
    alphabet=st.sampled_from(list("\\`*_[]()<>|~&#;-+=1.!$@:ab \n\té中🙂\u202e\u200d\x00\x1b")), max_size=30
)
ANY = st.one_of(TRICKY, st.text(max_size=30))


def words(tokens: list[Token]) -> str:
    """The text that a reader sees; anything that is markup shows as its kind."""
    seen = []
    for token in tokens:
        for child in token.children or []:
            plain = child.type in {"text", "text_special", "code_inline"}
            seen.append(child.content if plain else f"<{child.type}>")
    return "".join(seen)


def rendered(source: str) -> str:
    return words(PARSER.parse(source))


@given(ANY)
@example("1 #")
@example("a ##")
def test_text_reads_the_same_in_a_paragraph_a_list_a_heading_and_a_cell(text: str) -> None:
    shown = visible(text)
    escaped = markdown(text)
    assert rendered(f"x {escaped} x") == re.sub(" +$", "", f"x {shown}") + f"{' ' if shown else '  '}x"
    assert rendered(f"- {escaped}") == shown
    assert [token.type for token in PARSER.parse(f"- {escaped}")].count("list_item_open") == 1
    if shown:
        assert rendered(f"# {escaped}") == shown
    cells = PARSER.parse(table(["a", "b"], [[escaped, "end"]]))
    assert [token.content for token in cells if token.type == "inline"][3:] == ["end"]
    assert words([token for token in cells if token.type == "inline"][2:3]) == shown


@given(ANY)
def test_code_reads_the_same_in_a_paragraph_and_a_cell(text: str) -> None:
    shown = visible(text)
    spaced = f" {shown} " if shown.strip() else shown
    assert rendered(f"x {code(text)}").strip() in {f"x {shown}".strip(), f"x {spaced}".strip()}
    cells = [
        token for token in PARSER.parse(table(["a", "b"], [[code(text, cell=True), "end"]])) if token.type == "inline"
    ]
    assert len(cells) == 4
    assert words(cells[2:3]).strip() == shown.strip()


@given(ANY)
def test_a_block_holds_its_text_whatever_it_holds(text: str) -> None:
    fences = [token for token in PARSER.parse(block(text, "python")) if token.type == "fence"]
    assert len(fences) == 1
    assert fences[0].content.strip("\n") == visible(text, lines=True).strip("\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("safe\u202eevil", "safe\ufffdevil"),
        ("a\x1b[31mb", "a\ufffd[31mb"),
        ("two\r\nlines", "two lines"),
        ("zero\u200bwidth", "zero\ufffdwidth"),
        ("half \udce9", "half \ufffd"),
        ("👩\u200d💻 stays", "👩\u200d💻 stays"),
    ],
)
def test_what_cannot_be_seen_is_shown(text: str, expected: str) -> None:
    assert visible(text) == expected


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "https://", "//x.org", "http://[bad", "x y"]
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert address(url) is None
    assert "link_open" not in rendered(link("here", url))


def test_an_address_cannot_leave_its_link() -> None:
    source = link("here", "https://example.org/a) [b](https://evil.org/|<x>")
    inline = PARSER.parse(source)[1]
    assert [child.type for child in inline.children or []] == ["link_open", "text", "link_close"]
