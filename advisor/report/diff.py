"""What moved between two recommendations, as text or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from advisor.decision.diff import Difference, StandingMove
from advisor.decision.recommendation import Recommendation
from advisor.report.look import Look
from advisor.report.text import bullet, heading, paragraph, printed
from advisor.report.wording import listed, name_of, plural, score_text

if TYPE_CHECKING:
    from rich.console import RenderableType

SHIFTS_SHOWN = 8


def render_diff(found: Difference, look: Look) -> str:
    """Return the difference as text."""
    return printed(sections(found, look), look)


def picks(result: Recommendation) -> str:
    """Return the names of the leaders, or "none"."""
    return listed([name_of(result.rules, one) for one in result.verdict.winners]) or "none"


def sections(found: Difference, look: Look) -> Iterator[RenderableType]:
    """Yield what moved, most important first."""
    before, after = picks(found.old), picks(found.new)
    if found.same:
        yield paragraph(f"Nothing moved: {after} as before.", "bold", indent=0)
        return
    pick = f"The pick changed: from {before} to {after}." if found.pick_changed else f"The pick stays: {after}."
    yield paragraph(pick, "bold", indent=0)
    if found.old.verdict.state != found.new.verdict.state:
        yield paragraph(f"The verdict was {found.old.verdict.state} and is {found.new.verdict.state}.", indent=0)
    if found.answers:
        yield heading("Answers that differ")
        for move in found.answers:
            yield bullet(f"{move.need}: {spoken(move.before)} → {spoken(move.after)}")
    yield heading("Scores")
    yield from (bullet(standing_sentence(found, move)) for move in found.standings)
    yield from shifts(found, look)
    yield from knowledge(found)


def spoken(choices: Sequence[str]) -> str:
    """Return an answer in words."""
    return ",".join(choices) or "not answered"


def standing_sentence(found: Difference, move: StandingMove) -> str:
    """Say one alternative before and after."""
    rules = found.new.rules if move.after else found.old.rules
    sides = []
    for standing in (move.before, move.after):
        if standing is None:
            sides.append("not there")
        else:
            sides.append(score_text(standing.score) + (" (ruled out)" if standing.exclusions else ""))
    return f"{name_of(rules, move.alternative)}: {sides[0]} → {sides[1]}"


def shifts(found: Difference, look: Look) -> Iterator[RenderableType]:
    """Yield through which answers and criteria the lead moved."""
    if not found.shifts or found.lead_of is None or found.lead_over is None:
        return
    rules = found.new.rules
    yield heading(f"What moved the lead of {name_of(rules, found.lead_of)} over {name_of(rules, found.lead_over)}")
    shown = found.shifts if look.detail else found.shifts[:SHIFTS_SHOWN]
    titles = {criterion.id: criterion.title for criterion in (*found.old.rules.criteria, *rules.criteria)}
    for shift in shown:
        sign = "+" if shift.points > 0 else ""
        yield bullet(f"{sign}{shift.points} through {shift.need}: {titles[shift.criterion]}")
    if len(shown) < len(found.shifts):
        yield paragraph(f"and {plural(len(found.shifts) - len(shown), 'smaller move')} (--detail shows them)", "dim")


def knowledge(found: Difference) -> Iterator[RenderableType]:
    """Yield what differs between the rules of the two."""
    if found.same_rules:
        return
    yield heading("Rules that differ")
    for rating in found.ratings:
        yield bullet(
            f"{rating.alternative} on {rating.criterion}: {rating.before or 'none'} → {rating.after or 'none'}"
        )
    for need, what in found.needs:
        yield bullet(f"need {need}: {what}")
    if not found.ratings and not found.needs:
        yield paragraph("Only wording, sources or examples.")


def diff_record(found: Difference) -> dict[str, Any]:
    """Return the difference as JSON data."""
    return {
        "schema_version": "1.0",
        "pick_changed": found.pick_changed,
        "verdict_changed": found.verdict_changed,
        "before": {"winners": list(found.old.verdict.winners), "state": found.old.verdict.state},
        "after": {"winners": list(found.new.verdict.winners), "state": found.new.verdict.state},
        "answers": [{"need": move.need, "from": list(move.before), "to": list(move.after)} for move in found.answers],
        "standings": [
            {
                "alternative": move.alternative,
                "from": float(score_text(move.before.score)) if move.before else None,
                "to": float(score_text(move.after.score)) if move.after else None,
            }
            for move in found.standings
        ],
        "lead": {"of": found.lead_of, "over": found.lead_over},
        "shifts": [
            {"need": shift.need, "criterion": shift.criterion, "points": shift.points} for shift in found.shifts
        ],
        "ratings": [rating._asdict() for rating in found.ratings],
        "needs": [{"need": need, "what": what} for need, what in found.needs],
    }
