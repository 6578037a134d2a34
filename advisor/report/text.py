"""A recommendation as text for people: the verdict first, then why, why not, how sure and what next.

Text is for people and may change; scripts read the JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from advisor.decision.recommendation import Comparison, Recommendation, Standing
from advisor.knowledge.model import Criterion, Example
from advisor.report.detail import detail_sections
from advisor.report.look import Look
from advisor.report.story import example_source
from advisor.report.wording import (
    LEGACY_WORDS,
    STATE_WORDS,
    certainty,
    command_line,
    excluded,
    exclusion_sentence,
    flip_sentence,
    headline,
    left_out,
    listed,
    lower_first,
    name_of,
    names_of,
    plural,
    remedy_sentences,
    runner_up,
    score_text,
)
from advisor.steering import quiet

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

FULL_SCORE = 1000
ROWS_SHOWN = 7
SHORTEST_BAR = 5


def render_text(recommendation: Recommendation, look: Look) -> str:
    """Return the advice as text.

    Args:
        recommendation: the whole result.
        look: width in columns, colour, plain words, detail.
    """
    return printed(sections(recommendation, look), look)


PLAIN_WORDS = str.maketrans({"→": "to", "×": "times", "“": '"', "”": '"', "…": "..."})
"""What a screen reader is given for signs."""


def printed(renderables: Iterable[RenderableType], look: Look) -> str:
    """Return renderables as lines of text without trailing spaces; code and commands are never cut."""
    console = console_for(look)
    with console.capture() as capture:
        for renderable in renderables:
            console.print(renderable, soft_wrap=bool(getattr(renderable, "no_wrap", False)))
    text = "\n".join(line.rstrip() for line in capture.get().splitlines()).lstrip("\n") + "\n"
    return text.translate(PLAIN_WORDS) if look.plain else text


def console_for(look: Look) -> Console:
    """Return a console that writes nowhere, at a fixed width, with our own decision on colour."""
    from rich.console import Console

    return Console(
        file=StringIO(),
        width=look.width,
        color_system="standard" if look.color else None,
        force_terminal=look.color,
        no_color=not look.color,
        legacy_windows=False,
        highlight=False,
        emoji=False,
        markup=False,
        _environ={},
    )


def sections(recommendation: Recommendation, look: Look) -> Iterator[RenderableType]:
    """Yield the parts of the explanation, in reading order."""
    yield from opening(recommendation, look)
    yield from standings(recommendation, look)
    yield from against_runner_up(recommendation, look)
    yield from exclusions(recommendation)
    yield from costs(recommendation)
    yield from cautions(recommendation)
    yield from code_base(recommendation)
    yield from sensitivity(recommendation)
    if look.detail:
        yield from detail_sections(recommendation)
    yield from revisit(recommendation)
    yield from examples(recommendation, look)
    yield from next_steps(recommendation, look)


def heading(title: str) -> RenderableType:
    """Return a section's title."""
    from rich.text import Text

    return Text.assemble("\n", (title, "bold cyan"))


def paragraph(text: str, style: str = "", *, indent: int = 2) -> RenderableType:
    """Return foreign or own text, never read as markup, wrapped and indented."""
    from rich.padding import Padding
    from rich.text import Text

    return Padding(Text(quiet(text), style=style), (0, 0, 0, indent))


def uncut(text: str) -> RenderableType:
    """Return an address on one line, however long, so that it can be copied."""
    from rich.text import Text

    return Text("    " + quiet(text), "dim", no_wrap=True)


def bullet(text: str) -> RenderableType:
    """Return one item of a list with a hanging indent."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=1)
    grid.add_column()
    grid.add_row(Text("-"), Text(quiet(text)))
    return Padding(grid, (0, 0, 0, 2))


def command(line: str, look: Look, label: str = "") -> RenderableType:
    """Return a command to copy: broken only between words, with the shell's own sign for a line that goes on."""
    from rich.text import Text

    room = max(look.width - 4 - len(label), 20)
    lines, current = [], ""
    for word in line.split(" "):
        if current and len(current) + 1 + len(word) > room - 2:
            lines.append(current + " \\")
            current = "  " + word
        else:
            current = f"{current} {word}" if current else word
    block = ("\n  " + " " * len(label)).join([*lines, current])
    return Text(f"  {label}{block}", no_wrap=True)


