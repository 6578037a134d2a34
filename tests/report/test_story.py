"""What the reports tell in common: merged where it is one thing, cut where it would flood."""

from __future__ import annotations

from fractions import Fraction

import pytest

from advisor.decision.recommendation import Change, Flip, UnknownCost, WeightInterval
from advisor.report.adr import to_adr
from advisor.report.options import ReportOptions
from advisor.report.story import Story

from .made_by_hand import SENSITIVITY, line, small_advice
from .test_markdown import HOSTILE, parsed, shape


def asked_twice() -> Story:
    """Style = a asks for speed × 1 as well, so that two answers ask for one criterion: 12 + 4 points for Swift."""
    advice = small_advice()
    levels = {"swift": 4, "steady": 2, "plain": 1}
    ranking = tuple(
        standing._replace(
            contributions=(*standing.contributions, line("style", "a", "speed", 1, levels[standing.alternative]))
        )
        for standing in advice.ranking
    )
    return Story(advice._replace(ranking=ranking))


def test_a_criterion_that_two_answers_ask_for_is_one_argument() -> None:
    story = asked_twice()
    assert [(item.criterion, item.points) for item in story.strongest(story.advice.ranking[0])] == [
        ("speed", 16),
        ("docs", 6),
    ]
    speed, docs = story.drivers()
    assert (speed.weight, speed.asked_by, speed.must) == (4, ("Load: High", "Style: Style A"), False)
    assert (docs.weight, docs.must) == (2, True)
    assert len(story.reasons()) == 3
    assert story.compared()[0][1] == 4


def test_an_add_on_that_lifts_several_criteria_is_told_once() -> None:
    advice = small_advice()
    use = advice.remedies[0]
    story = Story(advice._replace(remedies=(use, use._replace(criterion="speed", before=1, after=2, needed=True))))
    [add_on] = story.add_ons()
    assert add_on.lifts == ("Documentation from “None” to “Good”", "Speed from “Slow” to “Fair”")
    assert add_on.needed


def with_flips(count: int, cut: tuple[str, ...] = ()) -> Story:
    flip = Flip("steady", (Change("load", ("high",), "low"),), 0, 1)
    return Story(small_advice()._replace(sensitivity=SENSITIVITY._replace(flips=(flip,) * count, flips_cut=cut)))


def test_at_most_three_sets_of_changes_are_told_for_an_alternative() -> None:
    assert len(with_flips(3).flips()) == 3
    assert with_flips(3).further_flips() == []
    assert with_flips(4).further_flips() == [
        "Steady would win after 1 further set of changes as well; the JSON record has them."
    ]
    assert with_flips(9, ("steady",)).further_flips() == [
        "Steady would win after at least 6 further sets of changes as well; the JSON record has them."
    ]


def test_weights_without_bounds_share_a_sentence() -> None:
    story = Story(small_advice())
    free = WeightInterval("docs", 2, None, None, None, None)
    bound = WeightInterval("speed", 3, Fraction(3, 2), "steady", Fraction(9, 2), "plain")
    assert story.intervals([free, bound]) == [
        "Speed weighs 3: it draws level with Steady at 3/2, and draws level with Plain at 9/2.",
        "However much or little each of these weighs, the first place stays: Documentation.",
    ]


def test_open_needs_that_can_do_nothing_share_a_sentence() -> None:
    story = Story(small_advice())
    idle = UnknownCost("style", {"a": ("swift",), "b": ("swift",)}, can_change=False)
    able = UnknownCost("load", {"low": ("steady",), "high": ("swift", "steady"), "none": ()}, can_change=True)
    able = able._replace(winners={"low": ("steady",), "high": ("swift", "steady")})
    assert story.unknowns([idle, able]) == [
        "Load is open. “Low”: Steady leads; “High”: Swift and Steady lead together.",
        "Open, and unable to change the first place alone: Style.",
    ]


@pytest.mark.parametrize(
    ("radius", "said"), [(Fraction(1, 3), "1/3 (33 %)"), (Fraction(1), "100 %"), (Fraction(2, 3), "2/3 (66 %)")]
)
def test_a_radius_is_exact_with_a_rounded_down_percentage(radius: Fraction, said: str) -> None:
    story = Story(small_advice()._replace(sensitivity=SENSITIVITY._replace(joint_radius=radius)))
    assert story.radius() == f"The first place holds while every weight at once is off by less than {said}."


def test_a_source_is_listed_once_with_all_it_is_for() -> None:
    sources = {address: what for address, what, _checked in Story(small_advice()).sources()}
    assert sources["https://example.org/4"] == "Swift, Speed; Steady, Documentation"
    assert len(sources) == 7


@pytest.mark.parametrize(
    ("options", "title"),
    [
        (ReportOptions(), "Use Swift"),
        (ReportOptions(project="Shop"), "Shop: Use Swift"),
        (ReportOptions(title="Our choice", project="Shop"), "Our choice"),
    ],
)
def test_the_title_is_the_one_asked_for_or_made_from_the_advice(options: ReportOptions, title: str) -> None:
    assert Story(small_advice()).title(options) == title


@pytest.mark.parametrize(
    ("state", "winners", "headline"),
    [
        ("settled", ("swift",), "Use Swift"),
        ("leaning", ("swift",), "Probably Swift"),
        ("open", ("swift",), "Swift, so far"),
        ("settled", ("steady", "swift"), "Steady or Swift: a tie"),
        ("open", (), "No advice yet"),
    ],
)
def test_the_headline_promises_no_more_than_the_verdict(state: str, winners: tuple[str, ...], headline: str) -> None:
    advice = small_advice()
    verdict = advice.verdict._replace(state=state, winners=winners)
    assert Story(advice._replace(verdict=verdict)).headline() == headline


def test_names_in_further_flips_are_escaped() -> None:
    advice = small_advice(hostile=HOSTILE)
    flip = Flip("swift", (Change("load", ("high",), "low"),), 0, 1)
    flooded = advice._replace(sensitivity=SENSITIVITY._replace(flips=(flip,) * 5))
    assert "\n* Swift \\<script>alert(1)" in to_adr(flooded)
    assert "html_inline" not in shape(parsed(to_adr(flooded)))
