"""Everything that was computed about how sure the advice is, for `--detail`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from advisor.decision.recommendation import Recommendation, WeightInterval
from advisor.report.wording import flip_sentence, left_out, listed, name_of, names_of, plural

if TYPE_CHECKING:
    from fractions import Fraction

    from rich.console import RenderableType


IN_DETAIL = 10
"""Standings whose points are told one by one, best first."""


def detail_sections(recommendation: Recommendation) -> Iterator[RenderableType]:
    """Yield all of the sensitivity and every contribution."""
    from advisor.report.text import bullet, heading, paragraph

    rules, found = recommendation.rules, recommendation.sensitivity
    for standing in recommendation.ranking[:IN_DETAIL]:
        yield heading(f"Where the points of {name_of(rules, standing.alternative)} come from")
        for line in standing.contributions:
            cut = f" of {line.asked} asked" if line.weight < line.asked else ""
            yield bullet(
                f"{rules.criterion(line.criterion).title}: {line.points} = weight {line.weight}{cut} × level "
                f"{line.level}, because {line.need} is {line.choice}"
            )
    more = len(recommendation.ranking) - IN_DETAIL
    if more > 0:
        yield paragraph(f"The points of {more} more {rules.subject} are in the JSON record.")
    if found is None:
        return
    yield heading("All smallest changes that make another one win")
    yield from (bullet(flip_sentence(rules, flip) + ".") for flip in found.flips)
    yield from (paragraph(sentence) for sentence in left_out(rules, found))
    yield heading("How far weights may move")
    yield from (bullet(interval_sentence(recommendation, interval)) for interval in found.weight_intervals)
    if found.joint_radius is not None:
        yield paragraph(f"All weights at once: holds while each is off by less than {share(found.joint_radius)}.")
    yield from single_steps(recommendation)
    yield from what_decided(recommendation)


def interval_sentence(recommendation: Recommendation, interval: WeightInterval) -> str:
    """Say how far one weight may fall and rise before the first place changes."""
    rules = recommendation.rules
    title = rules.criterion(interval.criterion).title
    low = "may fall to nothing"
    if interval.low is not None:
        low = f"may fall to {number(interval.low)} ({name_of(rules, interval.low_rival or '')} draws level)"
    high = "may rise without limit"
    if interval.high is not None:
        high = f"may rise to {number(interval.high)} ({name_of(rules, interval.high_rival or '')} draws level)"
    return f"{title}, now {interval.weight}: {low}; {high}"


def single_steps(recommendation: Recommendation) -> Iterator[RenderableType]:
    """Yield the single answers and ratings whose one move changes the first place."""
    from advisor.report.text import bullet, heading, paragraph

    rules, found = recommendation.rules, recommendation.sensitivity
    if found is None:
        return
    yield heading("Single moves that change the first place")
    for flip in found.choice_flips:
        yield bullet(f"{flip.need}: {flip.before} → {flip.after} gives {names_of(rules, flip.winners)}")
    for step in found.rating_flips:
        criterion = rules.criterion(step.criterion)
        yield bullet(
            f"{name_of(rules, step.alternative)} rated “{criterion.word_of(step.after)}” instead of "
            f"“{criterion.word_of(step.before)}” on {criterion.title} gives {names_of(rules, step.winners)}"
        )
    if not found.choice_flips and not found.rating_flips:
        yield paragraph("None.")
    yield paragraph(
        "Turning the words into numbers another way "
        + ("cannot change the first place." if found.scale_free else "could change the first place.")
    )


def what_decided(recommendation: Recommendation) -> Iterator[RenderableType]:
    """Yield the answers that fix the result, those that do not matter, and what the open ones could still do."""
    from advisor.report.text import bullet, heading

    rules, found = recommendation.rules, recommendation.sensitivity
    if found is None:
        return
    yield heading("What decided")
    if found.sufficient:
        yield bullet(f"{plural(len(found.sufficient), 'answer')} fix it: {listed(found.sufficient)}")
    if found.irrelevant:
        yield bullet(f"could be anything: {listed(found.irrelevant)}")
    for cost in found.unknown_costs:
        if cost.can_change:
            ways = listed([f"{choice} → {names_of(rules, winners)}" for choice, winners in cost.winners.items()])
            yield bullet(f"{cost.need}, not answered, could change it: {ways}")


def number(value: Fraction) -> str:
    """Return an exact weight with its decimal: "8/3 (2.67)"."""
    return str(value) if value.denominator == 1 else f"{value} ({float(value):.2f})"


def share(value: Fraction) -> str:
    """Return a share exactly and in percent: "1/3 (33 %)"."""
    return f"{value} ({round(value * 100)} %)"