def opening(recommendation: Recommendation, look: Look) -> Iterator[RenderableType]:
    """Yield the verdict in one sentence, and how sure it is."""
    settled = recommendation.verdict.state == "settled"
    yield paragraph(headline(recommendation), "bold green" if settled else "bold", indent=0)
    yield paragraph(f"{STATE_WORDS[recommendation.verdict.state]}: {certainty(recommendation)}", indent=0)
    if not recommendation.verdict.winners and recommendation.telling:
        yield heading("Most telling questions")
        for need_id in recommendation.telling[: 3 if not look.detail else None]:
            need = recommendation.rules.need(need_id)
            yield bullet(f"{need.question} (--{need.id} {'|'.join(need.choice_ids)})")


def standings(recommendation: Recommendation, look: Look) -> Iterator[RenderableType]:
    """Yield the ranking: a bar and a number for each alternative."""
    if not recommendation.perfect:
        return
    yield heading("How they compare")
    yield from (standing_line(recommendation, standing, look) for standing in recommendation.ranking)
    perfect = plural(recommendation.perfect, "point")
    yield paragraph(f"Out of 100: the share of the {perfect} that a perfect choice would get for these answers.", "dim")


def standing_line(recommendation: Recommendation, standing: Standing, look: Look) -> RenderableType:
    """Return one alternative's line: name, score, bar, and whether it is ruled out."""
    from rich.padding import Padding
    from rich.text import Text

    names = [name_of(recommendation.rules, other.alternative) for other in recommendation.ranking]
    width = max(map(len, names))
    line = Text(f"{name_of(recommendation.rules, standing.alternative):<{width}}  {score_text(standing.score):>5}")
    out = "  ruled out" if standing.exclusions else ""
    room = min(40, look.width - 2 - len(line) - len(out) - 2)
    if not look.plain and room >= SHORTEST_BAR:
        filled = (standing.score * room + FULL_SCORE // 2) // FULL_SCORE
        leads = standing.alternative in recommendation.verdict.winners
        line.append("  " + "█" * filled, "green" if leads else "blue" if not out else "dim")
        line.append("░" * (room - filled), "dim")
    line.append(out, "red")
    return Padding(line, (0, 0, 0, 2))


def against_runner_up(recommendation: Recommendation, look: Look) -> Iterator[RenderableType]:
    """Yield the criteria that count, winner against runner-up, and the strongest argument against the winner."""
    second = runner_up(recommendation)
    if second is None or len(recommendation.verdict.winners) != 1 or not recommendation.comparison:
        return
    rules = recommendation.rules
    winner = recommendation.verdict.winners[0]
    yield heading(f"{name_of(rules, winner)} against {name_of(rules, second.alternative)}")
    rows = recommendation.comparison if look.detail else recommendation.comparison[:ROWS_SHOWN]
    if look.narrow or look.plain:
        yield from (stacked_row(recommendation, row, winner, second.alternative) for row in rows)
    else:
        yield comparison_table(recommendation, rows, winner, second.alternative)
    left = len(recommendation.comparison) - len(rows)
    if left:
        yield paragraph(f"and {left} more that differ less or not at all (--detail shows them)", "dim")
    yield strongest_argument_against(recommendation, winner, second.alternative)


def comparison_table(
    recommendation: Recommendation, rows: tuple[Comparison, ...], winner: str, rival: str
) -> RenderableType:
    """Return winner against runner-up as a table without boxes."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    rules = recommendation.rules
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("criterion", ratio=4)
    table.add_column("weight", justify="right")
    table.add_column(name_of(rules, winner), ratio=3)
    table.add_column(name_of(rules, rival), ratio=3)
    table.add_column("points", justify="right")
    for row in rows:
        criterion = rules.criterion(row.criterion)
        table.add_row(
            Text(criterion.title),
            str(row.weight),
            Text(criterion.ratings[winner].word),
            Text(criterion.ratings[rival].word),
            Text(f"{row.points:+d}" if row.points else "0", "green" if row.points > 0 else "red" if row.points else ""),
        )
    return Padding(table, (0, 0, 0, 2))


def stacked_row(recommendation: Recommendation, row: Comparison, winner: str, rival: str) -> RenderableType:
    """Return one criterion in words, for narrow screens and plain text."""
    rules = recommendation.rules
    criterion = rules.criterion(row.criterion)
    leader = name_of(rules, winner if row.points >= 0 else rival)
    outcome = f"{leader} gains {abs(row.points)}" if row.points else "no difference"
    return bullet(
        f"{criterion.title} (weight {row.weight}): {criterion.ratings[winner].word} against "
        f"{criterion.ratings[rival].word}, {outcome}"
    )


def strongest_argument_against(recommendation: Recommendation, winner: str, rival: str) -> RenderableType:
    """Return the best thing to be said for somebody else."""
    rules = recommendation.rules
    row = recommendation.against
    if row is None:
        return paragraph(f"Nothing that counts here speaks for {name_of(rules, rival)}.")
    ratings = rules.criterion(row.criterion).ratings
    title = lower_first(rules.criterion(row.criterion).title)
    because = ratings[rival].because
    if rules.criterion(row.criterion).kind != "match":
        # Of kinds only the one that fits speaks here: what the pick is fits another project.
        because = f"{because} {ratings[winner].because}"
    return paragraph(f"Strongest argument against {name_of(rules, winner)}: {title}. {because}")


def exclusions(recommendation: Recommendation) -> Iterator[RenderableType]:
    """Yield who is ruled out and by what; when nobody is left, what to relax."""
    rules = recommendation.rules
    out = excluded(recommendation)
    if not out:
        return
    yield heading("Ruled out")
    for standing in out:
        reasons = " ".join(exclusion_sentence(rules, standing, exclusion) for exclusion in standing.exclusions)
        yield bullet(
            f"{name_of(rules, standing.alternative)}: {reasons} It would have scored {score_text(standing.score)}."
        )
        for remedy in {
            exclusion.remedy.id: exclusion.remedy for exclusion in standing.exclusions if exclusion.remedy
        }.values():
            yield paragraph(f"{remedy.name} would lift it: {remedy.cost}", indent=4)
    if recommendation.relax:
        yield paragraph(f"Smallest set of musts to relax: {listed(recommendation.relax)}.")


def costs(recommendation: Recommendation) -> Iterator[RenderableType]:
    """Yield what the pick is worse at, and the add-ons that close gaps, with their cost."""
    rules = recommendation.rules
    if not recommendation.verdict.winners:
        return
    winner = recommendation.verdict.winners[0]
    if recommendation.gives_up:
        yield heading("What you give up")
        for row in recommendation.gives_up[:4]:
            criterion = rules.criterion(row.criterion)
            if criterion.kind == "match":
                theirs = criterion.ratings[row.rival]
                yield bullet(f"{criterion.title}: {theirs.because} ({name_of(rules, row.rival)}: {theirs.word})")
                continue
            better = better_rated(criterion, winner)
            whose = f" ({names_of(rules, better)}: {criterion.ratings[better[0]].word})" if better else ""
            yield bullet(f"{criterion.title}: {criterion.ratings[winner].because}{whose}")
    if recommendation.remedies:
        yield heading("What closes the gaps")
        yield from (bullet(sentence) for sentence in remedy_sentences(recommendation)[:4])


def better_rated(criterion: Criterion, winner: str) -> list[str]:
    """Return the alternatives whose rating beats the winner's."""
    return [name for name, rating in criterion.ratings.items() if rating.level > criterion.ratings[winner].level]


def cautions(recommendation: Recommendation) -> Iterator[RenderableType]:
    """Yield the measured truths that bear on this advice."""
    if recommendation.caveats:
        yield heading("Keep in mind")
        yield from (bullet(caveat.text) for caveat in recommendation.caveats[:5])


def code_base(recommendation: Recommendation) -> Iterator[RenderableType]:
    """Yield what to do about the code that exists, and whether to use two frameworks side by side."""
    if recommendation.legacy is not None:
        yield heading("The code you have")
        yield paragraph(f"{LEGACY_WORDS[recommendation.legacy.advice]}: {recommendation.legacy.because}")
        yield from (bullet(figure) for figure in recommendation.legacy.figures)
    for split in recommendation.splits:
        parts = listed(
            [f"{name_of(recommendation.rules, alternative)} for {part}" for part, alternative in split.parts]
        )
        yield heading("Or use both")
        yield paragraph(f"{parts}: {split.because} {split.how}")


def sufficient_sentence(recommendation: Recommendation, needs: Sequence[str]) -> str:
    """Say which answers fix the lead: against everything when settled, else against what was answered only."""
    if recommendation.verdict.state == "settled":
        return f"Decided by {listed(needs)} alone: the other answers could be anything."
    decide = "decides" if len(needs) == 1 else "decide"
    return f"Of your answers {listed(needs)} alone {decide}: the others could be anything."


def sensitivity(recommendation: Recommendation) -> Iterator[RenderableType]:
    """Yield the two or three facts on how sure this is."""
    found = recommendation.sensitivity
    if found is None or not recommendation.verdict.winners:
        return
    rules = recommendation.rules
    yield heading("What would change it")
    nearest = sorted(found.flips, key=lambda flip: (len(flip.changes), flip.distance))
    shown: set[str] = set()
    for flip in nearest:
        if flip.alternative not in shown:
            shown.add(flip.alternative)
            yield bullet(flip_sentence(rules, flip) + ".")
    if found.cannot_win:
        yield bullet(f"{names_of(rules, found.cannot_win, 'or')} cannot win under these rules, whatever you answer.")
    if found.sufficient and len(found.sufficient) < len(recommendation.answers):
        yield bullet(sufficient_sentence(recommendation, found.sufficient))
    if found.scale_free:
        yield bullet("It holds for every way of turning the words into numbers that keeps their order.")
    yield from (bullet(sentence) for sentence in left_out(rules, found))


def revisit(recommendation: Recommendation) -> Iterator[RenderableType]:
    """Yield when to look at this again."""
    if recommendation.revisit_when:
        yield heading("When to look again")
        yield from (bullet(event) for event in recommendation.revisit_when[:4])


def examples(recommendation: Recommendation, look: Look) -> Iterator[RenderableType]:
    """Yield the example that answers the strongest reason, and name the others."""
    for position, example in enumerate(recommendation.examples):
        yield heading(f"Snippet: {example.title} ({example.alternative}/{example.topic})")
        yield paragraph(example.shows)
        if position == 0:
            yield example_code(recommendation, example, look)
        yield command(example.run, look, "Run:  ")
        yield from (command(line, look, "Try:  ") for line, _output in example.try_lines[:1])
    if recommendation.more_examples:
        yield paragraph("More: " + ", ".join(recommendation.more_examples), "dim")


def example_code(recommendation: Recommendation, example: Example, look: Look) -> RenderableType:
    """Return an example's main file, highlighted where colour is on."""
    from rich.text import Text

    code = quiet(example_source(recommendation, example)).rstrip()
    if not look.color:
        return Text(f"\n{code}\n", no_wrap=True)
    from rich.syntax import Syntax

    highlighted = Syntax(code, lexer_of(example.path), theme="ansi_dark", background_color="default").highlight(code)
    return Text.assemble("\n", highlighted, "\n", no_wrap=True)


def lexer_of(path: str) -> str:
    """Return the language of a file by its name."""
    endings = {".py": "python", ".html": "html+jinja", ".toml": "toml", ".yaml": "yaml", ".sh": "bash"}
    return "docker" if path.endswith("Dockerfile") else endings.get(Path(path).suffix, "text")


def next_steps(recommendation: Recommendation, look: Look) -> Iterator[RenderableType]:
    """Yield the commands that follow naturally."""
    yield heading("Next")
    if not recommendation.verdict.winners:
        yield command("advisor ask", look)
        yield command("advisor needs", look)
        return
    base = command_line(recommendation, look.rules_file)
    rival = runner_up(recommendation)
    if rival is not None:
        yield command(f"advisor why-not {rival.alternative}{base.removeprefix('advisor recommend')}", look)
    yield command(f"{base} --output decision.md", look)
    for example in recommendation.examples[:1]:
        yield command(f"advisor examples save {example.alternative}/{example.topic} .", look)
