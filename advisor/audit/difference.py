"""What differs between two editions of rules, and which advice changes with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from advisor.audit.cases import Case, winners
from advisor.decision.table import compile_table
from advisor.errors import AdvisorError
from advisor.knowledge.model import Condition, Criterion, Need, Remedy, Requirement, Rules, Weight


class Difference(NamedTuple):
    """One part that differs."""

    kind: str  #: rating, weight, requirement, remedy, or an entry that was added or removed
    path: str
    before: str | None  #: None: it was not there
    after: str | None  #: None: it is gone


class PickChange(NamedTuple):
    """One project for which the advice changes."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    expert: tuple[str, ...]  #: what a case expects; empty for plain answers


class Comparison(NamedTuple):
    """Two editions side by side."""

    before: Rules
    after: Rules
    differences: tuple[Difference, ...]
    compared: int  #: projects for which both gave advice
    skipped: tuple[str, ...]  #: projects whose answers one of the two does not know
    changes: tuple[PickChange, ...]


def compare_rules(
    before: Rules, after: Rules, cases: Sequence[Case] = (), answers: Mapping[str, object] | None = None
) -> Comparison:
    """Compare two editions of rules.

    Args:
        before: the older edition.
        after: the newer edition.
        cases: projects to give advice for with both.
        answers: one more project, from an answers file.
    """
    projects: list[tuple[str, Mapping[str, object], tuple[str, ...]]] = [
        (case.id, case.answers, case.expert) for case in cases
    ]
    if answers is not None:
        projects.append(("answers", answers, ()))
    changes: list[PickChange] = []
    skipped: list[str] = []
    for name, given, expert in projects:
        try:
            old, new = _picks(before, given), _picks(after, given)
        except AdvisorError:
            skipped.append(name)
            continue
        if old != new:
            changes.append(PickChange(name, old, new, expert))
    return Comparison(
        before,
        after,
        tuple(_differences(before, after)),
        len(projects) - len(skipped),
        tuple(skipped),
        tuple(changes),
    )


def _picks(rules: Rules, answers: Mapping[str, object]) -> tuple[str, ...]:
    return winners(compile_table(rules), answers)


def _differences(before: Rules, after: Rules) -> Iterator[Difference]:
    sections = (
        ("alternative", "alternatives", _names(before.alternatives), _names(after.alternatives)),
        ("criterion", "criteria", _names(before.criteria), _names(after.criteria)),
        ("need", "needs", _names(before.needs), _names(after.needs)),
    )
    for kind, section, old, new in sections:
        yield from _changed(kind, section, old, new)
    old_criteria = {criterion.id: criterion for criterion in before.criteria}
    for criterion in after.criteria:
        if criterion.id in old_criteria:
            own = old_criteria[criterion.id]
            path = f"criteria › {criterion.id}"
            yield from _changed("rating", f"{path} › ratings", _ratings(own), _ratings(criterion))
            yield from _changed("criterion", path, _settings(own), _settings(criterion))
    limits = [{group.id: f"limit {group.limit}" for group in rules.groups} for rules in (before, after)]
    yield from _changed("group", "groups", limits[0], limits[1])
    old_needs = {need.id: need for need in before.needs}
    for need in after.needs:
        if need.id in old_needs:
            yield from _need(old_needs[need.id], need)
    yield from _changed("remedy", "remedies", _lifts(before.remedies), _lifts(after.remedies))


def _changed(kind: str, path: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Difference]:
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            yield Difference(kind, f"{path} › {name}", old.get(name), new.get(name))


def _names(entries: Sequence[object]) -> dict[str, str]:
    return {entry.id: "there" for entry in entries}  # type: ignore[attr-defined]  # every entry has an id


def _ratings(criterion: Criterion) -> dict[str, str]:
    return {name: f"{rating.word} ({rating.level})" for name, rating in criterion.ratings.items()}


def _settings(criterion: Criterion) -> dict[str, str]:
    scale = "; ".join(f"{step.level} {' / '.join(step.words)}" for step in criterion.scale)
    return {"scale": scale, "group": criterion.group or "none", "kind": criterion.kind}


def _need(before: Need, after: Need) -> Iterator[Difference]:
    path = f"needs › {after.id} › choices"
    old = {choice.id: choice for choice in before.choices}
    yield from _changed("choice", path, _names(before.choices), _names(after.choices))
    for choice in after.choices:
        if choice.id in old:
            own = old[choice.id]
            at = f"{path} › {choice.id}"
            yield from _changed("weight", f"{at} › weights", _weights(own.weights), _weights(choice.weights))
            yield from _changed(
                "requirement", f"{at} › requires", _requirements(own.requirements), _requirements(choice.requirements)
            )


def _weights(weights: Sequence[Weight]) -> dict[str, str]:
    told: dict[str, list[str]] = {}
    for weight in weights:
        fit = ", ".join(f"{kind} {level}" for kind, level in (weight.fit or {}).items())
        parts = [str(weight.weight), f"fit {fit}" if fit else "", *_conditions(weight.when, weight.unless)]
        told.setdefault(weight.criterion, []).append(" ".join(part for part in parts if part))
    return {criterion: "; ".join(texts) for criterion, texts in told.items()}


def _requirements(requirements: Sequence[Requirement]) -> dict[str, str]:
    told: dict[str, list[str]] = {}
    for requirement in requirements:
        how = "with add-ons" if requirement.with_remedies else "bare"
        parts = [f"at least {requirement.at_least}", how, *_conditions(requirement.when, requirement.unless)]
        told.setdefault(requirement.criterion, []).append(" ".join(parts))
    return {criterion: "; ".join(texts) for criterion, texts in told.items()}


def _conditions(when: Condition, unless: Condition) -> list[str]:
    told = []
    for word, condition in (("when", when), ("unless", unless)):
        if condition:
            pairs = [f"{need} is {' or '.join(choices)}" for need, choices in condition]
            told.append(f"{word} {' and '.join(pairs)}")
    return told


def _lifts(remedies: Sequence[Remedy]) -> dict[str, str]:
    return {
        remedy.id: ", ".join(f"{criterion} to {level}" for criterion, level in remedy.lifts.items())
        for remedy in remedies
    }
