"""One self-contained page: semantic, printable, and live where scripts run.

Nothing is fetched. A strict Content-Security-Policy allows the page's own style and script by their hashes, and
nothing else. Every value that is not the page's own goes through `visible` and Jinja's escaping.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from advisor.decision.recommendation import Recommendation
from advisor.knowledge.model import Example
from advisor.report.escape import address, visible
from advisor.report.options import ReportOptions
from advisor.report.story import LANGUAGES, ORIGINS, Reason, Story, example_source
from advisor.report.whatif import script_json, what_if_data
from advisor.report.wording import LEGACY_WORDS, exclusion_sentence, headline, score_text

TEMPLATES = Path(__file__).with_name("templates")

_CHARTED = 10
"""Reasons that the chart shows at most; the table below it has all."""


class Bar(NamedTuple):
    """One bar of the chart."""

    alternative: int  #: its place, which sets the colour
    y: int  #: pixels from the top
    share: str  #: width in percent of the widest bar
    points: int


class Row(NamedTuple):
    """One criterion of the chart."""

    title: str
    y: int
    bars: tuple[Bar, ...]


class Chart(NamedTuple):
    """Who got how many points from which criterion."""

    rows: tuple[Row, ...]
    height: int
    summary: str  #: the same as text


def to_html(recommendation: Recommendation, options: ReportOptions | None = None) -> str:
    """Return the recommendation as one HTML page.

    Raises:
        AdvisorError: the file of an example cannot be read.
    """
    options = options or ReportOptions()
    story = Story(recommendation, options.rules_file)
    style, script = _file("report.css"), _file("whatif.js")
    page = _environment().get_template("report.html.j2")
    text = page.render(
        advice=recommendation,
        rules=recommendation.rules,
        verdict=recommendation.verdict,
        story=story,
        options=options,
        reasons=story.reasons(),
        chart=chart_of(story),
        headline=headline(recommendation),
        command=story.command,
        exclusions=[
            (standing, exclusion, exclusion_sentence(story.rules, standing, exclusion))
            for standing in recommendation.ranking
            for exclusion in standing.exclusions
        ],
        examples=[(example, _highlighted(recommendation, example)) for example in recommendation.examples],
        place={alternative.id: number for number, alternative in enumerate(recommendation.rules.alternatives)},
        origins=ORIGINS,
        legacy_words=LEGACY_WORDS,
        recorded=what_if_data(recommendation)["recorded"],
        style=_own(style),
        script=_own(script),
        data=_own(script_json(what_if_data(recommendation))),
        policy=_policy(style, script),
    )
    return text.rstrip("\n") + "\n"


def chart_of(story: Story) -> Chart:
    """Lay out the chart: a row for each criterion that tells the alternatives apart, a bar for each alternative."""
    reasons = [reason for reason in story.reasons() if reason.perfect][:_CHARTED]
    widest = max((reason.perfect for reason in reasons), default=1)
    rows: list[Row] = []
    y = 0
    for reason in reasons:
        bars = []
        for place, line in enumerate(reason.lines):
            points = line.points if line else 0
            bars.append(Bar(place, y + 24 + 16 * place, _percent(points * 88, widest), points))
        rows.append(Row(f"{reason.criterion.title} × {reason.weight}", y + 16, tuple(bars)))
        y += 24 + 16 * len(bars) + 14
    summary = " ".join(_in_words(story, reason) for reason in reasons)
    return Chart(tuple(rows), y, summary)


def _percent(part: int, whole: int) -> str:
    """Return part / whole with two decimals, from whole numbers, so that every machine writes the same."""
    hundredths = (200 * part + whole) // (2 * whole)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _in_words(story: Story, reason: Reason) -> str:
    parts = [
        f"{alternative.name} {line.points if line else 0}"
        for alternative, line in zip(story.rules.alternatives, reason.lines, strict=True)
    ]
    return f"{reason.criterion.title}: {', '.join(parts)}."


def _policy(style: str, script: str) -> str:
    parts = {
        "default-src": "'none'",
        "style-src": _hashed(style),
        "script-src": _hashed(script),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def _hashed(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"


def _highlighted(recommendation: Recommendation, example: Example) -> Markup:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name

    source = visible(example_source(recommendation, example), lines=True)
    lexer = get_lexer_by_name(LANGUAGES.get(example.path.rpartition(".")[2], "text"))
    formatter = HtmlFormatter(nowrap=True, classprefix="hl-")
    return _own(highlight(source, lexer, formatter))


def _own(text: str) -> Markup:
    return Markup(text)  # noqa: S704  # the page's own style and script, escaped JSON, or a formatter's escaped source


@cache
def _file(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _shown(value: object) -> object:
    return visible(value, lines=True) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["score"] = score_text
    environment.filters["address"] = address
    environment.filters["thousands"] = "{:,}".format
    return environment
