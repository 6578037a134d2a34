"""Which parts of the rules do the cases hold in place?

Every part is mutated, one at a time, and all cases are run again. A part is covered when the mutation changes who is
picked, or who is excluded, in at least one case:

* a rating, when it is moved by one step of its scale, up or down (on a match: to any other kind);
* a choice, when a case that gives it as its only answer to the need is left without that answer;
* a requirement, when it is taken away;
* a remedy, when it is taken away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from advisor.audit.cases import Case
from advisor.decision.answers import parse_answers
from advisor.decision.table import Outcome, Table
from advisor.knowledge.model import Choice, Criterion, Rules

Kind = str
KINDS = ("ratings", "choices", "requirements", "remedies")


class Part(NamedTuple):
    """One part of the rules, by kind and key path."""

    kind: Kind
    path: str


class Coverage(NamedTuple):
    """The parts that some case holds in place, and those that none does."""

    covered: tuple[Part, ...]
    missed: tuple[Part, ...]

    def of(self, kind: Kind) -> tuple[int, int]:
        """Return how many parts of a kind are covered, and how many there are."""
        covered = sum(part.kind == kind for part in self.covered)
        return covered, covered + sum(part.kind == kind for part in self.missed)


def cover(rules: Rules, cases: Sequence[Case]) -> Coverage:
    """Mutate every part of the rules and see whether any case notices."""
    bench = _Bench(rules, cases)
    covered: list[Part] = []
    missed: list[Part] = []
    for part, noticed in _parts(bench):
        (covered if noticed else missed).append(part)
    return Coverage(tuple(covered), tuple(missed))


class _Bench:
    """The cases with what the unchanged rules make of them."""

    def __init__(self, rules: Rules, cases: Sequence[Case]) -> None:
        self.rules = rules
        self.table = Table(rules)
        self.states = [self.table.state(parse_answers(rules, case.answers)) for case in cases]
        self.before = [self._said(self.table, state) for state in self.states]
        self.touched: dict[str, list[int]] = {}
        for number, state in enumerate(self.states):
            terms, musts = self.table.active(self.table.applied(state), range(len(self.table.full)))
            for place in {term.criterion for term in terms} | {must.criterion for must in musts}:
                self.touched.setdefault(rules.criteria[place].id, []).append(number)

    @staticmethod
    def _said(table: Table, state: Sequence[int]) -> tuple[int, int]:
        outcome: Outcome = table.outcome(state)
        return table.leaders(outcome), outcome.excluded

    def notices(self, mutated: Rules, criteria: Sequence[str]) -> bool:
        """Tell whether any case that the criteria matter to comes out differently."""
        numbers = sorted({number for criterion in criteria for number in self.touched.get(criterion, ())})
        if not numbers:
            return False
        table = Table(mutated)
        # Another table packs its numbers the same way as long as its weights are the same; the names always hold.
        return any(self._names(table, number) != self._names(self.table, number) for number in numbers)

    def _names(self, table: Table, number: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        lead, excluded = self.before[number] if table is self.table else self._said(table, self.states[number])
        return table.names(lead), table.names(excluded)

    def misses_answer(self, need: int, bit: int) -> bool:
        """Tell whether any case that gives a choice comes out differently without it."""
        for number, state in enumerate(self.states):
            if state[need] == bit:
                without = [*state]
                without[need] = 0
                if self._said(self.table, without) != self.before[number]:
                    return True
        return False


def _parts(bench: _Bench) -> Iterator[tuple[Part, bool]]:
    rules = bench.rules
    for criterion in rules.criteria:
        for alternative in criterion.ratings:
            part = Part("ratings", f"criteria › {criterion.id} › ratings › {alternative}")
            yield part, any(bench.notices(moved, [criterion.id]) for moved in moves(rules, criterion, alternative))
    for need, entry in enumerate(rules.needs):
        for at, choice in enumerate(entry.choices):
            path = f"needs › {entry.id} › choices › {choice.id}"
            yield Part("choices", path), bench.misses_answer(need, 1 << at)
            for number, requirement in enumerate(choice.requirements):
                part = Part("requirements", f"{path} › requires › {requirement.criterion}")
                yield (
                    part,
                    bench.notices(_without_requirement(rules, entry.id, choice, number), [requirement.criterion]),
                )
    for remedy in rules.remedies:
        left = rules._replace(remedies=tuple(other for other in rules.remedies if other != remedy))
        yield Part("remedies", f"remedies › {remedy.id}"), bench.notices(left, list(remedy.lifts))


def moves(rules: Rules, criterion: Criterion, alternative: str) -> Iterator[Rules]:
    """Yield the rules with one rating moved by one step of its scale, or to every other kind of a match."""
    levels = [step.level for step in criterion.scale]
    at = levels.index(criterion.ratings[alternative].level)
    near = range(len(levels)) if criterion.kind == "match" else range(max(at - 1, 0), min(at + 2, len(levels)))
    for other in near:
        if other != at:
            yield with_level(rules, criterion, alternative, levels[other])


def with_level(rules: Rules, criterion: Criterion, alternative: str, level: int) -> Rules:
    """Return the rules with another level for one rating."""
    moved = criterion.ratings[alternative]._replace(level=level, word=criterion.word_of(level))
    changed = criterion._replace(ratings={**criterion.ratings, alternative: moved})
    return rules._replace(criteria=tuple(changed if own.id == criterion.id else own for own in rules.criteria))


def _without_requirement(rules: Rules, need_id: str, choice: Choice, number: int) -> Rules:
    left = choice._replace(requirements=(*choice.requirements[:number], *choice.requirements[number + 1 :]))
    return rules._replace(
        needs=tuple(
            need._replace(choices=tuple(left if own.id == choice.id else own for own in need.choices))
            if need.id == need_id
            else need
            for need in rules.needs
        )
    )
