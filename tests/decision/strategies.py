"""Random small rules with everything in them: kinds, groups, conditions, gates, requirements, remedies."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from advisor.knowledge.model import Condition, Rules
from tests.builders import fit, grade, kinds, must, need, remedy, rules, weight

NAMES = "abcd"
CHOICES = ("no", "nice", "must")
Case = tuple[Rules, dict[str, list[str]]]

# Each strategy is made once: Hypothesis takes longer to make and to check one than to draw from it.
one_of = cache(st.sampled_from)
number = cache(st.integers)
yes_or_no = st.booleans()
some_fits = st.fixed_dictionaries({}, optional={word: st.integers(0, 4) for word in "xyz"})


@cache
def some_of(values: tuple[str, ...], *, least: int = 0, unique: bool = False) -> st.SearchStrategy[list[str]]:
    """Up to two of the values."""
    return st.lists(st.sampled_from(values), min_size=least, max_size=2, unique=unique)


@cache
def levels_of(alternatives: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(0, 4), min_size=alternatives, max_size=alternatives)


@cache
def words_of(alternatives: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from("xyz"), min_size=alternatives, max_size=alternatives)


def condition(draw: st.DrawFn, others: tuple[str, ...], ways: dict[str, int]) -> Condition:
    if not others or draw(number(0, 3)):
        return ()
    named = draw(one_of(others))
    return ((named, tuple(draw(some_of(CHOICES[: ways[named]], least=1, unique=True)))),)


@st.composite
def rule_sets(
    draw: st.DrawFn, *, alternatives: int | None = None, most_needs: int = 4, gated: bool = True, plain: bool = False
) -> Rules:
    """Draw rules; `plain`: graded weights only, without conditions, groups or requirements."""
    count = alternatives or draw(number(2, 4))
    criteria: dict[str, Any] = {}
    groups = {} if plain else {"g": draw(number(1, 5))}
    for place in range(draw(number(1, 4))):
        group = draw(one_of((None, None, "g"))) if groups else None
        if plain or draw(number(0, 3)):
            criteria[f"c{place}"] = grade(" ".join(map(str, draw(levels_of(count)))), group=group)
        else:
            criteria[f"c{place}"] = kinds(" ".join(draw(words_of(count))), group=group)
    ids = tuple(f"n{place}" for place in range(draw(number(1, most_needs))))
    ways = {one: draw(number(2, 3)) for one in ids}
    needs = {}
    for place, one in enumerate(ids):
        others = () if plain else tuple(other for other in ids if other != one)
        choices = {choice: _parts(draw, criteria, others, ways, plain=plain) for choice in CHOICES[: ways[one]]}
        needs[one] = need(
            choices,
            kind=draw(one_of(("wish", "fact"))),
            ordered=draw(yes_or_no),
            core=draw(yes_or_no),
            applies_when=condition(draw, ids[:place], ways) if gated and not plain else (),
        )
    graded = tuple(one for one, spec in criteria.items() if spec["kind"] == "grade")
    lifted = [draw(one_of(graded))] if graded and not plain and draw(yes_or_no) else []
    remedies = tuple(remedy(draw(one_of(NAMES[:count])), **{one: draw(number(1, 4))}) for one in lifted)
    return rules(alternatives=" ".join(NAMES[:count]), criteria=criteria, needs=needs, groups=groups, remedies=remedies)


def _parts(
    draw: st.DrawFn, criteria: dict[str, Any], others: tuple[str, ...], ways: dict[str, int], *, plain: bool
) -> dict[str, list[Any]]:
    parts: dict[str, list[Any]] = {}
    for criterion in draw(some_of(tuple(criteria))):
        value = draw(number(1, 4))
        when, unless = (condition(draw, others, ways), condition(draw, others, ways)) if not plain else ((), ())
        if criteria[criterion]["kind"] == "match":
            fits = draw(some_fits)
            known = {word: level for word, level in fits.items() if word in criteria[criterion]["words"]}
            part = fit(value, when=when, unless=unless, **known)
        elif not plain and not draw(number(0, 4)):
            part = must(draw(number(1, 4)), with_remedies=draw(yes_or_no), when=when, unless=unless)
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
        given_ = draw(some_of(one.choice_ids, unique=True))
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
