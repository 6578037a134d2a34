"""What was typed, read in the light of one question.

A choice wins over a command of the same name, so that a rules author may call a choice "skip" or "back"; a colon in
front (`:skip`) always means the command.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_lowercase
from typing import Literal, NamedTuple

Command = Literal[
    "help", "why", "back", "skip", "review", "so far", "save", "done", "all", "quit", "report", "examples"
]

ALIASES: dict[str, Command] = {
    "?": "help",
    "help": "help",
    "why": "why",
    "back": "back",
    "skip": "skip",
    "unknown": "skip",
    "don't know": "skip",
    "review": "review",
    "so far": "so far",
    "sofar": "so far",
    "save": "save",
    "done": "done",
    "all": "all",
    "quit": "quit",
    "exit": "quit",
    "report": "report",
    "examples": "examples",
}
WITH_A_NAME: frozenset[Command] = frozenset({"save", "report", "examples"})
AT_A_QUESTION: tuple[Command, ...] = (
    "help",
    "why",
    "back",
    "skip",
    "review",
    "so far",
    "save",
    "done",
    "all",
    "quit",
)
IN_A_REVIEW: tuple[Command, ...] = ("help", "back", "review", "so far", "save", "done", "all", "quit")
AT_THE_END: tuple[Command, ...] = ("help", "back", "review", "so far", "save", "report", "examples", "quit")
AT_AN_OFFER: tuple[Command, ...] = ("help", "skip", "quit")


class Picked(NamedTuple):
    """One or several choices."""

    choices: tuple[str, ...]


class Ordered(NamedTuple):
    """A command, with the file name that followed it or ""."""

    command: Command
    name: str = ""


class Nothing(NamedTuple):
    """Just Enter."""


class Unclear(NamedTuple):
    """An entry that is neither, and why."""

    problem: str


Entry = Picked | Ordered | Nothing | Unclear


def keys_for(choices: Sequence[str]) -> tuple[str, ...]:
    """Return the short keys of a list of choices: numbers, or letters where a choice's own word is a number."""
    numbers = [str(place) for place in range(1, len(choices) + 1)]
    if not any(choice.isdigit() for choice in choices):
        return tuple(numbers)
    if len(choices) <= len(ascii_lowercase) and not any(len(choice) == 1 for choice in choices if choice.isalpha()):
        return tuple(ascii_lowercase[: len(choices)])
    return tuple(f"#{number}" for number in numbers)


def read_entry(typed: str, choices: Sequence[str], commands: Sequence[Command] = AT_A_QUESTION) -> Entry:
    """Read one line.

    Args:
        typed: the line, without its end.
        choices: ids of the choices at this question; empty where only commands are expected.
        commands: the commands that are known here.

    Returns:
        Choices, a command, nothing, or why neither was meant.
    """
    text = " ".join(typed.split())
    if not text:
        return Nothing()
    if text.startswith(":"):
        return _command(text[1:].strip(), commands) or Unclear(f'"{text}" is not a command')
    choice = _one_choice(text, choices)
    if choice is not None:
        return Picked((choice,))
    command = _exact_command(text, commands)
    if command is not None:
        return command
    parts = [part.strip() for part in re.split(r",| or ", text)]
    if len(parts) > 1:
        return _several(parts, choices)
    return _by_prefix(text, choices, commands)


def _command(text: str, commands: Sequence[Command]) -> Ordered | None:
    exact = _exact_command(text, commands)
    if exact is not None:
        return exact
    starting = {name for name in commands if name.startswith(text.lower())} if text else set()
    return Ordered(starting.pop()) if len(starting) == 1 else None


def _exact_command(text: str, commands: Sequence[Command]) -> Ordered | None:
    named = ALIASES.get(text.lower())
    if named is not None and named in commands:
        return Ordered(named)
    word, _, name = text.partition(" ")
    first = ALIASES.get(word.lower())
    if name and first is not None and first in WITH_A_NAME and first in commands:
        return Ordered(first, name.strip())
    return None


def _one_choice(text: str, choices: Sequence[str]) -> str | None:
    if text in choices:
        return text
    folded = [choice for choice in choices if choice.lower() == text.lower()]
    if len(folded) == 1:
        return folded[0]
    keys = keys_for(choices)
    key = text.lower().rstrip(".)")
    return choices[keys.index(key)] if key in keys else None


def _several(parts: Sequence[str], choices: Sequence[str]) -> Picked | Unclear:
    found: set[str] = set()
    for part in parts:
        choice = _one_choice(part, choices)
        if choice is None:
            starting = _starting(part, choices)
            if len(starting) != 1:
                return Unclear(f'"{part}" is not one of the choices')
            choice = starting[0]
        found.add(choice)
    return Picked(tuple(choice for choice in choices if choice in found))


def _by_prefix(text: str, choices: Sequence[str], commands: Sequence[Command]) -> Entry:
    chosen = _starting(text, choices)
    ordered = _starting(text, commands)
    both = [*chosen, *ordered]
    if len(both) > 1:
        return Unclear(f'"{text}" could be {_or(both)}')
    if chosen:
        return Picked((chosen[0],))
    if ordered:
        return Ordered(next(name for name in commands if name == ordered[0]))
    return Unclear(f'"{text}" is not one of the choices' if choices else f'"{text}" means nothing here')


def _starting(text: str, words: Sequence[str]) -> list[str]:
    return [word for word in words if text and word.lower().startswith(text.lower())]


def _or(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
