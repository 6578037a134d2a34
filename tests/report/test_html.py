"""The page's bytes, as far as they can be judged without a browser; tests/browser drives the real thing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.decision.table import compile_table
from advisor.report.html import TEMPLATES, chart_of, to_html
from advisor.report.options import ReportOptions
from advisor.report.story import Story
from advisor.report.whatif import script_json, what_if_data

from .made_by_hand import small_advice, small_rules
from .test_markdown import HOSTILE, an_example

VOID = {"meta", "link", "input", "br", "img", "rect"}


class Outline(HTMLParser):
    """Every element with its attributes, the text of each, and whether they close as they opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(text)
        self.close()
        self.wrong += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.texts.setdefault(tag, []).append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts[self.open[-1]][-1] += data

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def outline() -> Outline:
    return Outline(to_html(small_advice(), ReportOptions(project="Shop", date="2026-11-22")))


def hashed(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def test_every_element_closes_where_it_should(outline: Outline) -> None:
    assert outline.wrong == []


def test_the_policy_allows_exactly_the_style_and_script_of_the_page(outline: Outline) -> None:
    policy = next(meta["content"] for meta in outline.attributes("meta") if "http-equiv" in meta)
    data, script = outline.texts["script"]
    assert policy == (
        f"default-src 'none'; style-src {hashed(outline.texts['style'][0])}; script-src {hashed(script)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert json.loads(data)["recorded"] == [2, 2, 0]


def test_no_element_carries_a_style_or_a_handler_or_points_outside_for_more_than_a_link(outline: Outline) -> None:
    for tag, attributes in outline.elements:
        assert not [name for name in attributes if name == "style" or name.startswith("on")], tag
        assert "src" not in attributes
        if tag != "a":
            assert not str(attributes.get("href", "data:")).startswith("http")


def test_every_id_is_unique_and_every_reference_finds_one(outline: Outline) -> None:
    ids = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    wanted = [
        str(attributes["aria-labelledby"]) for _, attributes in outline.elements if "aria-labelledby" in attributes
    ]
    wanted += [str(link["href"])[1:] for link in outline.attributes("a") if str(link["href"]).startswith("#")]
    assert {part for reference in wanted for part in reference.split()} <= set(ids)


def test_tables_have_captions_and_scopes(outline: Outline) -> None:
    assert len(outline.attributes("caption")) == len(outline.attributes("table")) == 3
    assert all(cell.get("scope") in {"row", "col"} for cell in outline.attributes("th"))


def test_the_chart_says_in_words_what_it_draws(outline: Outline) -> None:
    assert outline.texts["desc"] == ["Speed: Steady 6, Swift 12, Plain 3. Documentation: Steady 8, Swift 6, Plain 0."]
    chart = chart_of(Story(small_advice()))
    assert [row.title for row in chart.rows] == ["Speed × 3", "Documentation × 2"]
    assert [bar.share for bar in chart.rows[0].bars] == ["44.00", "88.00", "22.00"]


def test_hostile_text_stays_text() -> None:
    options = ReportOptions(title=HOSTILE, project=HOSTILE, author=HOSTILE, status=HOSTILE, date=HOSTILE)
    tame = ReportOptions(title="T", project="P", author="A", status="S", date="D")
    hostile, plain = Outline(to_html(small_advice(hostile=HOSTILE), options)), Outline(to_html(small_advice(), tame))
    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in plain.elements]
    assert hostile.wrong == []
    assert "\u202e" not in to_html(small_advice(hostile=HOSTILE), options)


@given(st.text())
def test_no_text_ends_the_script_element_that_carries_it(text: str) -> None:
    written = script_json({"text": text, "more": ["</script>", "<!--", "]]>"]})
    assert not re.search("[<>&]", written)
    assert written.isascii()
    assert json.loads(written)["text"] == text


def test_the_example_is_highlighted_and_escaped(tmp_path: Path) -> None:
    file = tmp_path / "app.py"
    file.write_text('import os\n\nprint("</pre><script>")\n', encoding="utf-8")
    text = to_html(small_advice(folder=tmp_path, example=an_example("app.py")))
    assert '<span class="hl-kn">import</span>' in text
    assert "&lt;/pre&gt;&lt;script&gt;" in text
    assert Outline(text).wrong == []


def test_the_data_of_the_page_is_the_table_of_the_core() -> None:
    advice = small_advice()
    data = what_if_data(advice)
    table = compile_table(small_rules())
    assert data["blocks"] == [list(block.needs) for block in table.blocks]
    load, docs, _style = data["needs"]  # type: ignore[misc]
    assert load["choices"][1]["terms"] == [
        {"criterion": 0, "weight": 3, "levels": [2, 4, 1, 4], "group": -1, "when": [], "unless": []}
    ]
    # Plain is the third alternative: bit 4.
    assert [must["below"] for must in docs["choices"][1]["musts"]] == [4]


def test_the_script_writes_text_only_and_the_style_fetches_nothing() -> None:
    script = (TEMPLATES / "whatif.js").read_text(encoding="utf-8")
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "fetch(", "import("):
        assert way not in script
    style = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    assert "url(" not in style
    assert "@import" not in style
    assert "</" not in script + style
