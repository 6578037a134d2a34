"""The audit of a rules file: every check, in one result."""

from __future__ import annotations

from advisor.audit.census import EFFORT, SAMPLE, take
from advisor.audit.counting import check_counting
from advisor.audit.evidence import check_evidence, day_of
from advisor.audit.finding import Audit
from advisor.audit.invariance import check_invariance
from advisor.audit.monotone import check_monotonicity
from advisor.audit.reach import check_reach, check_use, shares
from advisor.decision.table import Table, compile_table
from advisor.knowledge.model import Rules


def audit(rules: Rules, *, date: str | None = None, effort: int = EFFORT, sample: int = SAMPLE) -> Audit:
    """Look at a set of rules as a whole.

    Args:
        rules: checked rules.
        date: ISO day against which ages are measured; None: the one that the version of the rules names, if it does.
        effort: bytes that all exact counts together may move before answers are drawn at random instead.
        sample: how many answers are drawn then.
    """
    table: Table = compile_table(rules)
    census = take(table, effort=effort, sample=sample)
    won = shares(table, census)
    day, day_from = day_of(rules, date)
    findings = [
        *check_reach(rules, won, census.sample),
        *check_use(table, census),
        *check_monotonicity(table),
        *check_counting(rules),
        *check_invariance(table),
        *check_evidence(rules, day),
    ]
    order = {"defect": 0, "warning": 1, "note": 2}
    return Audit(
        rules=rules,
        date=day,
        date_from=day_from,
        total=census.total,
        sample=census.sample,
        shares=won,
        tied=sum(number for lead, number in census.ways.items() if lead & (lead - 1)),
        unfit=census.ways.get(0, 0),
        baseless=census.baseless,
        findings=tuple(sorted(findings, key=lambda finding: order[finding.severity])),
    )
