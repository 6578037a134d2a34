"""Every registered format gives the same text for the same advice, and a file name can ask for it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from advisor.errors import AdvisorError
from advisor.report.formats import FORMATS, format_of, render
from advisor.report.options import ReportOptions

from .made_by_hand import SENSITIVITY, small_advice

ROOT = Path(__file__).resolve().parents[2]
OPTIONS = ReportOptions(title="A choice", project="Shop", author="Ada", status="accepted", date="2026-11-22")


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_gives_encodable_text_that_ends_in_one_newline(name: str) -> None:
    text = render(name, small_advice(hostile=" é\udce9"), OPTIONS)
    assert text.encode("utf-8").endswith(b"\n")
    assert not text.endswith("\n\n")


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_says_what_the_report_was_given_to_say(name: str) -> None:
    text = render(name, small_advice(), OPTIONS)
    for given in ("A choice", "Ada", "accepted", "2026-11-22"):
        assert given in text


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_takes_no_date_that_it_was_not_given(name: str) -> None:
    assert "2026-11-22T" not in render(name, small_advice())
    assert render(name, small_advice()) == render(name, small_advice(), ReportOptions())


def test_the_same_advice_gives_the_same_bytes_in_another_process_with_another_hash_seed() -> None:
    code = (
        "import sys, hashlib; sys.path[:0] = [sys.argv[1], sys.argv[1] + '/tests']\n"
        "from advisor.report.formats import FORMATS, render\nfrom report.made_by_hand import small_advice\n"
        "print([hashlib.sha256(render(name, small_advice()).encode()).hexdigest() for name in FORMATS])"
    )

    def run(seed: str) -> str:
        environment = {"PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo", "LANG": "C", "COLUMNS": seed}
        return subprocess.run(
            [sys.executable, "-c", code, ROOT], capture_output=True, text=True, check=True, env=environment
        ).stdout

    assert run("1") == run("2")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("report.json", "json"),
        ("docs/Report.MD", "markdown"),
        ("docs/decisions/0001-framework.adr.md", "adr"),
        ("page.htm", "html"),
        ("page.html", "html"),
        ("notes", None),
        ("a.json/notes.txt", None),
    ],
)
def test_a_file_name_asks_for_a_format_by_its_ending(path: str, name: str | None) -> None:
    assert format_of(path) == name


def test_no_two_formats_share_an_ending() -> None:
    endings = [ending for form in FORMATS.values() for ending in form.endings]
    assert len(endings) == len(set(endings))


def test_an_unknown_format_is_refused_with_a_suggestion() -> None:
    with pytest.raises(AdvisorError) as caught:
        render("markdwon", small_advice())
    assert caught.value.hint == 'did you mean "markdown"?'


@pytest.mark.parametrize("name", ["markdown", "html"])
def test_what_large_rules_leave_out_is_said(name: str) -> None:
    found = SENSITIVITY._replace(not_searched=("plain",), left_out=("More ratings than that change it.",))
    told = render(name, small_advice()._replace(sensitivity=found))
    assert "More ratings than that change it." in told
    assert "on what would make them win: Plain." in told
    many = render(name, small_advice()._replace(sensitivity=found._replace(not_searched=("plain",) * 11)))
    assert "on what would make them win: 11 of the tools." in many


def test_the_json_record_says_what_was_left_out_only_where_something_was() -> None:
    found = SENSITIVITY._replace(left_out=("More ratings than that change it.",))
    assert json.loads(render("json", small_advice()._replace(sensitivity=found)))["sensitivity"]["left_out"] == [
        "More ratings than that change it."
    ]
    assert "left_out" not in json.loads(render("json", small_advice()))["sensitivity"]
