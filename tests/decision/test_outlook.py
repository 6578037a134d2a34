"""Where joint answers are too many to go through, bounds take their place: what they prove is true."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given

from advisor.decision import next_need, outlook, recommend, table
from advisor.decision.batch import Decider
from advisor.decision.search import Frame
from advisor.decision.table import Block, Outcomes, Table
from advisor.knowledge.model import Rules
from tests.builders import must, need, rules, weight, when
from tests.decision.settings import exact
from tests.decision.strategies import Case, cases


@contextmanager
def nothing_gone_through() -> Iterator[None]:
    """Every block with anything open counts as too large."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "JOINT", 0)
        yield


def bounded(made: Rules) -> Table:
    with nothing_gone_through():
        return Table(made)


def of_open(compiled: Table) -> Iterator[tuple[Block, tuple[int, ...]]]:
    """Yield every block with everything open, and with its first need answered."""
    for block in compiled.blocks:
        key = (0,) * len(block.needs)
        yield block, key
        yield block, (1, *key[1:])


@exact
@given(cases())
def test_bounds_hold_what_can_come_out(case: Case) -> None:
    compiled = Table(case[0])
    for block, key in of_open(compiled):
        counted, loose = block.completions(key), outlook.Uncounted(block, key)
        assert loose.ways() == sum(counted.values())
        assert loose.baseless() == outlook.baseless(compiled, counted)
        assert outlook.ever(counted) & ~loose.ever == 0
        assert loose.surely & ~outlook.surely(compiled, counted) == 0
        assert none_above(compiled.unpack(loose.least()), compiled.unpack(outlook.least(compiled, counted)))
        assert none_above(compiled.unpack(outlook.most(compiled, counted)), compiled.unpack(loose.most()))
        for place in range(compiled.count):
            check_leads(Frame(compiled, place), loose, counted)


def none_above(lows: list[int], highs: list[int]) -> bool:
    return all(low <= high for low, high in zip(lows, highs, strict=True))


def check_leads(frame: Frame, loose: outlook.Uncounted, counted: Outcomes) -> None:
    worst = frame.leads(loose.worst(frame))
    for outcome in counted:
        leads = frame.leads(frame.of(outcome))
        if outcome.excluded & frame.top:
            assert max(worst, default=-1) < 0
        else:
            # An excluded rival is beaten, by however much.
            assert all(low <= lead or lead > 0 for low, lead in zip(worst, leads, strict=True))
    if not outlook.ever(counted) & frame.top:
        best = zip(frame.leads(loose.best(frame)), frame.leads(frame.best(counted)), strict=True)
        assert all(high >= lead or high > 0 for high, lead in best)


@exact
@given(cases())
def test_what_is_said_without_counting_agrees_with_what_is_counted(case: Case) -> None:
    made, answers = case
    exactly = recommend(made, answers)
    asked = next_need(made, answers)
    copied = made._replace(title="the same, compiled with bounds")
    with nothing_gone_through():
        found = recommend(copied, answers)
        questions = next_need(copied, answers).questions
        decided = Decider(copied).decide(answers)
    assert (found.ranking, found.perfect) == (exactly.ranking, exactly.perfect)
    assert (found.verdict.winners, found.verdict.total) == (exactly.verdict.winners, exactly.verdict.total)
    assert found.verdict.baseless == exactly.verdict.baseless
    assert found.verdict.state in {exactly.verdict.state, "open"}
    assert (decided.winners, decided.state) == (found.verdict.winners, found.verdict.state)
    verdict = exactly.verdict
    # Where all completions have the same leaders, other than now, what is asked is what moves those of now; bounds may
    # not tell that they agree.
    agreed = not verdict.unfit + verdict.baseless and set(verdict.completions.values()) <= {0, verdict.total}
    if agreed:
        assert not asked.questions or questions
    elif verdict.state != "settled":
        assert {one.need for one in asked.questions} <= {one.need for one in questions}


def test_what_a_need_decides_through_others_is_bounded_too() -> None:
    # "gate" lets "inner" apply, which the weight of "outer" waits for, and which excludes through a condition.
    made = rules(
        alternatives="a b",
        criteria={"docs": "0 1"},
        needs={
            "gate": {"no": {}, "yes": {}},
            "inner": need({"no": {}, "yes": {}}, applies_when=when(gate="no")),
            "outer": {"no": {}, "yes": {"docs": [weight(1, when=when(inner="no")), must(1, when=when(inner="yes"))]}},
        },
    )
    loose = outlook.Uncounted(bounded(made).blocks[0], (0, 0, 0))
    for number in range(3):
        assert loose.swing(number, (0, 1)) >= 1
        assert loose.excludes(number, loose.table.tops)
    assert [one.need for one in next_need(made, {}).questions if one.excludes] == ["gate", "outer"]


HAND = rules(
    alternatives="a b c",
    criteria={"docs": "4 1 0", "speed": "0 4 2"},
    needs={
        "gate": {"no": {}, "yes": {}},
        "docs": need({"no": {"docs": 1}, "must": {"docs": 3, "speed": weight(1, when=when(gate="yes"))}}),
        "speed": need({"low": {"docs": 9}, "high": {"docs": 8}}),
        "more": need(
            {"low": {"speed": weight(1, unless=when(docs="no"))}, "high": {"speed": must(4, when=when(docs="must"))}}
        ),
    },
)


def test_what_bounds_prove_is_settled_and_the_rest_is_open() -> None:
    with nothing_gone_through():
        sure = recommend(HAND._replace(version="2"), {"speed": "low", "docs": "no"}).verdict
        unsure = recommend(HAND._replace(version="3"), {"speed": "low", "docs": "must"}).verdict
        decider = Decider(HAND._replace(version="4"))
        in_batch = decider.decide({"speed": "low", "docs": "no"})
        # Nothing is open, so that nothing has to be gone through.
        whole = decider.decide({"gate": "yes", "docs": "no", "speed": "high", "more": "low"})
    assert (sure.state, sure.winners) == ("settled", ("a",))
    assert (in_batch, whole) == ((("a",), "settled"), (("a",), "settled"))
    assert (unsure.state, unsure.winners, unsure.counted) == ("open", ("a",), False)
    assert "too many ways" in unsure.reason
    assert (unsure.total, recommend(HAND, {"speed": "low", "docs": "must"}).verdict.total) == (4, 4)


def test_a_need_that_a_requirement_names_may_exclude_where_only_bounds_are_known() -> None:
    [block] = (block for block in bounded(HAND).blocks if len(block.needs) > 1)
    loose = outlook.Uncounted(block, (0,) * len(block.needs))
    tops = sum(loose.table.top(place) for place in range(loose.table.count))
    ids = [one.id for one in HAND.needs]
    # "more" has the requirement, which counts when "docs" is answered so; "gate" is named by a weight only.
    assert [ids[need] for need in block.needs if loose.excludes(need, tops)] == ["docs", "more"]


def test_a_large_block_is_gone_through_as_far_as_its_share_goes() -> None:
    compiled = Table(HAND)
    sizes = [block.ways((0,) * len(block.needs)) for block in compiled.blocks]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "JOINT", sum(sizes) - 1)
        assert Table(HAND).most_joint < max(sizes)
    assert compiled.most_joint == table.BLOCK_LIMIT
