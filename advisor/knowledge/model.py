"""The words of the field as frozen records: what a rules file says, checked and complete.

Every record is a `NamedTuple`: immutable, and four times cheaper to define than a frozen dataclass, which counts
in a program that answers within the start-up time of its libraries.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, TypeVar

TOP_LEVEL = 4
"""The best level any scale may have; the worst is 0. Scales are fixed, never normalised within the set compared."""

Condition = tuple[tuple[str, tuple[str, ...]], ...]
"""A conjunction: every (need, choices) pair must hold. A pair holds when the need's answer is known to lie within
`choices`. The empty condition always holds as `when` and never holds as `unless`."""


class Rating(NamedTuple):
    """How one alternative does on one criterion, bare, without add-ons."""

    word: str  #: as printed in the comparison table
    level: int  #: 0..TOP_LEVEL on a grade; the number of the kind on a match
    mark: str  #: the table's mark ("✅", "⚠️", "❌"), or ""
    because: str  #: one sentence
    source: str  #: documentation page
    checked: str  #: ISO date on which the source was read or the check run
    check: str | None  #: test that shows it, as a pytest node id relative to tests/evidence
    note: str | None  #: what is dated or too coarse about the word today


class Level(NamedTuple):
    """One step of a scale, or one kind of a `match` criterion."""

    level: int
    words: tuple[str, ...]  #: printed words that mean the same level; the first names it


class Criterion(NamedTuple):
    """What alternatives are compared by: a row of the comparison table."""

    id: str
    title: str
    kind: Literal["grade", "match"]  #: a grade has better and worse; a match only fits an answer or not
    scale: tuple[Level, ...]  #: worst to best for a grade
    group: str | None  #: criteria that measure one cause share a group
    table: bool  #: a row of the starting table
    meaning: str  #: one sentence: what is compared
    ratings: Mapping[str, Rating]  #: alternative → rating, one for every alternative

    def word_of(self, level: int) -> str:
        """Return the first word of a level of this scale."""
        return next(step.words[0] for step in self.scale if step.level == level)


class Group(NamedTuple):
    """Criteria with one cause. Together they weigh no more than `limit`, so nothing counts twice unnoticed."""

    id: str
    title: str
    limit: int
    because: str


class Weight(NamedTuple):
    """How much a choice makes a criterion matter."""

    criterion: str
    weight: int  #: > 0
    fit: Mapping[str, int] | None  #: only on match criteria: kind's first word → level 0..TOP_LEVEL (absent: 0)
    when: Condition
    unless: Condition


class Requirement(NamedTuple):
    """A level that a choice makes a must; an alternative below it is excluded."""

    criterion: str
    at_least: int
    with_remedies: bool  #: whether the level reached with the usual add-on counts
    because: str
    when: Condition
    unless: Condition


class Choice(NamedTuple):
    """One possible answer."""

    id: str
    label: str
    choose_if: str
    weights: tuple[Weight, ...]
    requirements: tuple[Requirement, ...]


class Need(NamedTuple):
    """One question about the project."""

    id: str
    title: str  #: two or three words, for tables
    question: str
    help: str
    terms: Mapping[str, str]  #: term → plain meaning
    kind: Literal["fact", "wish"]  #: wishes can be changed, facts cannot
    ordered: bool  #: whether the choices lie on a scale, so that distance means something
    core: bool  #: asked first when it can matter
    applies_when: Condition
    choices: tuple[Choice, ...]

    @property
    def choice_ids(self) -> tuple[str, ...]:
        """The ids of the choices, in file order."""
        return tuple(choice.id for choice in self.choices)

    def choice(self, choice_id: str) -> Choice:
        """Return a choice by id (KeyError when there is none)."""
        for choice in self.choices:
            if choice.id == choice_id:
                return choice
        raise KeyError(choice_id)


class Remedy(NamedTuple):
    """A well-kept add-on that lifts ratings, with its cost."""

    id: str
    alternative: str
    name: str
    lifts: Mapping[str, int]  #: criterion → level reached with it
    gives: str  #: what it brings, one sentence
    cost: str  #: another dependency, another maintainer, more to learn
    source: str
    checked: str
    check: str | None


class Alternative(NamedTuple):
    """A framework that can be chosen."""

    id: str
    name: str
    summary: str
    homepage: str
    revisit_when: tuple[str, ...]  #: events after which advice for it should be looked at again


class Caveat(NamedTuple):
    """A measured truth that is shown beside advice when it bears on it."""

    id: str
    text: str
    alternatives: tuple[str, ...]  #: shown when one of these leads; empty: whichever leads
    when: Condition
    unless: Condition
    source: str
    checked: str
    check: str | None


class LegacyRule(NamedTuple):
    """One line of the advice on a code base that exists; the first that holds is given."""

    advice: Literal["stay", "move", "move-gradually"]
    pick: Literal["same", "other", "any"]  #: whether the pick is the alternative in use
    when: Condition
    because: str  #: may name {current} and {pick}
    topic: str | None = None  #: the topic of the example that shows how


class Legacy(NamedTuple):
    """Which need tells the alternative in use, and what to advise then."""

    need: str
    current: Mapping[str, str | None]  #: choice → alternative in use; None: one not compared; absent: no code base
    rules: tuple[LegacyRule, ...]


class Split(NamedTuple):
    """Advice to use two alternatives side by side, each for its part."""

    id: str
    parts: tuple[tuple[str, str], ...]  #: (part of the project, alternative)
    when: Condition
    unless: Condition
    because: str
    how: str
    source: str


class Example(NamedTuple):
    """A runnable file for an alternative and a topic."""

    alternative: str
    topic: str
    title: str
    shows: str  #: one sentence: what to look at
    path: str  #: main file, relative to the folder of the rules file
    files: tuple[str, ...]  #: every file of the example, relative likewise
    run: str
    try_lines: tuple[tuple[str, str], ...]  #: (command, its output)
    criteria: tuple[str, ...]  #: the criteria it is evidence for
    versions: Mapping[str, str]


class Gap(NamedTuple):
    """A cell of the example grid that has no example, and why."""

    alternative: str
    topic: str
    why_not: str


Entry = TypeVar("Entry", Alternative, Criterion, Need)

REMEMBERED = 24

_indexes: dict[int, tuple[object, Mapping[str, Any]]] = {}


def _by_id(entries: tuple[Entry, ...]) -> Mapping[str, Entry]:
    """Return entries by id, the first of equals; remembered for the last few: reports look up thousands of times."""
    found = _indexes.get(id(entries))
    if found is None:
        # The entries are kept beside their index, so that their id cannot be given to others meanwhile.
        index = {entry.id: entry for entry in reversed(entries)}
        found = _indexes[id(entries)] = (entries, index)
        if len(_indexes) > REMEMBERED:
            _indexes.pop(next(iter(_indexes)), None)
    return found[1]


class Rules(NamedTuple):
    """A whole rules file, checked: every id resolves, every rating is there."""

    name: str
    version: str
    title: str
    subject: str  #: what is compared, plural, e.g. "frameworks"
    digest: str  #: "sha256:…" over the bytes of every file that went in
    folder: str  #: folder of the rules file; example paths are relative to it
    alternatives: tuple[Alternative, ...]
    groups: tuple[Group, ...]
    criteria: tuple[Criterion, ...]
    needs: tuple[Need, ...]
    remedies: tuple[Remedy, ...]
    caveats: tuple[Caveat, ...]
    legacy: Legacy | None
    splits: tuple[Split, ...]
    examples: tuple[Example, ...]
    gaps: tuple[Gap, ...]

    def need(self, need_id: str) -> Need:
        """Return a need by id (KeyError when there is none)."""
        return _by_id(self.needs)[need_id]

    def criterion(self, criterion_id: str) -> Criterion:
        """Return a criterion by id (KeyError when there is none)."""
        return _by_id(self.criteria)[criterion_id]

    def alternative(self, alternative_id: str) -> Alternative:
        """Return an alternative by id (KeyError when there is none)."""
        return _by_id(self.alternatives)[alternative_id]
