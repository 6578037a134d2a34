"""The outputs that can be kept in a file: each is a function from a recommendation to text, registered once."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath
from typing import NamedTuple, cast

from advisor.decision.recommendation import Recommendation
from advisor.errors import AdvisorError, did_you_mean
from advisor.report.options import ReportOptions

Renderer = Callable[[Recommendation, ReportOptions], str]


class Format(NamedTuple):
    """One output format."""

    home: str  #: "module:function"; imported when first used, so that no format pays for another's libraries
    endings: tuple[str, ...]  #: file names that ask for it
    what: str  #: a few words, for help

    @property
    def renderer(self) -> Renderer:
        """The function from a recommendation to text."""
        module, _, function = self.home.partition(":")
        return cast("Renderer", getattr(import_module(module), function))


FORMATS: dict[str, Format] = {
    "json": Format("advisor.report.formats:_json", (".json",), "the record that can be replayed and verified"),
    "markdown": Format("advisor.report.markdown:to_markdown", (".md", ".markdown"), "a report for people"),
    "adr": Format("advisor.report.adr:to_adr", (".adr.md",), "an architecture decision record (MADR 4)"),
    "html": Format("advisor.report.html:to_html", (".html", ".htm"), "one page with live what-if"),
}
"""Name → format. Adding an entry is all it takes to add one."""


def render(name: str, recommendation: Recommendation, options: ReportOptions | None = None) -> str:
    """Return a recommendation in a format of `FORMATS`.

    Raises:
        AdvisorError: there is no such format, or a file it needs (an example) cannot be read.
    """
    if name not in FORMATS:
        raise AdvisorError(f'there is no format "{name}"', did_you_mean(name, FORMATS))
    return FORMATS[name].renderer(recommendation, options or ReportOptions())


def format_of(path: str) -> str | None:
    """Return the format that a file name asks for by its ending, or None when it asks for none.

    The longest ending wins: `choice.adr.md` is a decision record, `choice.md` a report.
    """
    name = PurePath(path).name.lower()
    fitting = [(len(ending), key) for key, form in FORMATS.items() for ending in form.endings if name.endswith(ending)]
    return max(fitting)[1] if fitting else None


def _json(recommendation: Recommendation, options: ReportOptions) -> str:
    from advisor.report.json_format import to_json

    return to_json(recommendation, provenance=options)
