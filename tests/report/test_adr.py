"""The decision record has the sections of MADR 4, in order, and stands on its own."""

from __future__ import annotations

import re

import pytest
import yaml
from markdown_it import MarkdownIt

from advisor.report.adr import to_adr
from advisor.report.options import ReportOptions

from .made_by_hand import small_advice
from .test_markdown import HOSTILE, headings, parsed, shape

# The template of MADR 4.0.0: headings in order; those of the options come from the advice.
TEMPLATE = [
    "Context and Problem Statement",
    "Decision Drivers",
    "Considered Options",
    "Decision Outcome",
    "Consequences",
    "Confirmation",
    "Pros and Cons of the Options",
    "Swift",
    "Steady",
    "Plain",
    "More Information",
]
OPTIONS = ReportOptions(project="Shop", author="Ada Lovelace", status="accepted", date="2026-11-22")


def halves(text: str) -> tuple[object, str]:
    found = re.fullmatch(r"---\n(.*?)\n---\n\n(.*)", text, re.DOTALL)
    assert found is not None
    return {key: str(value) for key, value in yaml.safe_load(found.group(1)).items()}, found.group(2)


def test_the_front_matter_is_yaml_with_madr_keys() -> None:
    front, _ = halves(to_adr(small_advice(), OPTIONS))
    assert front == {"status": "accepted", "date": "2026-11-22", "decision-makers": "Ada Lovelace"}
    assert halves(to_adr(small_advice()))[0] == {"status": "proposed"}


def test_the_sections_are_those_of_the_template_in_order() -> None:
    _, body = halves(to_adr(small_advice(), OPTIONS))
    title, *sections = headings(parsed(body))
    assert title == "Shop: Use Swift"
    assert sections == TEMPLATE


def test_the_outcome_names_one_of_the_considered_options_and_why() -> None:
    _, body = halves(to_adr(small_advice(), OPTIONS))
    assert '\nChosen option: "Swift", because it scores 90.0 against 70.0 for Steady.\n' in body
    assert "* Swift: Fast.\n" in body


def test_every_argument_is_good_neutral_or_bad() -> None:
    _, body = halves(to_adr(small_advice(), OPTIONS))
    argued = body.partition("### Consequences")[2].partition("## More Information")[0]
    items = re.findall(r"^\* (.*)$", argued, re.MULTILINE)
    assert len(items) > 8
    assert all(re.match(r"(Good|Neutral|Bad), because ", item) for item in items)


@pytest.mark.parametrize(
    "sentence",
    [
        "* How much load? **High** (read from the code; `app/main.py:7 a queue`)",
        "* Good, because Speed is “Fast”: It is compiled. ([source](https://example.org/4))",
        "* Bad, because Documentation is “Good” where Steady has “Superb” (2 points).",
        "* Bad, because ruled out: ",
        "advisor recommend --load high --docs must --expect swift",
        "Revisit this decision when:\n\n* Swift 2.",
    ],
)
def test_it_says(sentence: str) -> None:
    assert sentence in to_adr(small_advice(), OPTIONS)


def test_hostile_names_change_neither_structure_nor_front_matter() -> None:
    hostile = ReportOptions(
        project=f"P{HOSTILE}", author=f'A"\n---\nx: y{HOSTILE}', status=f"s: {HOSTILE}", date="x: y"
    )
    tame = ReportOptions(project="P", author="A b", status="s t", date="d e")
    front, body = halves(to_adr(small_advice(hostile=HOSTILE), hostile))
    assert isinstance(front, dict)
    assert list(front) == ["status", "date", "decision-makers"]
    assert shape(parsed(body)) == shape(parsed(halves(to_adr(small_advice(), tame))[1]))


def test_without_a_winner_the_record_says_that_nothing_is_chosen() -> None:
    advice = small_advice()
    tied = advice._replace(verdict=advice.verdict._replace(winners=("steady", "swift"), firmness="tie", state="open"))
    assert 'Chosen option: "Steady or Swift", because their points are exactly equal for these answers.' in to_adr(tied)
    none = advice._replace(verdict=advice.verdict._replace(winners=(), firmness=None, state="open"), pattern="no-basis")
    assert 'Chosen option: "none yet", because nothing answered weighs yet.' in to_adr(none)


def test_it_parses_as_markdown_without_any_html() -> None:
    tag = "<img src=x onerror=alert(1)>"
    text = to_adr(small_advice(hostile=HOSTILE), OPTIONS._replace(author=tag, status=tag))
    assert halves(text)[0]["decision-makers"] == tag
    tokens = MarkdownIt("commonmark").parse(text)
    kinds = {token.type for token in [*tokens, *(child for token in tokens for child in token.children or ())]}
    assert not kinds & {"html_block", "html_inline"}
