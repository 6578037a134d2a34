"""What a scan found, as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from advisor.codebase.model import Evidence, Fact, FrameworkUse, Scan
from advisor.report.look import Look
from advisor.report.text import bullet, command, heading, paragraph, printed
from advisor.report.wording import plural

if TYPE_CHECKING:
    from rich.console import RenderableType

ROLES = {
    "primary": "serves this project",
    "also": "also in use",
    "tests": "only in tests, examples or documentation",
    "optional": "only as an integration",
}
EVIDENCE_SHOWN = 3
SKIPPED_SHOWN = 5


def render_scans(scans: Mapping[str, Scan], look: Look) -> str:
    """Return the findings of one or several projects as text; `look.detail` shows every line of evidence."""
    return printed(projects(scans, look), look)


def projects(scans: Mapping[str, Scan], look: Look) -> Iterator[RenderableType]:
    """Yield one project after the other, each under its folder where there are several."""
    for folder, found in scans.items():
        if len(scans) > 1:
            yield paragraph(f"\n{folder}", "bold underline", indent=0)
        yield from sections(found, look)


def sections(found: Scan, look: Look) -> Iterator[RenderableType]:
    """Yield what was found, the verdict first."""
    yield paragraph(verdict(found), "bold", indent=0)
    for use in found.frameworks:
        yield from framework(use, look)
    facts = {name: fact for name, fact in found.facts.items() if fact.present}
    if facts:
        yield heading("What it uses")
        for name, fact in facts.items():
            yield bullet(fact_sentence(name, fact))
            yield from places(fact.evidence, look)
    if found.versions:
        yield heading("Versions declared")
        yield from (bullet(f"{name} {version}".strip()) for name, version in found.versions.items())
    yield from answers(found)
    yield from moving(found)
    yield from skipped(found, look)
    if found.answers:
        yield heading("Next")
        yield command(f"advisor recommend --codebase {shell_word(found.root)}", look)


def verdict(found: Scan) -> str:
    """Say in one sentence what serves this project."""
    size = f"{plural(found.python_files, 'Python file')}, {plural(found.python_lines, 'line')}"
    if found.primary is None:
        return f"No web framework serves this project ({size})."
    routes = f", {plural(found.primary.routes, 'route')}" if found.primary.routes else ""
    return f"{found.primary.name} serves this project ({size}{routes})."


def framework(use: FrameworkUse, look: Look) -> Iterator[RenderableType]:
    """Yield one framework and the lines it was seen in."""
    yield bullet(f"{use.name}: {ROLES[use.role]}" + (f", {plural(use.routes, 'route')}" if use.routes else ""))
    yield from places(use.evidence, look)


def places(evidence: tuple[Evidence, ...], look: Look) -> Iterator[RenderableType]:
    """Yield the first places of a finding, or all with `--detail`."""
    shown = evidence if look.detail else evidence[:EVIDENCE_SHOWN]
    yield from (paragraph(str(place), "dim", indent=4) for place in shown)


def fact_sentence(name: str, fact: Fact) -> str:
    """Say one fact with its count and kinds."""
    kinds = f" ({', '.join(fact.kinds)})" if fact.kinds else ""
    return f"{name.replace('_', ' ')}: {fact.count:,}{kinds}"


def answers(found: Scan) -> Iterator[RenderableType]:
    """Yield the answers that the findings give."""
    if not found.answers:
        return
    yield heading("Answers this gives")
    for need, finding in found.answers.items():
        because = f"  because of {finding.evidence[0]}" if finding.evidence else ""
        yield bullet(f"{need}: {','.join(finding.choices)}{because}")


def moving(found: Scan) -> Iterator[RenderableType]:
    """Yield what leaving would cost and what would profit, in figures of this code base."""
    if not found.move.sentences and not found.move.parts:
        return
    yield heading("If it moved")
    yield from (bullet(sentence) for sentence in found.move.sentences)
    yield from (bullet(f"{part.path}: {part.count} × {part.what}") for part in found.move.parts)


def skipped(found: Scan, look: Look) -> Iterator[RenderableType]:
    """Yield what was not read, and why."""
    if not found.skipped:
        return
    yield heading("Not read")
    shown = found.skipped if look.detail else found.skipped[:SKIPPED_SHOWN]
    yield from (bullet(f"{item.path}: {item.why}") for item in shown)
    if len(shown) < len(found.skipped):
        yield paragraph(f"and {len(found.skipped) - len(shown)} more (--detail shows them)", "dim")


def shell_word(text: str) -> str:
    """Return a path as a shell takes it."""
    from shlex import quote

    return quote(text)
