"""What the audit, the cases and a comparison of rules say, as text for people and as data for scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Any

from advisor.audit.cases import Agreement, Result, agreement
from advisor.audit.coverage import KINDS, Coverage
from advisor.audit.difference import Comparison
from advisor.audit.finding import Audit, Finding, Share
from advisor.knowledge.model import Rules

SCHEMA_VERSION = "1.0"


def of_rules(rules: Rules) -> dict[str, str]:
    """Return what identifies rules."""
    return {"name": rules.name, "version": rules.version, "digest": rules.digest}


def audit_record(found: Audit) -> dict[str, Any]:
    """Return an audit as JSON data."""
    return {
        "schema_version": SCHEMA_VERSION,
        "rules": of_rules(found.rules),
        "date": found.date,
        "date_from": found.date_from,
        "answers": {
            "ways": found.total,
            "counted": "exactly" if found.sample is None else "sample",
            "sample": found.sample,
            "tied": found.tied,
            "nothing_fits": found.unfit,
            "no_basis": found.baseless,
        },
        "shares": [_share_record(share) for share in found.shares],
        "findings": [finding._asdict() for finding in found.findings],
        "defects": len(found.defects),
    }


def _share_record(share: Share) -> dict[str, Any]:
    return {
        "alternative": share.alternative,
        "alone": share.alone,
        "shared": share.shared,
        "can_win": share.can_win,
        "only_when": {need: list(choices) for need, choices in share.only_when},
        "strongest": [{"need": need, "choice": choice, "per_mille": part} for need, choice, part in share.strongest],
    }


def audit_text(found: Audit, width: int) -> str:
    """Return an audit as text."""
    rules = found.rules
    lines = [
        (
            f"{rules.name} {rules.version}: {len(rules.alternatives)} {rules.subject}, {len(rules.criteria)} criteria, "
            f"{len(rules.needs)} needs"
        ),
        rules.digest,
        "",
        *wrap(_who_wins(found), width),
        *_share_lines(found, width),
    ]
    for severity, title in (("defect", "Defects"), ("warning", "Warnings"), ("note", "Notes")):
        own = [finding for finding in found.findings if finding.severity == severity]
        lines += ["", f"{title}: {len(own) or 'none'}"]
        for finding in own:
            lines += _finding_lines(finding, width)
    return "\n".join(lines)


def _who_wins(found: Audit) -> str:
    ways = f"{found.total:,} ways to answer every need that applies"
    how = f"all {ways}, counted exactly" if found.sample is None else f"{found.sample:,} drawn from {ways}"
    return f"Who wins over {how}. Each way counts once; real projects are not spread so evenly."


def _share_lines(found: Audit, width: int) -> Iterator[str]:
    of = found.total if found.sample is None else found.sample
    longest = max(len(alternative.name) for alternative in found.rules.alternatives)
    names = {alternative.id: alternative.name for alternative in found.rules.alternatives}
    for share in found.shares:
        tied = f", {percent(share.shared, of)} shared" if share.shared else ""
        yield f"  {names[share.alternative]:<{longest}}  {percent(share.alone, of):>5} alone{tied}"
        if share.strongest:
            told = ", ".join(f"{need}={choice} {percent(part, 1000)}" for need, choice, part in share.strongest)
            yield from _hanging(f"most with {told}", width, " " * (longest + 4))
        for need, choices in share.only_when:
            yield from _hanging(f"only with {need}={'|'.join(choices)}", width, " " * (longest + 4))
    rest = [("nothing fits", found.unfit), ("no answer weighs anything", found.baseless)]
    for what, number in rest:
        if number:
            yield f"  {percent(number, of)} {what}"


def _finding_lines(finding: Finding, width: int) -> Iterator[str]:
    yield from _hanging(f"{finding.check}: {finding.subject}: {finding.message}", width, "  ")


def _hanging(text: str, width: int, indent: str) -> list[str]:
    return wrap(text, width, initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False)


def percent(part: int, whole: int) -> str:
    """Return a share with one decimal; a share that is not nothing never reads as nothing."""
    if not whole:
        return "0.0%"
    tenths = (1000 * part * 2 + whole) // (2 * whole)
    if part and not tenths:
        return "<0.1%"
    return f"{tenths // 10}.{tenths % 10}%"


def results_record(rules: Rules, results: Sequence[Result], coverage: Coverage | None) -> dict[str, Any]:
    """Return the outcome of a run of cases as JSON data."""
    record: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "rules": of_rules(rules),
        "agreement": [entry._asdict() for entry in agreement(results)],
        "cases": [
            {
                "id": result.case.id,
                "group": result.case.group,
                "expert": list(result.case.expert),
                "winners": list(result.winners),
                "agrees": result.agrees,
                "winners_on_facts": None if result.on_facts is None else list(result.on_facts),
                "agrees_on_facts": None if result.on_facts is None else result.agrees_on_facts,
                "misses": list(result.misses),
                "source": result.case.source,
            }
            for result in results
        ],
    }
    if coverage is not None:
        record["coverage"] = {kind: dict(zip(("covered", "all"), coverage.of(kind), strict=True)) for kind in KINDS}
        record["not_covered"] = [part._asdict() for part in coverage.missed]
    return record


def results_text(rules: Rules, results: Sequence[Result], coverage: Coverage | None, width: int) -> str:
    """Return the outcome of a run of cases as text."""
    lines = [f"{rules.name} {rules.version}: {len(results)} cases", ""]
    lines += _agreement_lines(agreement(results))
    failing = [result for result in results if not result.passes]
    if failing:
        lines += ["", f"Not as expected: {len(failing)}"]
    for result in failing:
        picked = " = ".join(result.winners) or "no basis"
        said = [] if result.agrees else [f"{picked}, expected {' or '.join(result.case.expert)}"]
        lines += _hanging(f"{result.case.id}: {'; '.join([*said, *result.misses])}", width, "  ")
        lines += wrap(result.case.scenario, width, initial_indent="    ", subsequent_indent="    ")
    if coverage is not None:
        lines += _coverage_lines(coverage, width)
    return "\n".join(lines)


def _agreement_lines(entries: Sequence[Agreement]) -> Iterator[str]:
    longest = max(len(entry.group) for entry in entries)
    on_facts = entries[-1].agree_on_facts is not None
    yield f"{'group':<{longest}}  cases  all answers" + ("  facts alone" if on_facts else "")
    for entry in entries:
        line = f"{entry.group:<{longest}}  {entry.cases:>5}  {_of(entry.agree, entry.cases):>11}"
        yield line + (f"  {_of(entry.agree_on_facts or 0, entry.cases):>11}" if on_facts else "")


def _of(part: int, whole: int) -> str:
    return f"{part} {percent(part, whole):>6}"


def _coverage_lines(coverage: Coverage, width: int) -> Iterator[str]:
    yield ""
    yield "Held in place by some case (a change of it changes a pick or an exclusion)"
    for kind in KINDS:
        covered, count = coverage.of(kind)
        yield f"  {kind:<12}  {covered:>4} of {count:>4}  {percent(covered, count):>6}"
    if coverage.missed:
        yield ""
        yield f"Held by none: {len(coverage.missed)}"
        for part in coverage.missed:
            yield from _hanging(part.path, width, "  ")


def comparison_record(found: Comparison) -> dict[str, Any]:
    """Return a comparison of two editions as JSON data."""
    return {
        "schema_version": SCHEMA_VERSION,
        "before": of_rules(found.before),
        "after": of_rules(found.after),
        "differences": [difference._asdict() for difference in found.differences],
        "projects": {"compared": found.compared, "skipped": list(found.skipped)},
        "changes": [
            {
                "project": change.name,
                "before": list(change.before),
                "after": list(change.after),
                "expert": list(change.expert),
            }
            for change in found.changes
        ],
    }


def comparison_text(found: Comparison, width: int) -> str:
    """Return a comparison of two editions as text."""
    before, after = found.before, found.after
    lines = [f"{before.name} {before.version} → {after.name} {after.version}", ""]
    lines.append(f"Parts that differ: {len(found.differences) or 'none'}")
    for difference in found.differences:
        moved = f"{difference.before or 'absent'} → {difference.after or 'gone'}"
        lines += _hanging(f"{difference.path}: {moved}", width, "  ")
    lines += ["", f"Projects looked at: {found.compared}; advice changes for {len(found.changes) or 'none'}"]
    for change in found.changes:
        picks = f"{' = '.join(change.before) or 'no basis'} → {' = '.join(change.after) or 'no basis'}"
        expert = f" (expected {' or '.join(change.expert)})" if change.expert else ""
        lines += _hanging(f"{change.name}: {picks}{expert}", width, "  ")
    if found.skipped:
        lines += _hanging(
            f"Left out, because one of the two does not know the answers: {', '.join(found.skipped)}", width, ""
        )
    return "\n".join(lines)
