"""The page in a real browser: quiet, fetching nothing, accessible, complete without scripts, at any width."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import axe_core_python
import pytest

from advisor.decision import recommend
from advisor.decision.recommendation import Recommendation
from advisor.knowledge.model import Rules
from advisor.report.html import to_html
from advisor.report.options import ReportOptions

from .conftest import Page

AXE = Path(axe_core_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.1 A and AA and its own best practices, one line for each place."""
    # The page's policy lets no foreign script in; the driver's own channel is not the page's.
    page.run(AXE + "; window.axe = axe;")
    found = page.browser.execute_async_script(
        """
        const done = arguments[arguments.length - 1];
        axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => done(violations));
        """
    )
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)], ids=["desk-light", "phone-dark"])
def test_it_is_quiet_accessible_and_fits(page: Page, report: str, width: int, dark: bool) -> None:
    page.open(report, width=width, dark=dark)
    assert page.complaints() == []
    assert page.requests() == [page.file.as_uri()]
    assert page.run("return document.documentElement.scrollWidth") <= width
    assert violations(page) == []


def test_dark_and_light_differ_in_the_colours_of_the_page(page: Page, report: str) -> None:
    colours = []
    for dark in (False, True):
        page.open(report, dark=dark)
        colours.append(page.run("return getComputedStyle(document.body).backgroundColor"))
    assert colours == ["rgb(251, 250, 246)", "rgb(20, 24, 27)"]


def test_it_stays_accessible_after_answers_were_changed(page: Page, report: str) -> None:
    page.open(report)
    page.choose("full-stack", "must")
    page.choose("legacy", "none")
    page.run("document.querySelectorAll('*').forEach((part) => part.getAnimations().forEach((move) => move.finish()))")
    assert violations(page) == []
    assert page.complaints() == []


def test_without_scripts_the_record_is_complete_and_what_if_is_not_offered(page: Page, report: str) -> None:
    page.open(report, scripts=False)
    seen = page.browser.page_source
    page.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert page.run("return document.getElementById('what-if').checkVisibility()") is False
    headings = page.run(
        "return [...document.querySelectorAll('h2')].filter((h) => h.checkVisibility()).map((h) => h.innerText)"
    )
    assert headings == [
        "How they stand",
        "What was answered",
        "Where the points come from",
        "Comparison",
        "What you give up",
        "Add-ons that close the gaps",
        "Worth knowing",
        "What would change it",
        "Look again when",
        "Code to look at",
        "Sources",
        "How to get this again",
    ]
    assert "app/api.py:12 FastAPI()" in seen


def test_on_paper_there_is_the_record_and_no_control(page: Page, report: str) -> None:
    page.open(report, media="print", dark=True)
    assert page.run("return document.getElementById('what-if').checkVisibility()") is False
    assert page.run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.run("return getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.run("return [...document.querySelectorAll('input, button')].some((c) => c.checkVisibility())") is False


def test_the_outline_has_one_title_and_skips_no_level(page: Page, report: str) -> None:
    page.open(report)
    levels = page.run("return [...document.querySelectorAll('h1,h2,h3,h4')].map((h) => Number(h.tagName[1]))")
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert page.browser.title == "Parcels: FastAPI, so far"
    assert page.run("return document.documentElement.lang") == "en"


def test_the_keyboard_reaches_the_advice_first_and_every_answer(page: Page, report: str) -> None:
    from selenium.webdriver.common.keys import Keys

    page.open(report)
    page.browser.switch_to.active_element.send_keys(Keys.TAB)
    assert page.browser.switch_to.active_element.text == "Skip to the advice"
    page.browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert page.run("return document.activeElement.id") == "main"
    first = page.run("const i = document.querySelector('#what-if-form input:checked'); i.focus(); return i.value")
    page.browser.switch_to.active_element.send_keys(Keys.ARROW_LEFT)
    assert page.run("return document.querySelector('#what-if-form input:checked').value") != first


HOSTILE = "<script>document.title='owned'</script><img src=x onerror=alert(1)>\"'`{{7*7}}</style></title>\u202e-->"


def hostile_rules(rules: Rules) -> Rules:
    """The shipped rules, with markup in every kind of text that an author writes."""

    def spoil(value: object, field: str = "") -> object:
        if field in {"id", "mark", "folder", "path", "files", "digest", "kind", "advice", "pick", "group", "check"}:
            return value
        if isinstance(value, str) and field in SPOILED:
            return value + HOSTILE
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return value._replace(**{name: spoil(part, name) for name, part in zip(value._fields, value, strict=True)})  # type: ignore[attr-defined]
        if isinstance(value, tuple) and field in {
            "revisit_when",
            "criteria",
            "needs",
            "choices",
            "alternatives",
            "groups",
            "remedies",
            "caveats",
            "examples",
            "splits",
        }:
            return tuple(
                spoil(part, "text" if isinstance(part, str) and field == "revisit_when" else "") for part in value
            )
        if isinstance(value, dict) and field == "ratings":
            return {key: spoil(part) for key, part in value.items()}
        return value

    return spoil(rules)  # type: ignore[return-value]


SPOILED = {"name", "title", "subject", "summary", "homepage", "meaning", "word", "because", "source", "checked", "note"}
SPOILED |= {"question", "help", "label", "choose_if", "gives", "cost", "text", "how", "shows", "run", "version"}


def test_hostile_names_change_nothing(page: Page, shipped: Rules, advice: Recommendation) -> None:
    options = ReportOptions(title=f"T{HOSTILE}", project=HOSTILE, author=HOSTILE, status=HOSTILE, date=HOSTILE)
    counted = "return [...document.querySelectorAll('*')].map((part) => part.tagName).filter((tag) => tag !== 'A')"
    spoiled = recommend(hostile_rules(shipped), advice.answers)
    tame = ReportOptions(title="T", project="p", author="a", status="s", date="d")
    page.open(to_html(advice, tame))
    expected = page.run(counted)
    page.open(to_html(spoiled, options))
    assert page.run(counted) == expected
    assert page.complaints() == []
    assert page.requests() == [page.file.as_uri()]
    assert page.browser.title.startswith("T<script>document.title=")
    assert "\u202e" not in page.browser.page_source
    assert page.run("return [...document.querySelectorAll('a')].every((a) => /^(https?:|file:)/.test(a.href))")
    page.choose("full-stack", "must")
    assert page.run(counted)[:100] == expected[:100]
    assert "<script>" in page.text("[data-live=why]")
