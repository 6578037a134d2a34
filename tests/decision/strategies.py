"""Random small rules with everything in them: kinds, groups, conditions, gates, requirements, remedies."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from advisor.knowledge.model import Condition, Rules
from tests.builders import fit, grade, kinds, must, need, remedy, rules, weight

NAMES = "abcd"
CHOICES = ("no", "nice", "must")
Case = tuple[Rules, dict[str, list[str]]]


@st.composite
def conditions(draw: st.DrawFn, others: list[str], ways: dict[str, int]) -> Condition:
    if not others or draw(st.integers(0, 3)):
        return ()
    named = draw(st.sampled_from(others))
    choices = draw(st.lists(st.sampled_from(CHOICES[: ways[named]]), min_size=1, max_size=2, unique=True))
    return ((named, tuple(choices)),)


@st.composite
def rule_sets(
    draw: st.DrawFn, *, alternatives: int | None = None, most_needs: int = 4, gated: bool = True, plain: bool = False
) -> Rules:
    """Draw rules; `plain`: graded weights only, without conditions, groups or requirements."""
    count = alternatives or draw(st.integers(2, 4))
    levels = st.lists(st.integers(0, 4), min_size=count, max_size=count)
    criteria: dict[str, Any] = {}
    groups = {} if plain else {"g": draw(st.integers(1, 5))}
    for number in range(draw(st.integers(1, 4))):
        group = draw(st.sampled_from([None, None, "g"])) if groups else None
        if plain or draw(st.integers(0, 3)):
            criteria[f"c{number}"] = grade(" ".join(map(str, draw(levels))), group=group)
        else:
            words = draw(st.lists(st.sampled_from("xyz"), min_size=count, max_size=count))
            criteria[f"c{number}"] = kinds(" ".join(words), group=group)
    ids = [f"n{number}" for number in range(draw(st.integers(1, most_needs)))]
    ways = {one: draw(st.integers(2, 3)) for one in ids}
    needs = {}
    for place, one in enumerate(ids):
        others = [] if plain else [other for other in ids if other != one]
        choices = {
            choice: draw(_parts(criteria, conditions(others, ways), plain=plain)) for choice in CHOICES[: ways[one]]
        }
        needs[one] = need(
            choices,
            kind=draw(st.sampled_from(["wish", "fact"])),
            ordered=draw(st.booleans()),
            core=draw(st.booleans()),
            applies_when=draw(conditions(ids[:place], ways)) if gated and not plain else (),
        )
    graded = [one for one, spec in criteria.items() if spec["kind"] == "grade"]
    lifted = [draw(st.sampled_from(graded))] if graded and not plain and draw(st.booleans()) else []
    remedies = tuple(remedy(draw(st.sampled_from(NAMES[:count])), **{one: draw(st.integers(1, 4))}) for one in lifted)
    return rules(alternatives=" ".join(NAMES[:count]), criteria=criteria, needs=needs, groups=groups, remedies=remedies)


@st.composite
def _parts(draw: st.DrawFn, criteria: dict[str, Any], condition: Any, *, plain: bool) -> dict[str, list[Any]]:
    parts: dict[str, list[Any]] = {}
    for criterion in draw(st.lists(st.sampled_from(list(criteria)), max_size=2)):
        value = draw(st.integers(1, 4))
        when, unless = (draw(condition), draw(condition)) if not plain else ((), ())
        if criteria[criterion]["kind"] == "match":
            fits = draw(st.fixed_dictionaries({}, optional={word: st.integers(0, 4) for word in "xyz"}))
            known = {word: level for word, level in fits.items() if word in criteria[criterion]["words"]}
            part = fit(value, when=when, unless=unless, **known)
        elif not plain and not draw(st.integers(0, 4)):
            part = must(draw(st.integers(1, 4)), with_remedies=draw(st.booleans()), when=when, unless=unless)
        else:
            part = weight(value, when=when, unless=unless)
        parts.setdefault(criterion, []).append(part)
    return parts


@st.composite
def cases(draw: st.DrawFn, **options: Any) -> Case:
    """Rules with answers that they accept: single choices, don't-know sets, open needs."""
    drawn = draw(rule_sets(**options))
    answers: dict[str, list[str]] = {}
    for one in drawn.needs:
        given_ = draw(st.lists(st.sampled_from(one.choice_ids), max_size=2, unique=True))
        may_apply = all(
            named not in answers or set(answers[named]) & set(choices) for named, choices in one.applies_when
        )
        known_away = any(named in _away(drawn, answers) for named, _ in one.applies_when)
        if given_ and may_apply and not known_away:
            answers[one.id] = given_
    return drawn, answers


def _away(drawn: Rules, answers: dict[str, list[str]]) -> set[str]:
    away: set[str] = set()
    for one in drawn.needs:
        if any(
            named in away or (named in answers and not set(answers[named]) & set(choices))
            for named, choices in one.applies_when
        ):
            away.add(one.id)
    return away
