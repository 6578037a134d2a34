"""Facts become answers to the advice's needs, by the table in the markers file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from advisor.codebase.model import Evidence, Fact, Finding, FrameworkUse

if TYPE_CHECKING:
    from collections.abc import Mapping

SHOWN = 5


def answers_from(
    table: Mapping[str, Any],
    primary: FrameworkUse | None,
    facts: Mapping[str, Fact],
    lines: int,
    biggest: Evidence | None,
) -> dict[str, Finding]:
    """Return what the facts answer. A need about which they say nothing is left out: unknown, never "no".

    Args:
        table: need → how it is answered, from the markers file.
        primary: the framework that serves the project.
        facts: what it uses.
        lines: lines of shipped Python.
        biggest: the largest shipped file, as evidence for the size.
    """
    answers: dict[str, Finding] = {}
    for need, how in table.items():
        if isinstance(how, list):
            found = _first(how, facts)
        elif how["from"] == "lines":
            found = _by_size(how["steps"], lines, biggest)
        else:
            found = _by_primary(how, primary, biggest)
        if found:
            answers[need] = found
    return answers


def _first(rules: list[dict[str, Any]], facts: Mapping[str, Fact]) -> Finding | None:
    for rule in rules:
        fact = facts.get(rule.get("fact", "orm"))
        if fact is None or not fact.present or max(fact.count, 1) < rule["at_least"]:
            continue
        if "orm" in rule and not set(rule["orm"]) & set(fact.kinds or ()):
            continue
        also, without = rule.get("also"), rule.get("without")
        if also and not _present(facts, also):
            continue
        if without and _present(facts, without):
            continue
        return Finding((rule["choice"],), tuple(str(at) for at in fact.evidence[:SHOWN]))
    return None


def _present(facts: Mapping[str, Fact], name: str) -> bool:
    fact = facts.get(name)
    return fact is not None and fact.present


def _by_size(steps: list[list[Any]], lines: int, biggest: Evidence | None) -> Finding | None:
    if biggest is None:
        return None
    choice = next(choice for most, choice in steps if most is None or lines < most)
    return Finding((choice,), (f"{biggest.path}:{biggest.line} {lines:,} lines of Python; this file is the largest",))


def _by_primary(how: Mapping[str, Any], primary: FrameworkUse | None, biggest: Evidence | None) -> Finding | None:
    if primary is None:
        if "nothing" not in how or biggest is None:
            return None
        return Finding((how["nothing"],), (f"{biggest.path}:1 no file of the project wires a web framework",))
    choice = primary.framework if primary.alternative else how.get("other")
    return Finding((choice,), tuple(str(at) for at in primary.evidence[:SHOWN])) if choice else None
