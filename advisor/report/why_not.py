"""Why an alternative is not the pick, as text or JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from advisor.decision.recommendation import Comparison
from advisor.decision.why_not import Lift, WhyNot
from advisor.report.look import Look
from advisor.report.text import bullet, heading, paragraph, printed, uncut
from advisor.report.wording import (
    change_text,
    exclusion_sentence,
    flip_sentence,
    headline,
    listed,
    lower_first,
    name_of,
    names_of,
    plural,
    score_text,
)

if TYPE_CHECKING:
    from rich.console import RenderableType

FLIPS_SHOWN = 6


def render_why_not(found: WhyNot, look: Look) -> str:
    """Return the explanation as text; `look.detail` shows every change found."""
    return printed(sections(found, look), look)


def sections(found: WhyNot, look: Look) -> Iterator[RenderableType]:
    """Yield the explanation in reading order."""
    yield paragraph(opening(found), "bold", indent=0)
    if found.leads or found.rival is None:
        return
    yield from excluded(found)
    yield from losses(found)
    yield from lifts(found)
    yield from changes(found, look)


def opening(found: WhyNot) -> str:
    """Say in one sentence where the alternative stands."""
    rules = found.recommendation.rules
    name = name_of(rules, found.alternative)
    score = score_text(found.standing.score)
    if found.leads:
        return f"{name} is the pick. {headline(found.recommendation)}"
    if found.rival is None:
        return headline(found.recommendation)
    rival = name_of(rules, found.rival)
    if found.standing.exclusions:
        return f"{name} is ruled out; it would have scored {score} (the pick is {rival})."
    theirs = score_text(found.recommendation.standing(found.rival).score)
    perfect = plural(found.recommendation.perfect, "point")
    return f"{name} scores {score} against {theirs} for {rival}: it is {found.behind} of the {perfect} behind."


def excluded(found: WhyNot) -> Iterator[RenderableType]:
    """Yield the musts that exclude it."""
    if found.standing.exclusions:
        yield heading("What rules it out")
        for exclusion in found.standing.exclusions:
            yield bullet(exclusion_sentence(found.recommendation.rules, found.standing, exclusion))


def losses(found: WhyNot) -> Iterator[RenderableType]:
    """Yield the criteria on which it loses to the pick, with sources, and those on which it wins."""
    rules = found.recommendation.rules
    if found.rival is None:
        return
    if found.loses:
        yield heading(f"Where it loses to {name_of(rules, found.rival)}")
        yield from (item for row in found.loses for item in loss(found, row, found.rival))
    if found.gains:
        yield heading("Where it is better")
        for row in found.gains:
            title = rules.criterion(row.criterion).title
            yield bullet(f"{title}: {plural(-row.points, 'point')} (weight {row.weight})")


def loss(found: WhyNot, row: Comparison, rival: str) -> Iterator[RenderableType]:
    """Yield one criterion on which it loses: both words, the points, the reason and its source."""
    rules = found.recommendation.rules
    criterion = rules.criterion(row.criterion)
    own, other = criterion.ratings[found.alternative], criterion.ratings[rival]
    yield bullet(
        f"{criterion.title}, {plural(row.points, 'point')} (weight {row.weight}): "
        f"“{own.word}” against “{other.word}”. {own.because}"
    )
    yield uncut(f"{own.source} (checked {own.checked})")


def lifts(found: WhyNot) -> Iterator[RenderableType]:
    """Yield what its add-ons would change."""
    rules = found.recommendation.rules
    if not found.lifts:
        return
    yield heading("What would lift it")
    yield from (bullet(lift_sentence(found, lift)) for lift in found.lifts)
    if found.all_lifts:
        leaders = names_of(rules, found.all_lifts)
        yield paragraph(f"With all of them at once {leaders} would lead.")


def lift_sentence(found: WhyNot, lift: Lift) -> str:
    """Say what one add-on changes, re-scored, and what it costs."""
    rules = found.recommendation.rules
    moves = []
    for criterion_id, _before, after in lift.changes:
        criterion = rules.criterion(criterion_id)
        own = criterion.ratings[found.alternative].word
        moves.append(f"{lower_first(criterion.title)} from “{own}” to “{criterion.word_of(after)}”")
    admits = " It would no longer be ruled out." if lift.admits else ""
    return f"{lift.remedy.name}: {listed(moves)}, {plural(lift.points, 'point')} more.{admits} Cost: {lift.remedy.cost}"


def changes(found: WhyNot, look: Look) -> Iterator[RenderableType]:
    """Yield the smallest changes of answers that make it the pick."""
    rules = found.recommendation.rules
    yield heading("What would make it the pick")
    if found.cannot_win:
        yield paragraph("Nothing: it wins under no answers at all with these rules. Every combination was checked.")
        return
    shown = found.flips if look.detail else found.flips[:FLIPS_SHOWN]
    yield from (bullet(flip_sentence(rules, flip) + ".") for flip in shown)
    if len(shown) < len(found.flips):
        yield paragraph(f"and {len(found.flips) - len(shown)} more of this size (--detail shows them)", "dim")
    if not found.complete:
        yield paragraph("The search stopped at its bound: there may be others of this size.", "dim")
    if not found.flips:
        yield paragraph("No small change of answers does.")


def why_not_record(found: WhyNot) -> dict[str, Any]:
    """Return the explanation as JSON data."""
    rules = found.recommendation.rules
    return {
        "schema_version": "1.0",
        "rules": {"name": rules.name, "version": rules.version, "digest": rules.digest},
        "alternative": found.alternative,
        "leads": found.leads,
        "winners": list(found.recommendation.verdict.winners),
        "score": float(score_text(found.standing.score)),
        "points": found.standing.points,
        "behind": found.behind,
        "excluded": [exclusion_sentence(rules, found.standing, exclusion) for exclusion in found.standing.exclusions],
        "loses": [comparison_record(found, row) for row in found.loses],
        "gains": [comparison_record(found, row) for row in found.gains],
        "remedies": [
            {
                "id": lift.remedy.id,
                "name": lift.remedy.name,
                "cost": lift.remedy.cost,
                "points": lift.points,
                "admits": lift.admits,
                "winners": list(lift.winners),
            }
            for lift in found.lifts
        ],
        "flips": [
            {
                "alternative": flip.alternative,
                "changes": [
                    {"need": change.need, "from": list(change.before), "to": change.after} for change in flip.changes
                ],
                "text": listed([change_text(change) for change in flip.changes]),
            }
            for flip in found.flips
        ],
        "cannot_win": found.cannot_win,
        "complete": found.complete,
    }


def comparison_record(found: WhyNot, row: Comparison) -> dict[str, Any]:
    """Return one criterion, the alternative asked about against the pick, as JSON data."""
    rating = found.recommendation.rules.criterion(row.criterion).ratings[found.alternative]
    return {
        "criterion": row.criterion,
        "weight": row.weight,
        "points": -row.points,
        "word": rating.word,
        "because": rating.because,
        "source": rating.source,
        "checked": rating.checked,
    }
