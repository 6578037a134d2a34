"""The comparison table: what each alternative is rated, because of what, on whose word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from advisor.knowledge.model import Criterion, Rating, Rules
from advisor.report.look import Look
from advisor.report.text import bullet, heading, paragraph, printed, uncut

if TYPE_CHECKING:
    from rich.console import RenderableType


def render_compare(rules: Rules, alternatives: Sequence[str], look: Look, *, evidence: bool) -> str:
    """Return the table as text.

    Args:
        rules: the knowledge.
        alternatives: which to show, in this order.
        look: width, colour, plain words.
        evidence: show because, source, date and check of every rating.
    """
    return printed(sections(rules, alternatives, look, evidence=evidence), look)


def sections(rules: Rules, alternatives: Sequence[str], look: Look, *, evidence: bool) -> Iterator[RenderableType]:
    """Yield the rows of the starting table, then the further criteria."""
    parts = (
        ("The table", [criterion for criterion in rules.criteria if criterion.table]),
        ("What else decides", [criterion for criterion in rules.criteria if not criterion.table]),
    )
    for title, criteria in parts:
        if not criteria:
            continue
        yield heading(title)
        if evidence or look.narrow or look.plain:
            for criterion in criteria:
                yield from stacked(rules, criterion, alternatives, evidence=evidence)
        else:
            yield table(rules, criteria, alternatives)
    if not evidence:
        yield paragraph(
            "\nRatings are of the bare framework. --evidence shows reason, source, date and test of each.", "dim"
        )


def table(rules: Rules, criteria: Sequence[Criterion], alternatives: Sequence[str]) -> RenderableType:
    """Return criteria by alternatives as a table without boxes."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    grid.add_column("", ratio=2)
    for alternative in alternatives:
        grid.add_column(rules.alternative(alternative).name, ratio=2)
    for criterion in criteria:
        grid.add_row(Text(criterion.title), *(Text(cell(criterion.ratings[name])) for name in alternatives))
    return Padding(grid, (0, 0, 0, 2))


def cell(rating: Rating) -> str:
    """Return a rating as the table prints it: word and mark."""
    return f"{rating.word} {rating.mark}".rstrip()


def stacked(
    rules: Rules, criterion: Criterion, alternatives: Sequence[str], *, evidence: bool
) -> Iterator[RenderableType]:
    """Yield one criterion in words, for narrow or plain screens and for the evidence."""
    yield paragraph(f"\n{criterion.title}", "bold", indent=0)
    if evidence:
        yield paragraph(criterion.meaning, "dim")
    for name in alternatives:
        rating = criterion.ratings[name]
        yield bullet(f"{rules.alternative(name).name}: {cell(rating)}")
        if evidence:
            yield from (paragraph(line, indent=4) for line in said_of(rating))
            yield from (uncut(line) for line in found_at(rating))
            for remedy in rules.remedies:
                if remedy.alternative == name and criterion.id in remedy.lifts:
                    reached = criterion.word_of(remedy.lifts[criterion.id])
                    yield paragraph(f"With {remedy.name}: {reached}. Cost: {remedy.cost}", indent=4)


def said_of(rating: Rating) -> list[str]:
    """Return reason and today's note of a rating."""
    return [rating.because, f"Today: {rating.note}"] if rating.note else [rating.because]


def found_at(rating: Rating) -> list[str]:
    """Return source with date, and check of a rating."""
    return [
        f"Source: {rating.source} (checked {rating.checked})",
        f"Test: {rating.check}" if rating.check else "Test: none; a program cannot tell",
    ]


def compare_record(rules: Rules, alternatives: Sequence[str]) -> dict[str, Any]:
    """Return the table with all evidence as JSON data."""
    return {
        "schema_version": "1.0",
        "rules": {"name": rules.name, "version": rules.version, "digest": rules.digest},
        "criteria": [
            {
                "id": criterion.id,
                "title": criterion.title,
                "meaning": criterion.meaning,
                "table": criterion.table,
                "group": criterion.group,
                "ratings": {name: criterion.ratings[name]._asdict() for name in alternatives},
            }
            for criterion in rules.criteria
        ],
    }
