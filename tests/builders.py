"""Rules for tests, written the way one thinks of them.

rules(
    alternatives="a b c",
    criteria={"docs": "4 1 0", "kind": kinds("big small small")},
    needs={"docs": {"no": {}, "must": {"docs": 3}}, "style": {"any": {}, "big": {"kind": fit(2, big=4)}}},
)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from advisor.knowledge.model import (
    Alternative,
    Choice,
    Condition,
    Criterion,
    Group,
    Legacy,
    Level,
    Need,
    Rating,
    Remedy,
    Requirement,
    Rules,
    Weight,
)

Given = Mapping[str, Any]


def rules(
    *,
    alternatives: str = "a b c",
    criteria: Given | None = None,
    needs: Given | None = None,
    groups: Mapping[str, int] | None = None,
    legacy: Legacy | None = None,
    **more: Any,
) -> Rules:
    """Build rules.

    Args:
        alternatives: ids, separated by blanks; names are the ids in capitals.
        criteria: id → levels by alternative ("4 1 0"), or `grade(...)` or `kinds(...)`.
        needs: id → {choice: {criterion: weight or weight(...) or fit(...) or must(...), …}}, or `need(...)`.
        groups: id → limit.
        legacy: advice on a code base that exists.
        more: further fields of `Rules`.
    """
    names = alternatives.split()
    fields: dict[str, Any] = {
        "name": "test-rules",
        "version": "1",
        "title": "Rules for a test",
        "subject": "options",
        "digest": "sha256:0",
        "folder": "",
        "remedies": (),
        "caveats": (),
        "splits": (),
        "examples": (),
        "gaps": (),
    }
    return Rules(
        alternatives=tuple(Alternative(name, name.upper(), "", "", (f"{name} changes",)) for name in names),
        groups=tuple(Group(group, group, limit, "") for group, limit in (groups or {}).items()),
        criteria=tuple(_criterion(name, given, names) for name, given in (criteria or {}).items()),
        needs=tuple(_need(name, given) for name, given in (needs or {}).items()),
        legacy=legacy,
        **{**fields, **more},
    )


def grade(levels: str, *, group: str | None = None, scale: Sequence[int] = range(5)) -> dict[str, Any]:
    """A graded criterion: levels by alternative, and which levels its scale has."""
    return {"levels": [int(level) for level in levels.split()], "group": group, "scale": list(scale), "kind": "grade"}


def kinds(words: str, *, group: str | None = None) -> dict[str, Any]:
    """A criterion that only fits or not: the kind of every alternative."""
    listed = words.split()
    named = list(dict.fromkeys(listed))
    return {"levels": [named.index(word) for word in listed], "group": group, "words": named, "kind": "match"}


def when(**pairs: str) -> Condition:
    """A condition: need="choice other"."""
    return tuple((need.replace("_", "-"), tuple(choices.split())) for need, choices in pairs.items())


def weight(value: int, *, when: Condition = (), unless: Condition = ()) -> dict[str, Any]:
    """A weight under conditions."""
    return {"weight": value, "fit": None, "when": when, "unless": unless}


def fit(value: int, *, when: Condition = (), unless: Condition = (), **kinds: int) -> dict[str, Any]:
    """A weight on a criterion of kinds: kind=how well it fits."""
    return {"weight": value, "fit": kinds, "when": when, "unless": unless}


def must(at_least: int, *, with_remedies: bool = False, when: Condition = (), unless: Condition = ()) -> dict[str, Any]:
    """A requirement."""
    return {"at_least": at_least, "with_remedies": with_remedies, "when": when, "unless": unless}


def need(
    choices: Given,
    *,
    kind: str = "wish",
    ordered: bool = True,
    core: bool = False,
    applies_when: Condition = (),
) -> dict[str, Any]:
    """A need with everything that can be said of one."""
    return {"choices": choices, "kind": kind, "ordered": ordered, "core": core, "applies_when": applies_when}


def remedy(alternative: str, name: str | None = None, **lifts: int) -> Remedy:
    """An add-on: criterion=level reached with it."""
    title = name or f"{alternative}-addon"
    return Remedy(title, alternative, title, lifts, "", "", "", "", None)


def _criterion(name: str, given: Any, alternatives: Sequence[str]) -> Criterion:
    spec = grade(given) if isinstance(given, str) else given
    words = spec.get("words")
    scale = (
        tuple(Level(place, (word,)) for place, word in enumerate(words))
        if words
        else tuple(Level(level, (f"level {level}",)) for level in spec["scale"])
    )
    by_level = {step.level: step.words[0] for step in scale}
    ratings = {
        alternative: Rating(by_level[level], level, "", "", "", "", None, None)
        for alternative, level in zip(alternatives, spec["levels"], strict=True)
    }
    return Criterion(name, name.title(), spec["kind"], scale, spec["group"], False, "", ratings)


def _need(name: str, given: Any) -> Need:
    spec = given if "choices" in given else need(given)
    choices = tuple(_choice(choice, parts) for choice, parts in spec["choices"].items())
    return Need(
        name,
        name.title(),
        f"{name}?",
        "",
        {},
        spec["kind"],
        spec["ordered"],
        spec["core"],
        spec["applies_when"],
        choices,
    )


def _choice(name: str, parts: Given) -> Choice:
    weights: list[Weight] = []
    requirements: list[Requirement] = []
    for criterion, given in parts.items():
        for part in given if isinstance(given, list) else [given]:
            spec = weight(part) if isinstance(part, int) else part
            if "at_least" in spec:
                requirements.append(Requirement(criterion, because="", **spec))
            else:
                weights.append(Weight(criterion, **spec))
    return Choice(name, name, "", tuple(weights), tuple(requirements))
