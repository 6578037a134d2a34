"""How often an alternative is behind is counted exactly, also where no rival taken alone tells."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import combinations, product
from math import factorial, prod
from typing import Any

import pytest

from advisor.decision import majority
from advisor.decision.majority import Leads, Majority
from advisor.decision.table import compile_table
from advisor.knowledge.model import Rules
from tests.builders import must, rules

Vector = Sequence[int | None]
"""Points by alternative, the target first; None: excluded."""


def made_of(needs: Sequence[Sequence[Vector]]) -> Rules:
    """Return rules with one need for each list of vectors, and one choice for each vector, which adds up to it.

    Who is excluded is below a requirement; points beyond one rating are that rating, several times over.
    """
    criteria: dict[str, str] = {}
    asked: dict[str, Any] = {}
    ids = "abcdefgh"[: len(needs[0][0])]
    for k, vectors in enumerate(needs):
        asked[f"n{k}"] = choices = {}
        for j, vector in enumerate(vectors):
            parts: dict[str, Any] = {}
            for one, points in zip(ids, vector, strict=True):
                if points:
                    criteria[f"for-{one}"] = " ".join("1" if other == one else "0" for other in ids)
                    parts[f"for-{one}"] = points
            if None in vector:
                criteria[f"fit-{k}-{j}"] = " ".join("0" if points is None else "1" for points in vector)
                parts[f"fit-{k}-{j}"] = must(1)
            choices[f"c{j}"] = parts
    return rules(alternatives=" ".join(ids), criteria=criteria, needs=asked)


def behind_in(needs: Sequence[Sequence[Vector]]) -> int:
    """Count, one by one, the ways in which the first is admitted and has fewer points than another that is."""
    found = 0
    for ways in product(*needs):
        sums = [None if None in column else sum(filter(None, column)) for column in zip(*ways, strict=True)]
        own, *others = sums
        found += own is not None and any(other is not None and other > own for other in others)
    return found


class Asked:
    """The first alternative of some rules before any answer; needs gathered in groups of so many."""

    def __init__(self, made: Rules, gathered: int = 1) -> None:
        table = compile_table(made)
        self.majority = Majority(table, 0)
        parts = [self.majority.leads(block.completions((0,) * len(block.needs))) for block in table.blocks]
        groups = [parts[at : at + gathered] for at in range(0, len(parts), gathered)]
        self.leads: list[Leads] = [self.majority.joined(group) for group in groups]
        self.about(self.leads)

    def about(self, open_leads: Sequence[Leads]) -> None:
        self.times = prod(leads.times for leads in open_leads)
        self.base = sum(leads.worst for leads in open_leads)
        self.shapes = [leads.shape for leads in open_leads if len(leads.shape.leads) != 1]

    def rarely(self, limit: int) -> bool | None:
        return self.majority.rarely_behind(self.shapes, self.base, limit)

    def turns_at(self, exact: int) -> bool:
        """Tell whether exactly so many ways are behind: not fewer than that, but fewer than one more."""
        ways, left = divmod(exact, self.times)
        return not left and (not ways or self.rarely(ways) is False) and self.rarely(ways + 1) is True


def drawn(seed: int, *, rivals: int, most: int) -> list[list[Vector]]:
    """Return needs in which every rival is better somewhere, some of them with exclusions: always the same ones."""
    dice = random.Random(seed)
    needs: list[list[Vector]] = [[[dice.randint(0, 2 * most), *[0] * rivals]]]
    for k in range(dice.randint(4, 5)):
        vectors: list[Vector] = []
        for _ in range(dice.randint(2, 3)):
            others = [dice.choice([0, 0, dice.randint(1, 2 * most)]) for _ in range(rivals)]
            vectors.append([dice.randint(0, most), *others])
        vectors.append(dice.choice(vectors))
        if k < seed % 3:
            out = dice.randint(0, rivals)
            vectors[-1] = [None if at == out else points for at, points in enumerate(vectors[-1])]
        needs.append(vectors)
    return needs


@pytest.mark.parametrize("rivals", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("most", [2, 100])
@pytest.mark.parametrize("gathered", [1, 2])
def test_it_turns_at_the_number_of_ways_that_going_through_all_finds(rivals: int, most: int, gathered: int) -> None:
    for seed in range(6):
        needs = drawn(seed, rivals=rivals, most=most)
        exact, asked = behind_in(needs), Asked(made_of(needs), gathered)
        assert asked.turns_at(exact), seed
        for limit in {1, 1 + exact // (2 * asked.times), 2 + exact // asked.times, 1 + 2 * exact}:
            assert asked.rarely(limit) is (exact < limit * asked.times), seed


@pytest.mark.parametrize("numbers", [1, 200])
@pytest.mark.parametrize("shapes", [1, 5])
def test_it_turns_there_too_when_memories_start_anew(numbers: int, shapes: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(majority, "REMEMBERED_NUMBERS", numbers)
        patch.setattr(majority, "REMEMBERED_SHAPES", shapes)
        for seed in range(4):
            for rivals in (2, 3):
                needs = drawn(seed, rivals=rivals, most=2)
                asked = Asked(made_of(needs), 2)
                assert asked.turns_at(behind_in(needs))


@pytest.mark.parametrize(("bound", "value"), [("LISTED", 0), ("CELLS", 0)])
def test_it_turns_there_too_however_pairs_of_leads_are_looked_up(bound: str, value: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(majority, bound, value)
        for seed in range(6):
            needs = drawn(seed, rivals=2, most=2)
            assert Asked(made_of(needs), 2).turns_at(behind_in(needs)), seed


@pytest.mark.parametrize("rivals", [2, 3, 4])
def test_what_is_remembered_of_some_needs_is_not_taken_for_others(rivals: int) -> None:
    for seed in range(3):
        needs = drawn(seed, rivals=rivals, most=2)
        asked = Asked(made_of(needs))
        for places in combinations(range(len(needs)), len(needs) - 2):
            asked.about([asked.leads[at] for at in places])
            assert asked.turns_at(behind_in([needs[at] for at in places])), (seed, places)


def spread_over(rivals: int, times: int) -> Iterator[tuple[int, ...]]:
    """Yield how often each rival can be chosen in so many choices of one."""
    for counts in product(range(times + 1), repeat=rivals - 1):
        if sum(counts) <= times:
            yield (*counts, times - sum(counts))


@pytest.mark.parametrize(("rivals", "lead"), [(2, 27), (3, 16), (3, 20)])
def test_more_ways_than_fit_into_eight_bytes_are_counted_exactly(rivals: int, lead: int) -> None:
    # In each of 43 needs one of three choices adds a point to one rival (of two: or to both): 3 ** 43 ways.
    times = 43
    kinds = [[0, 1, 0], [0, 0, 1], [0, 1, 1]] if rivals == 2 else [[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    needs = [[[lead, *[0] * rivals]], *[kinds] * times]
    exact = 0
    for counts in spread_over(3, times):
        sums = [sum(many * kind[at] for many, kind in zip(counts, kinds, strict=True)) for at in range(1, rivals + 1)]
        if max(sums) > lead:
            exact += factorial(times) // prod(map(factorial, counts))
    assert 3 ** (times - 1) > 1 << 64
    assert Asked(made_of(needs)).turns_at(exact)


def test_three_rivals_that_are_never_ahead_together_add_up_to_the_limit() -> None:
    # The lead is 1; each rival gains 2 in one of four ways: behind each in 1 of 4, behind any in 3 of 4.
    asked = Asked(made_of([[[1, 0, 0, 0]], [[0, 2, 0, 0], [0, 0, 2, 0], [0, 0, 0, 2], [0, 0, 0, 0]]]))
    assert [asked.rarely(limit) for limit in (1, 2, 3, 4)] == [False, False, False, True]


def test_three_rivals_that_are_always_ahead_together_count_once() -> None:
    # All three gain 2 in one of two ways: behind each in 1 and any in 1, though 3 in sum. A tie is not behind.
    asked = Asked(made_of([[[1, 0, 0, 0]], [[0, 2, 2, 2], [0, 0, 0, 0]], [[0, 0, 0, 0], [1, 0, 0, 0]]]))
    assert [asked.rarely(limit) for limit in (1, 2, 3)] == [False, True, True]


def test_equal_groups_of_other_worth_are_told_apart() -> None:
    # After two others, the same differences: with a point to spare, in twice the ways, and with a way that excludes.
    one: list[list[Vector]] = [[[0, 0], [0, 2]], [[1, 0], [0, 0]]]
    first: list[list[Vector]] = [[[0, 0], [0, 3]], [[1, 0], [0, 0]]]
    other: list[list[Vector]] = [[[0, 0], [0, 2]], [[2, 0], [0, 0]]]
    spare: list[list[Vector]] = [[[1, 0], [1, 2]], [[1, 0], [0, 0]]]
    twice: list[list[Vector]] = [[[0, 0], [0, 2], [0, 0], [0, 2]], [[1, 0], [0, 0]]]
    excluding: list[list[Vector]] = [[[0, 0], [0, 2]], [[1, 0], [0, 0], [None, 0]]]
    needs = [*one, *first, *other, *spare, *twice, *excluding]
    asked = Asked(made_of(needs), 2)
    assert len({leads.shape for leads in asked.leads}) == 3
    assert [leads.lost for leads in asked.leads] == [False, False, False, False, False, True]
    assert asked.times == 2
    assert asked.turns_at(behind_in(needs))


def test_needs_that_make_no_difference_leave_one_way() -> None:
    # The second is ahead by one however the need is answered: both its choices bring it two points.
    behind = Asked(made_of([[[1, 0, 0]], [[0, 2, 0], [0, 2, 0]]]))
    level = Asked(made_of([[[2, 0, 0]], [[0, 2, 0], [0, 2, 0]]]))
    assert (behind.shapes, behind.times, behind.rarely(1), level.rarely(1)) == ([], 2, False, True)


def test_a_need_that_is_sure_to_exclude_leaves_no_way() -> None:
    for gathered in (1, 3):
        asked = Asked(made_of([[[1, 0]], [[None, 0], [None, 1]], [[0, 2], [0, 0]]]), gathered)
        assert any(leads.lost for leads in asked.leads)
        assert prod(shape.ways for shape in asked.shapes) == 0


def test_too_many_sums_that_stay_undecided_are_left_to_others() -> None:
    asked = Asked(made_of([[[1, 0, 0, 0]], [[0, 2, 2, 2], [0, 0, 0, 0]], [[0, 0, 0, 0], [1, 0, 0, 0]]]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(majority, "UNDECIDED", 0)
        # Three when added up, one for each of them: only between the two it is left open.
        assert [asked.rarely(limit) for limit in (1, 2, 3, 4)] == [False, None, None, True]
