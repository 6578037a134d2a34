"""Many profiles at once agree with one recommendation at a time."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.decision import batch, convolution, majority, recommend, table
from advisor.decision.batch import Decider
from advisor.errors import AdvisorError
from advisor.knowledge.model import Rules
from tests.builders import must, need, rules, weight, when
from tests.decision.settings import exact
from tests.decision.strategies import Case, cases

SMALL = rules(
    criteria={"docs": "4 1 0", "speed": "0 4 2"},
    needs={
        "docs": {"no": {}, "nice": {"docs": 1}, "must": {"docs": 3}},
        "speed": {"low": {}, "high": {"speed": 2}},
        "cache": need({"no": {}, "yes": {"speed": 1}}, applies_when=when(speed="high")),
    },
)


@exact
@given(cases())
def test_batch_says_what_recommend_says(case: Case) -> None:
    rules, answers = case
    verdict = recommend(rules, answers, sensitivity=False).verdict
    decider = Decider(rules)
    assert decider.decide(answers) == (verdict.winners, verdict.state)
    assert decider.decide({need: ",".join(choices) for need, choices in answers.items()}) == decider.decide(answers)


@exact
@given(cases(), st.booleans())
def test_winners_alone_are_those_of_recommend(case: Case, bounded: bool) -> None:
    rules, answers = case
    with pytest.MonkeyPatch.context() as patch:
        if bounded:
            patch.setattr(table.Table, "_most_joint", lambda _table: 1)
        decider = Decider(rules)
        assert decider._bounded <= bounded
        profile = decider.profile(answers)
        assert decider.winners(profile) == recommend(rules, answers, sensitivity=False).verdict.winners
        assert decider.winners(profile) is decider.winners(profile)


@exact
@given(cases())
def test_batch_agrees_when_it_falls_back_to_the_convolution(case: Case) -> None:
    rules, answers = case
    verdict = recommend(rules, answers, sensitivity=False).verdict
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(majority, "UNDECIDED", 0)
        patch.setattr(batch, "REMEMBERED", 1)
        decider = Decider(rules)
        for _ in range(2):
            assert decider.decide(answers) == (verdict.winners, verdict.state)
        assert decider.decide({}).state in {"open", "nothing-fits"}


@exact
@given(cases(plain=True, most_needs=6), st.booleans())
def test_batch_agrees_on_needs_that_do_not_interact(case: Case, fall_back: bool) -> None:
    rules, answers = case
    verdict = recommend(rules, answers, sensitivity=False).verdict
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(majority, "UNDECIDED", 0 if fall_back else 3_000)
        assert Decider(rules).decide(answers) == (verdict.winners, verdict.state)


def drawn(seed: int, *, alternatives: int, needs: int, most: int) -> tuple[Rules, dict[str, str]]:
    """Return rules of independent needs, with musts, and answers to some of them: always the same ones."""
    dice = random.Random(seed)
    ids = "abcd"[:alternatives]
    if seed % 2:
        levels = {f"c{k}": " ".join(str(dice.randint(0, 4)) for _ in ids) for k in range(needs + 1)}
    else:  # the first is fair everywhere, each of the others best somewhere: all are to be feared
        best = [dice.randrange(1, alternatives) for _ in range(needs + 1)]
        levels = {
            f"c{k}": " ".join(["2", *["4" if at == best[k] else "0" for at in range(1, alternatives)]])
            for k in range(needs + 1)
        }
    asked: dict[str, Any] = {}
    for k in range(needs):
        choices: dict[str, Any] = {"no": {}}
        for name in ("nice", "must"):
            choices[name] = {f"c{k}": dice.randint(1, most), f"c{k + 1}": dice.randint(1, most)}
        if not dice.randrange(4):
            choices["must"][f"c{k}"] = must(1)
        asked[f"n{k}"] = choices
    levels["own"] = " ".join("1" if one == "a" else "0" for one in ids)
    asked["own"] = {"no": {}, "yes": {"own": dice.randint(1, 4 * most)}}
    made = rules(alternatives=" ".join(ids), criteria=levels, needs=asked)
    answers = {one.id: dice.choice(one.choice_ids) for one in made.needs if dice.random() < 0.3} | {"own": "yes"}
    return made, answers


@pytest.mark.parametrize(("alternatives", "needs", "most"), [(2, 6, 3), (3, 9, 3), (3, 7, 100), (4, 8, 4), (3, 42, 2)])
@pytest.mark.parametrize("grouped", [1, 60])
def test_batch_agrees_however_needs_are_gathered(alternatives: int, needs: int, most: int, grouped: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "GROUPED", grouped)
        for seed in range(40 if needs < 10 else 4):
            made, answers = drawn(seed, alternatives=alternatives, needs=needs, most=most)
            verdict = recommend(made, answers, sensitivity=False).verdict
            decider = Decider(made)
            for _ in range(2):
                assert decider.decide(answers) == (verdict.winners, verdict.state)


@exact
@given(cases(), st.integers(1, 3))
def test_batch_agrees_when_little_is_remembered(case: Case, most: int) -> None:
    rules, answers = case
    verdict = recommend(rules, answers, sensitivity=False).verdict
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "GROUPED", 1)
        patch.setattr(majority, "REMEMBERED_NUMBERS", most)
        patch.setattr(majority, "REMEMBERED_SHAPES", most)
        decider = Decider(rules)
        for one in (answers, {}, answers):
            state = decider.decide(one)
        assert state == (verdict.winners, verdict.state)


def test_a_misspelt_choice_is_refused_as_elsewhere() -> None:
    decider = Decider(SMALL)
    with pytest.raises(AdvisorError, match='"mast" is not a choice of docs'):
        decider.decide({"docs": "mast"})
    with pytest.raises(AdvisorError, match='unknown need "dosc"'):
        decider.decide({"dosc": "must"})


def test_an_answer_to_a_need_that_cannot_apply_is_refused_every_time() -> None:
    decider = Decider(SMALL)
    for _ in range(2):
        with pytest.raises(AdvisorError, match="cache does not apply: speed is"):
            decider.decide({"speed": "low", "cache": "yes"})
    assert decider.decide({"speed": "high", "cache": "yes", "docs": "no"}).winners == ("b",)


def test_of_several_answers_that_cannot_apply_batch_names_the_one_that_recommend_names() -> None:
    gated = {f"g{k}": need({"no": {}, "yes": {"docs": 1}}, applies_when=when(**{f"n{k}": "yes"})) for k in range(3)}
    asked = {f"n{k}": {"no": {}, "yes": {"docs": 1}} for k in range(3)}
    made = rules(criteria={"docs": "4 1 0"}, needs={**asked, **gated})
    for out in ((0, 1), (1, 2), (0, 2), (0, 1, 2)):
        answers: dict[str, object] = {f"n{k}": "no" for k in out} | {f"g{k}": "yes" for k in out}
        with pytest.raises(AdvisorError) as told:
            recommend(made, answers)
        with pytest.raises(AdvisorError) as told_too:
            Decider(made).decide(answers)
        assert str(told_too.value) == str(told.value)


def test_answers_have_bits_of_their_own_within_the_width_of_a_profile() -> None:
    decider = Decider(SMALL)
    codes = [decider.code(one.id, choice) for one in SMALL.needs for choice in one.choice_ids]
    assert sorted(codes) == [1 << place for place in range(decider.width)]


def test_unknown_counts_as_not_answered() -> None:
    decider = Decider(SMALL)
    assert decider.decide({"docs": "unknown", "speed": None}) == decider.decide({})


def feared(weightless: int) -> Rules:
    """Return rules under which a leads by one, and an open need brings rivals two points: each of them, or all."""
    rivals: dict[str, Any] = {one: {one: 2} for one in "bcd"} | {"all": {"b": 2, "c": 2, "d": 2}}
    return rules(
        alternatives="a b c d",
        criteria={one: " ".join("1" if other == one else "0" for other in "abcd") for one in "abcd"},
        needs={"own": {"no": {}, "yes": {"a": 1}}, "n": {f"none{k}": {} for k in range(weightless)} | rivals},
    )


@pytest.mark.parametrize("undecided", [0, 3_000])
def test_what_no_rival_alone_decides_is_counted_jointly_or_by_convolution(undecided: int) -> None:
    # Each rival is ahead in two of the ways, any of them in four: a majority leads with five other ways, not with four.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(majority, "UNDECIDED", undecided)
        assert Decider(feared(4)).decide({"own": "yes"}) == (("a",), "open")
        assert Decider(feared(5)).decide({"own": "yes"}) == (("a",), "leaning")


def test_what_recommend_gives_up_counting_is_open_in_batch_too() -> None:
    made = feared(5)
    with pytest.MonkeyPatch.context() as patch:
        for module in (batch, convolution):
            patch.setattr(module, "SPARSE_LIMIT", 0)
        patch.setattr(convolution, "DENSE_LIMIT", -1)
        decider = Decider(made)
        for _ in range(2):
            assert decider.decide({"own": "yes"}) == (("a",), "open")
        assert not recommend(made, {"own": "yes"}).verdict.counted


def test_batch_gives_up_where_recommend_does_however_many_alternatives_make_work_dearer() -> None:
    made = feared(5)
    states = set()
    with pytest.MonkeyPatch.context() as patch:
        for module in (batch, convolution):
            patch.setattr(module, "SPARSE_LIMIT", 0)
        patch.setattr(convolution, "WIDE", 1)
        for limit in range(16):
            patch.setattr(convolution, "DENSE_LIMIT", 3**limit)
            state = recommend(made, {"own": "yes"}, sensitivity=False).verdict.state
            assert Decider(made).decide({"own": "yes"}) == (("a",), state)
            states.add(state)
    assert states == {"open", "leaning"}


@pytest.mark.parametrize("sparse", [0, 6_000])
def test_what_recommend_counts_is_told_although_with_all_open_it_would_give_up(sparse: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "SPARSE_LIMIT", 0)
        patch.setattr(batch, "SPARE", 1 << 60)
        patch.setattr(convolution, "SPARSE_LIMIT", sparse)
        assert Decider(feared(4)).decide({"own": "yes"}) == (("a",), "open")
        assert Decider(feared(5)).decide({"own": "yes"}) == (("a",), "leaning")
        assert recommend(feared(5), {"own": "yes"}).verdict.state == "leaning"


@pytest.mark.parametrize("grouped", [1, 60])
def test_a_leader_that_open_needs_are_sure_to_exclude_is_no_majority(grouped: int) -> None:
    made = rules(
        alternatives="a b c d",
        criteria={"x": "4 1 0 0", "y": "0 1 1 1"},
        needs={
            "n": {"no": {}, "yes": {"x": 1}},
            "m": {"one": {"y": must(1)}, "two": {"y": [must(1), weight(1)]}},
            "k": {"no": {}, "yes": {"y": 2}},
        },
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "GROUPED", grouped)
        decider = Decider(made)
        for answers in ({"n": "yes"}, {"n": "yes", "k": "yes"}, {"n": "yes", "m": "one"}):
            verdict = recommend(made, answers, sensitivity=False).verdict
            assert decider.decide(answers) == (verdict.winners, verdict.state)
        assert decider.decide({"n": "yes"}) == (("a",), "open")


def test_what_is_shared_is_settled_where_no_open_need_can_part_or_pass() -> None:
    made = rules(
        alternatives="a b c",
        criteria={"x": "1 1 0", "y": "1 1 1", "z": "0 0 1"},
        needs={"n": {"yes": {"x": 2}}, "m": {"no": {}, "yes": {"y": 1}}, "k": {"no": {}, "yes": {"z": 2}}},
    )
    # While k is open, c may draw level; m brings all the same.
    decider = Decider(made)
    assert decider.decide({"n": "yes", "k": "no"}) == (("a", "b"), "settled")
    assert decider.decide({"n": "yes"}) == (("a", "b"), "open")


def test_whole_profiles_are_told_apart_however_few_are_remembered() -> None:
    whole: list[dict[str, object]] = [
        {"docs": docs, "speed": "high", "cache": cache} for docs in ("no", "nice", "must") for cache in ("no", "yes")
    ]
    expected = [recommend(SMALL, answers, sensitivity=False).verdict for answers in whole]
    assert len({verdict.winners for verdict in expected}) > 1
    for most in (1, 2, 30_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(batch, "REMEMBERED", most)
            decider = Decider(SMALL)
            for answers, verdict in zip(whole * 2, expected * 2, strict=True):
                for _ in range(3):  # met first, then known, then remembered
                    assert decider.decide(answers) == (verdict.winners, verdict.state)
