"""Messages as lines of text: 40 columns or 200, with colour or without, for eyes or for a screen reader.

Text is only ever appended. The plain style puts a word where the other one puts a column or a sign.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from textwrap import wrap
from typing import Any, NamedTuple

from advisor.interview import messages as say
from advisor.interview.entries import keys_for

ORIGINS = {"file": "from the answers file", "scan": "from the code base", "flag": "from a flag", "set": "from a flag"}
COMMANDS = (
    ("?", "when to choose what, and what the words mean"),
    ("why", "why this is asked: what it can still move, and by how much"),
    ("back", "to the question before; later answers are kept"),
    ("skip", "leave it open (don't know)"),
    ("review", "all answers; change any"),
    ("so far", "the standing on what you answered"),
    ("save FILE", "write the answers to a file you can edit"),
    ("done", "show the advice for what is known"),
    ("all", "ask also what cannot change the result"),
    ("quit", "leave; the answers are kept"),
)
REVIEW_COMMANDS = (
    ("a number", "change that answer"),
    ("Enter", "go on"),
    ("back", "return to the question before"),
    ("so far", "the standing on what you answered"),
    ("save FILE", "write the answers to a file you can edit"),
    ("done", "show the advice for what is known"),
    ("all", "ask also what cannot change the result"),
    ("quit", "leave; the answers are kept"),
)
END_COMMANDS = (
    ("report FILE", "save a report; the ending tells the format: .md, .html, .json, .txt"),
    ("examples DIR", "save the example code of this advice"),
    ("save FILE", "write the answers to a file you can edit"),
    ("review", "change answers and see what they do"),
    ("Enter", "end"),
)
MANY_SKIPS = 2
"""From here on the way out is shown: who leaves much open would be asked nearly everything."""

OFFER = "code base"
"""The id of the question that offers what a scan found; no need can have a blank in its id."""


class Style(NamedTuple):
    """How to write."""

    width: int = 80
    plain: bool = False  #: words for everything, no columns
    bold: bool = False  #: whether the terminal understands emphasis

    @property
    def prompt(self) -> str:
        """What stands before the cursor."""
        return "Answer: " if self.plain else "> "


def lines(message: say.Message, style: Style) -> list[str]:
    """Return the lines that show a message; none for those that only tell the adapter to act."""
    write = WRITERS.get(type(message))
    return write(message, style) if write else []


def _welcome(message: say.Welcome, style: Style) -> list[str]:
    text = f"At most {_count(message.most, 'question')}; asked only while the answer can still change the result."
    if message.known:
        text += f" {_count(message.known, 'answer')} known already."
    if message.aside:
        text += f" Set aside, because it does not apply: {_list(message.aside)}."
    commands = "Answer by number or word. ? explains, why tells the reason, back returns, quit leaves and keeps all."
    return [*_heading(message.title, style), *_paragraph(text, style), *_paragraph(commands, style)]


def _ask(message: say.Ask, style: Style) -> list[str]:
    if message.again:
        return _ask_again(message, style)
    said = [""]
    if message.asked or message.purpose != "result":
        said += _paragraph(_progress(message), style)
    return [
        *said,
        *_heading(message.need.question, style),
        *_choices(message, style),
        *_paragraph(_hint(message, style), style),
    ]


def _ask_again(message: say.Ask, style: Style) -> list[str]:
    choices = ", ".join(f"{key} {choice.id}" for key, choice in zip(message.keys, message.need.choices, strict=True))
    text = f"{choices}. Enter {_enter(message)}."
    return ["", *_heading(message.need.question, style), *_paragraph(text, style)]


def _progress(message: say.Ask) -> str:
    if message.set_aside:
        return f"{message.asked} asked. This one does not apply as things stand; an answer is kept aside."
    if message.purpose == "existing code":
        return f"{message.asked} asked. The pick is settled; this decides what to do about the code that exists."
    if message.purpose == "extra":
        return f"{message.asked} asked. This one cannot change the result."
    if not message.left:
        return f"{message.asked} asked. Nothing more can change the result."
    return f"{message.asked} asked, at most {message.left} more can matter."


def _enter(message: say.Ask) -> str:
    if message.need.id == OFFER:
        return "means yes"
    return f"keeps {' or '.join(message.old)}" if message.old else "means don't know"


def _hint(message: say.Ask, style: Style) -> str:
    parts = [f"Enter {_enter(message)}", "? helps"]
    if message.skips >= MANY_SKIPS:
        parts.append("done shows the advice for what is known")
    if message.clash:
        parts.append(f"a command that is a choice here needs a colon: :{message.clash[0]}")
    return ". ".join(parts) + "." if style.plain else " · ".join(parts)


def _choices(message: say.Ask, style: Style) -> list[str]:
    rows = []
    for key, choice in zip(message.keys, message.need.choices, strict=True):
        label = "" if choice.label.lower() == choice.id.lower() else f"{choice.label}: "
        rows.append((f"{key}, {choice.id}" if style.plain else f"{key}  {choice.id}", f"{label}{choice.choose_if}"))
    return _pairs(rows, style)


def _help(message: say.Help, style: Style) -> list[str]:
    need = message.need
    said = ["", *_paragraph(need.help, style)] if need.help else [""]
    for term, meaning in need.terms.items():
        said += _paragraph(f"{term}: {meaning}", style, hang="  ")
    if message.evidence:
        said += _paragraph("Seen in the code base:", style)
        said += [line for seen in message.evidence for line in _paragraph(f"  {seen}", style, hang="    ")]
    if need.id == OFFER:
        return said
    if len(need.choices) > 1:
        pair = f"{message.keys[-2]},{message.keys[-1]}"
        said += ["", *_paragraph(f"When several are possible, type them together: {pair}", style)]
    return [*said, *_pairs(COMMANDS, style)]


def _why(message: say.Why, style: Style) -> list[str]:
    because = {
        "legacy": "A code base that exists decides what a change costs, so it comes first.",
        "core": "It belongs to the core of the comparison, which comes first while it can matter.",
        "telling": "Of the open questions it is the most likely to settle the result.",
        "existing code": "The pick is settled; it decides what to do about the code that exists.",
        "extra": "It cannot change the result any more; it is asked because you wanted all questions.",
    }[message.first]
    said = ["", *_paragraph(because, style)]
    for title, answer in message.gate:
        said += _paragraph(f"It applies because of your answer {title}: {answer}.", style)
    standing = ", ".join(f"{name} {points}{' (excluded)' if out else ''}" for name, points, out in message.standing)
    if message.resting:
        resting = "; ".join(f"{title}: {answer}" for title, answer in message.resting)
        said += _paragraph(f"Points without it: {standing}. They rest on {resting}.", style)
    else:
        said += _paragraph("Nothing that you answered has given points yet.", style)
    if message.swings:
        swings = ", ".join(f"{rival} by up to {points}" for rival, _, points in message.swings)
        said += _paragraph(f"Against {message.swings[0][1]} it can move {swings}.", style)
    return [*said, *_pairs([(effect.choice, _effect(effect)) for effect in message.effects], style)]


def _effect(effect: say.Effect) -> str:
    moved = ", ".join(f"{name} {points:+d}" for name, points in effect.moved) or "no points move"
    out = f"; excludes {_and(effect.out)}" if effect.out else ""
    existing = f"; existing code: {effect.legacy.replace('-', ' ')}" if effect.legacy else ""
    if not effect.leaders:
        return f"{moved}{out}{existing}"
    settles = ", and that would be settled" if effect.settles else ""
    return f"{moved}{out}; {_and(effect.leaders)} would lead{settles}{existing}"


def _review(message: say.Review, style: Style) -> list[str]:
    keys = keys_for([row.need for row in message.rows])
    said = ["", *_heading("Your answers", style)]
    widest = max(map(len, keys), default=0)
    rows = [
        (f"{key}, {row.title}" if style.plain else f"{key:>{widest}}  {row.title}", _row(row))
        for key, row in zip(keys, message.rows, strict=True)
    ]
    said += _pairs(rows, style)
    onward = "goes on with the questions" if message.going_on == "question" else "shows the advice"
    can_matter = f" {_count(message.left, 'question')} can still matter." if message.left else ""
    return [*said, *_paragraph(f"A number changes that answer; Enter {onward}.{can_matter}", style)]


def _row(row: say.Row) -> str:
    if not row.answer:
        return f"({row.status})"
    origin = f" ({ORIGINS[row.origin]})" if row.origin in ORIGINS else ""
    aside = ", set aside: does not apply" if row.status == "set aside" else ""
    return f"{' or '.join(row.answer)}{origin}{aside}"


def _so_far(message: say.SoFar, style: Style) -> list[str]:
    rows = [
        (name, f"excluded (would have {points} points)" if out else f"{points} points, {score / 10:.1f} of 100")
        for name, points, score, out in message.standing
    ]
    open_needs = f" At most {_count(message.left, 'more question')} can matter." if message.left else ""
    return [
        "",
        *_heading("So far", style),
        *_pairs(rows, style),
        *_paragraph(f"{message.reason}{open_needs}", style),
    ]


def _stopped(message: say.Stopped, style: Style) -> list[str]:
    first = {
        "settled": f"Settled: {_and(message.winners)}, whatever the open answers are.",
        "nothing-fits": "Settled: nothing fits all that you must have, whatever the open answers are.",
    }.get(message.state)
    said = ["", *_heading(first or "No question is left.", style)]
    if first is None:
        said += _paragraph(message.reason, style)
    if message.not_asked:
        said += _paragraph(f"Not asked, because it could not change the result: {_list(message.not_asked)}.", style)
    if message.left_open:
        more = "" if message.state in ("settled", "nothing-fits") else "; an answer could still change the result"
        said += _paragraph(f"Left open by you: {_list(message.left_open)}{more}.", style)
    if message.inapplicable:
        said += _paragraph(f"Does not apply: {_list(message.inapplicable)}.", style)
    return said


def _wrong(message: say.Wrong, style: Style) -> list[str]:
    return ["", *_paragraph(_sentence(message.problem) + message.expected, style)]


def _note(message: say.Note, style: Style) -> list[str]:
    return ["", *_paragraph(message.text, style)]


def _left(message: say.Left, style: Style) -> list[str]:
    # A command is never broken, so that it can be copied.
    return [
        *_paragraph("A session was left before. To go on with it, quit and type:", style),
        f"  {printable(message.command)}",
    ]


def _commands(message: say.Commands, style: Style) -> list[str]:
    return ["", *_pairs(END_COMMANDS if message.mode == "ending" else REVIEW_COMMANDS, style)]


def _offer(_message: say.Offer, style: Style) -> list[str]:
    text = (
        "Keep it? Type a file name to save a report (.md, .html, .json, .txt), examples to save the example code, "
        "save to keep the answers, review to change an answer. Enter ends."
    )
    return ["", *_paragraph(text, style)]


def _heading(text: str, style: Style) -> list[str]:
    said = _paragraph(text, style)
    return [f"\x1b[1m{line}\x1b[0m" for line in said] if style.bold else said


def _paragraph(text: str, style: Style, *, hang: str = "") -> list[str]:
    return _wrapped(printable(text), max(style.width, 20), hang)


def _pairs(rows: Iterable[tuple[str, str]], style: Style) -> list[str]:
    """A word and its meaning, in two columns; in sentences when plain; one below the other when narrow."""
    clean = [(printable(left), printable(right)) for left, right in rows]
    if style.plain:
        return [line for left, right in clean for line in _wrapped(f"{left}: {right}", style.width, "")]
    column = max((len(left) for left, _ in clean), default=0) + 2
    if column > style.width // 2:
        return [line for left, right in clean for line in _wrapped(f"  {left}: {right}", style.width, "      ")]
    return [
        line
        for left, right in clean
        for line in _wrapped(f"  {left:<{column}}{right}", max(style.width, 20), " " * (column + 2))
    ]


def _wrapped(text: str, width: int, hang: str) -> list[str]:
    """Wrap to the width; leading spaces and the gap between columns stay as they are."""
    indent = text[: len(text) - len(text.lstrip())]
    filled = text.lstrip().replace("  ", "\x00 ")
    said = wrap(
        filled,
        width=max(width - 1, 20),
        initial_indent=indent,
        subsequent_indent=hang,
        break_long_words=True,
        break_on_hyphens=False,
    )
    return [line.replace("\x00", " ").rstrip() for line in said] or [""]


def printable(text: str) -> str:
    """Return the text on one line and without control characters, so that no rules file or entry steers the screen."""
    return "".join(character if character.isprintable() else " " for character in text)


def _sentence(text: str) -> str:
    return f"{text[:160]}. " if text else ""


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else "nobody"


def _list(words: Sequence[str]) -> str:
    return ", ".join(words)


WRITERS: Mapping[type, Callable[[Any, Style], list[str]]] = {
    say.Welcome: _welcome,
    say.Ask: _ask,
    say.Help: _help,
    say.Why: _why,
    say.Review: _review,
    say.SoFar: _so_far,
    say.Stopped: _stopped,
    say.Wrong: _wrong,
    say.Note: _note,
    say.Left: _left,
    say.Commands: _commands,
    say.Offer: _offer,
}
