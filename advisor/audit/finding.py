"""What an audit finds."""

from __future__ import annotations

from typing import Literal, NamedTuple

from advisor.knowledge.model import Rules

Severity = Literal["defect", "warning", "note"]


class Finding(NamedTuple):
    """One thing that the author of the rules should know."""

    check: str  #: which check found it
    severity: Severity  #: a defect fails the audit; a warning wants a look; a note only tells
    subject: str  #: key path of what it is about
    message: str


class Share(NamedTuple):
    """How often one alternative wins over all answers."""

    alternative: str
    alone: int  #: ways to answer everything in which it leads alone
    shared: int  #: ways in which it leads with others
    can_win: bool | None  #: whether any answers, whole or partial, make it the only winner; None: not decided
    only_when: tuple[tuple[str, tuple[str, ...]], ...]  #: (need, choices) without which it never leads
    strongest: tuple[tuple[str, str, int], ...]  #: (need, choice, per mille of the ways it leads under it), best first


class Audit(NamedTuple):
    """Everything that was found out about one set of rules."""

    rules: Rules
    date: str | None  #: the day against which ages are measured
    date_from: str  #: where that day comes from
    total: int  #: ways to answer every need that applies
    sample: int | None  #: None: all ways were counted; else how many were drawn at random, always the same ones
    shares: tuple[Share, ...]
    tied: int
    unfit: int  #: ways that exclude every alternative
    baseless: int  #: ways in which no answer weighs anything
    findings: tuple[Finding, ...]

    @property
    def defects(self) -> tuple[Finding, ...]:
        """The findings that fail the audit."""
        return tuple(finding for finding in self.findings if finding.severity == "defect")
