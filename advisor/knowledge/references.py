"""What only makes sense between the entries of a rules file: ids that exist, words on a scale, no circles."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from advisor.errors import did_you_mean
from advisor.knowledge.defects import KeyPath
from advisor.knowledge.model import TOP_LEVEL
from advisor.knowledge.schema import ID, ChoiceEntry, CriterionEntry, NeedEntry, RulesFile, WeightEntry

MAX_JOINT = 65_536
"""How many joint answers needs that interact may have; every count over them is exact."""

_SECTIONS = {"alternative": "alternatives", "criterion": "criteria", "need": "needs", "group": "groups"}

HINTED = 200
NAMED = 20
UNREADABLE = 10**12

UNKNOWN = "unknown"
"""What an answer says that leaves its need open; no choice can be called so."""


class Flaw(NamedTuple):
    """A defect that does not know its line yet."""

    path: KeyPath
    message: str
    hint: str | None = None
    at_key: bool = False  #: whether the key is at fault rather than its value


class References:
    """Checks one file.

    Args:
        file: the file, sound in itself.
        doubtful: what the file says wrongly and what therefore holds a stand-in: nothing is said about it again.
    """

    def __init__(self, file: RulesFile, doubtful: Collection[KeyPath] = ()) -> None:
        self.file = file
        self.doubtful = frozenset(doubtful)
        self.touched = {path[:length] for path in self.doubtful for length in range(1, len(path) + 1)}
        self.flaws: list[Flaw] = []
        self.levels = {
            name: {word: level for level, words in criterion.scale.items() for word in words}
            for name, criterion in file.criteria.items()
        }
        self.choices = {name: list(need.choices) for name, need in file.needs.items()}

    def check(self) -> list[Flaw]:
        """Return everything that is wrong between the entries."""
        self._ids()
        for name, criterion in self.file.criteria.items():
            self._criterion(("criteria", name), name, criterion)
        for name, need in self.file.needs.items():
            self._need(("needs", name), need)
        self._remedies()
        self._advice()
        if not self.flaws and not self.doubtful:
            self._circles()
            self._blocks()
        return self.flaws

    def _flaw(self, path: KeyPath, message: str, hint: str | None = None, *, at_key: bool = False) -> None:
        if not self._is_doubtful(path):
            self.flaws.append(Flaw(path, message, hint, at_key))

    def _is_doubtful(self, path: KeyPath) -> bool:
        return bool(self.doubtful) and any(path[:length] in self.doubtful for length in range(1, len(path) + 1))

    def _known(self, path: KeyPath, kind: str, word: str, known: Collection[str], *, at_key: bool = False) -> bool:
        if word in known:
            return True
        if self._was_named(kind, word):
            return False
        # Looking for near words is slow enough to be noticed where thousands are unknown.
        hint = did_you_mean(word, known) if len(self.flaws) < HINTED else None
        self._flaw(path, f'there is no {kind} "{word}"', hint, at_key=at_key)
        return False

    def _was_named(self, kind: str, word: str) -> bool:
        """Tell whether an id is missing only because its entry is wrong, which is told there."""
        need = kind.removeprefix("choice of ")
        entry = ("needs", need, "choices", word) if need != kind else (_SECTIONS.get(kind, kind), word)
        return self._is_doubtful(entry)

    def _ids(self) -> None:
        import re

        pattern = re.compile(ID)
        sections: Iterable[tuple[KeyPath, Mapping[str, object]]] = [
            (("alternatives",), self.file.alternatives),
            (("groups",), self.file.groups),
            (("criteria",), self.file.criteria),
            (("needs",), self.file.needs),
            (("remedies",), self.file.remedies),
            (("caveats",), self.file.caveats),
            (("splits",), self.file.splits),
            *((("needs", name, "choices"), need.choices) for name, need in self.file.needs.items()),
        ]
        for path, entries in sections:
            for name in entries:
                if not pattern.match(name):
                    message = "an id is made of small letters, digits and single hyphens"
                    self._flaw((*path, name), message, at_key=True)
                elif name == UNKNOWN and path[-1] == "choices":
                    message = f'"{UNKNOWN}" stands for an answer that is left open, so no choice can be called so'
                    self._flaw((*path, name), message, at_key=True)

    def _criterion(self, path: KeyPath, name: str, criterion: CriterionEntry) -> None:
        if criterion.group is not None:
            self._known((*path, "group"), "group", criterion.group, self.file.groups)
        first: dict[str, int] = {}
        for level, words in criterion.scale.items():
            if criterion.kind == "grade" and not 0 <= level <= TOP_LEVEL:
                self._flaw((*path, "scale", level), f"expected a level from 0 to {TOP_LEVEL}", at_key=True)
            for index, word in enumerate(words):
                if word in first:
                    message = f'"{word}" stands for level {first[word]} already'
                    self._flaw((*path, "scale", level, index), message)
                first.setdefault(word, level)
        for alternative in self.file.alternatives:
            if alternative not in criterion.ratings:
                self._flaw((*path, "ratings"), f'the rating of "{alternative}" is missing', at_key=True)
        for alternative, rating in criterion.ratings.items():
            at = (*path, "ratings", alternative)
            if self._known(at, "alternative", alternative, self.file.alternatives, at_key=True):
                self._word((*at, "word"), name, rating.word)

    def _word(self, path: KeyPath, criterion: str, word: str) -> None:
        if word not in self.levels[criterion] and not self._is_doubtful(("criteria", criterion, "scale")):
            message = f'"{word}" is not on the scale of {criterion}'
            hint = did_you_mean(word, self.levels[criterion]) if len(self.flaws) < HINTED else None
            self._flaw(path, message, hint)

    def _level(self, path: KeyPath, criterion: str, level: int | str) -> None:
        """Check a level or word of a grade."""
        if self._is_doubtful(("criteria", criterion, "scale")) or self._is_doubtful(("criteria", criterion, "kind")):
            return
        if self.file.criteria[criterion].kind == "match":
            self._flaw(path, f"{criterion} is a match: its kinds are not better or worse")
        elif isinstance(level, str):
            self._word(path, criterion, level)
        elif level not in self.file.criteria[criterion].scale:
            known = ", ".join(str(known) for known in sorted(self.file.criteria[criterion].scale))
            self._flaw(path, f"{level} is not a level of {criterion}", f"its levels: {known}")

    def _condition(self, path: KeyPath, condition: Mapping[str, list[str]]) -> None:
        for need, choices in condition.items():
            if not self._known((*path, need), "need", need, self.choices, at_key=True):
                continue
            for index, choice in enumerate(choices):
                self._known((*path, need, index), f"choice of {need}", choice, self.choices[need])

    def _need(self, path: KeyPath, need: NeedEntry) -> None:
        self._condition((*path, "applies_when"), need.applies_when)
        for name, choice in need.choices.items():
            self._choice((*path, "choices", name), choice)

    def _choice(self, path: KeyPath, choice: ChoiceEntry) -> None:
        for criterion, weights in choice.weights.items():
            at = (*path, "weights", criterion)
            if not self._known(at, "criterion", criterion, self.file.criteria, at_key=True):
                continue
            for index, weight in enumerate(weights):
                self._fit((*at, index), criterion, weight)
                self._condition((*at, index, "when"), weight.when)
                self._condition((*at, index, "unless"), weight.unless)
        for criterion, requirements in choice.requires.items():
            at = (*path, "requires", criterion)
            if not self._known(at, "criterion", criterion, self.file.criteria, at_key=True):
                continue
            for index, requirement in enumerate(requirements):
                self._level((*at, index, "at_least"), criterion, requirement.at_least)
                self._condition((*at, index, "when"), requirement.when)
                self._condition((*at, index, "unless"), requirement.unless)

    def _fit(self, path: KeyPath, criterion: str, weight: WeightEntry) -> None:
        if self._is_doubtful(("criteria", criterion, "scale")) or self._is_doubtful(("criteria", criterion, "kind")):
            return
        if (*path, "fit") in self.touched:
            return
        matching = self.file.criteria[criterion].kind == "match"
        if matching and not weight.fit:
            kinds = ", ".join(words[0] for words in self.file.criteria[criterion].scale.values())
            self._flaw(path, f"{criterion} is a match: its weight needs a fit for its kinds", f"its kinds: {kinds}")
        elif not matching and weight.fit is not None:
            message = f"{criterion} is a grade: its level tells how well it does, a fit is only for a match"
            self._flaw((*path, "fit"), message, at_key=True)
        elif weight.fit:
            told: dict[int, str] = {}
            for kind in weight.fit:
                self._kind((*path, "fit", kind), criterion, kind, told)
            if not any(weight.fit.values()):
                self._flaw((*path, "fit"), "no kind fits: the weight could never count", at_key=True)

    def _kind(self, path: KeyPath, criterion: str, kind: str, told: dict[int, str]) -> None:
        levels = self.levels[criterion]
        if not self._known(path, f"kind of {criterion}", kind, levels, at_key=True):
            return
        if levels[kind] in told:
            self._flaw(path, f'is the same kind as "{told[levels[kind]]}"', at_key=True)
        told.setdefault(levels[kind], kind)

    def _remedies(self) -> None:
        for name, remedy in self.file.remedies.items():
            at: KeyPath = ("remedies", name)
            self._known((*at, "alternative"), "alternative", remedy.alternative, self.file.alternatives)
            for criterion, level in remedy.lifts.items():
                if self._known((*at, "lifts", criterion), "criterion", criterion, self.file.criteria, at_key=True):
                    self._level((*at, "lifts", criterion), criterion, level)

    def _advice(self) -> None:
        for name, caveat in self.file.caveats.items():
            for index, alternative in enumerate(caveat.alternatives):
                at: KeyPath = ("caveats", name, "alternatives", index)
                self._known(at, "alternative", alternative, self.file.alternatives)
            self._condition(("caveats", name, "when"), caveat.when)
            self._condition(("caveats", name, "unless"), caveat.unless)
        for name, split in self.file.splits.items():
            for part, alternative in split.parts.items():
                self._known(("splits", name, "parts", part), "alternative", alternative, self.file.alternatives)
            self._condition(("splits", name, "when"), split.when)
            self._condition(("splits", name, "unless"), split.unless)
        self._legacy()

    def _legacy(self) -> None:
        legacy = self.file.legacy
        if legacy is None:
            return
        if self._known(("legacy", "need"), "need", legacy.need, self.choices):
            for choice in legacy.current:
                at: KeyPath = ("legacy", "current", choice)
                self._known(at, f"choice of {legacy.need}", choice, self.choices[legacy.need], at_key=True)
        for choice, alternative in legacy.current.items():
            if alternative is not None:
                self._known(("legacy", "current", choice), "alternative", alternative, self.file.alternatives)
        for index, rule in enumerate(legacy.rules):
            self._condition(("legacy", "rules", index, "when"), rule.when)
            self._placeholders(("legacy", "rules", index, "because"), rule.because)

    def _placeholders(self, path: KeyPath, text: str) -> None:
        import re

        for name in re.findall(r"\{([^{}]*)\}", text):
            self._known(path, "placeholder", name, ("current", "pick"))

    def _circles(self) -> None:
        """Refuse needs that wait for each other: none of them could ever be asked."""
        waits = {name: list(need.applies_when) for name, need in self.file.needs.items()}
        cleared: set[str] = set()
        for start in waits:
            trail: list[str] = []
            ways = [iter([start])]
            on_trail: set[str] = set()
            while ways:
                onward = next(ways[-1], None)
                if onward is None:
                    ways.pop()
                    if trail:
                        cleared.add(trail[-1])
                        on_trail.discard(trail.pop())
                elif onward in on_trail:
                    circle = [*trail[trail.index(onward) :], onward]
                    message = f"applies only when needs apply that wait for it: {_some(circle, ' → ')}"
                    self._flaw(("needs", onward, "applies_when"), message, at_key=True)
                elif onward not in cleared:
                    trail.append(onward)
                    on_trail.add(onward)
                    ways.append(iter(waits[onward]))

    def _blocks(self) -> None:
        for block in blocks(self.file):
            joint = math.prod(len(self.choices[need]) for need in block)
            if joint > MAX_JOINT:
                many = f"{joint:,}" if joint < UNREADABLE else "very many"
                message = (
                    f"needs that interact have {many} joint answers, more than {MAX_JOINT:,} that are counted one "
                    f"by one: {_some(block, ', ')}"
                )
                hint = "use fewer conditions and smaller groups"
                self._flaw(("needs", block[0]), message, hint, at_key=True)


def _some(names: list[str], between: str) -> str:
    """Join names; of very many the first."""
    return between.join(names[:NAMED]) + (f"{between}… ({len(names)} in all)" if len(names) > NAMED else "")


def blocks(file: RulesFile) -> list[list[str]]:
    """Return the needs that interact: through a condition, or through a group whose limit can be reached."""
    parent = {name: name for name in file.needs}
    order = {name: place for place, name in enumerate(file.needs)}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    joined = [(name, other) for name, need in file.needs.items() for other in sorted(_named_in_conditions(need))]
    for sharing in _sharing(file):
        joined += [(sharing[0], other) for other in sharing[1:]]
    for name, other in joined:
        first, second = sorted((root(name), root(other)), key=order.__getitem__)
        parent[second] = first
    found: dict[str, list[str]] = {}
    for name in file.needs:
        found.setdefault(root(name), []).append(name)
    return list(found.values())


def _sharing(file: RulesFile) -> list[list[str]]:
    """Return, for every group whose limit some answers reach, the needs that weigh it."""
    heaviest: dict[str, dict[str, int]] = {}
    for name, need in file.needs.items():
        for choice in need.choices.values():
            sums: dict[str, int] = {}
            for criterion, weights in choice.weights.items():
                group = file.criteria[criterion].group
                if group is not None:
                    sums[group] = sums.get(group, 0) + sum(weight.weight for weight in weights)
            for group, weight in sums.items():
                own = heaviest.setdefault(group, {})
                own[name] = max(own.get(name, 0), weight)
    return [list(needs) for group, needs in heaviest.items() if sum(needs.values()) > file.groups[group].limit]


def _named_in_conditions(need: NeedEntry) -> set[str]:
    named = set(need.applies_when)
    for choice in need.choices.values():
        for weights in choice.weights.values():
            named.update(*((*weight.when, *weight.unless) for weight in weights))
        for requirements in choice.requires.values():
            named.update(*((*requirement.when, *requirement.unless) for requirement in requirements))
    return named
