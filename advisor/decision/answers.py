"""Answers: what was chosen for each need, and where the answer came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from advisor.errors import AdvisorError, did_you_mean
from advisor.knowledge.model import Rules

Origin = Literal["flag", "set", "file", "scan", "prompt", "unknown"]


class Answer(NamedTuple):
    """The choices still possible for one need. One choice is an answer; several are a don't-know set."""

    choices: tuple[str, ...]  #: in the order of the rules file, without repeats, never empty
    origin: Origin
    evidence: tuple[str, ...] = ()  #: "path:line what" for answers read from a code base

    @property
    def known(self) -> str | None:
        """The one choice left, or None while several are possible."""
        return self.choices[0] if len(self.choices) == 1 else None


Answers = Mapping[str, Answer]
"""Need id → answer, in the order of the rules file. A need that is absent is unanswered."""


def parse_answer(
    rules: Rules,
    need_id: str,
    given: object,
    *,
    origin: Origin = "set",
    where: str | None = None,
) -> Answer | None:
    """Check one answer against the rules.

    Args:
        rules: the rules that name the needs and choices.
        need_id: id of a need.
        given: a choice, or several (`"medium,large"` or a sequence): a don't-know set; `"unknown"` or None: unanswered.
        origin: where the answer came from.
        where: how to name the place in messages, e.g. `--scale` or `answers.yaml:3`.

    Returns:
        The answer, or None when nothing was said.

    Raises:
        AdvisorError: unknown need or choice, or a value that cannot be a choice.
    """
    place = f"{where}: " if where else ""
    known_needs = [need.id for need in rules.needs]
    if need_id not in known_needs:
        raise AdvisorError(f'{place}unknown need "{need_id}"', did_you_mean(need_id, known_needs))
    if isinstance(given, Answer):
        return given
    choices = rules.need(need_id).choice_ids
    wanted = _words(given, f"{place}{need_id} must be one of {', '.join(choices)}, or several of them, not {given!r}")
    for word in wanted:
        if word not in choices:
            hint = did_you_mean(word, choices)
            listed = "" if hint.startswith("known") else f" (choices: {', '.join(choices)})"
            raise AdvisorError(f'{place}"{word}" is not a choice of {need_id}', hint + listed)
    chosen = tuple(choice for choice in choices if choice in wanted)
    return Answer(chosen, origin) if chosen else None


def _words(given: object, complaint: str) -> list[str]:
    # YAML reads a bare `no` as false; it is what the author wrote, so it is read back as that word.
    if isinstance(given, bool):
        return ["yes" if given else "no"]
    if given is None or given == "unknown":
        return []
    if isinstance(given, str):
        return [word.strip() for word in given.split(",")]
    if isinstance(given, (list, tuple)):
        return [word for part in given for word in _words(part, complaint)]
    raise AdvisorError(complaint)


def parse_answers(
    rules: Rules, given: Mapping[str, object], *, origin: Origin = "set", where: str | None = None
) -> dict[str, Answer]:
    """Check a whole mapping of need → choice(s); the result is in the order of the rules file.

    Raises:
        AdvisorError: as `parse_answer`.
    """
    parsed = {
        need_id: parse_answer(rules, need_id, value, origin=origin, where=where) for need_id, value in given.items()
    }
    return in_file_order(rules, {need_id: answer for need_id, answer in parsed.items() if answer is not None})


def in_file_order(rules: Rules, answers: Answers) -> dict[str, Answer]:
    """Return the answers sorted by the order of the needs in the rules file."""
    return {need.id: answers[need.id] for need in rules.needs if need.id in answers}


def merge(rules: Rules, *sources: Answers) -> dict[str, Answer]:
    """Merge answers from several sources; for each need the first source that has it wins."""
    merged: dict[str, Answer] = {}
    for source in sources:
        for need_id, answer in source.items():
            merged.setdefault(need_id, answer)
    return in_file_order(rules, merged)
