"""What the conversation says and asks its adapter to do: plain records, words only where the rules wrote them."""

from __future__ import annotations

from pathlib import PurePath
from typing import Literal, NamedTuple

from advisor.decision.recommendation import State as VerdictState
from advisor.knowledge.model import Need


class Welcome(NamedTuple):
    """The conversation begins."""

    title: str
    subject: str
    most: int  #: how many questions can matter at most
    known: int  #: answers that were there already
    aside: tuple[str, ...]  #: titles of those among them that do not apply


Purpose = Literal["result", "existing code", "extra"]
"""What an answer can still change: the result, only the advice on the code that exists, or nothing."""


class Ask(NamedTuple):
    """One need is asked. The last record of a step in mode `asking` or `offer`."""

    need: Need
    keys: tuple[str, ...]  #: what to type for each choice, beside its word
    asked: int  #: questions answered or skipped before this one
    left: int  #: how many more can matter at most, this one included
    purpose: Purpose
    old: tuple[str, ...]  #: the answer that Enter keeps; empty: Enter means "don't know"
    set_aside: bool  #: the need does not apply as things stand
    clash: tuple[str, ...]  #: commands that are choices here and need a colon
    skips: int = 0  #: questions left open so far
    again: bool = False  #: on screen already; a reminder is enough


class Help(NamedTuple):
    """Help on one need: when to choose what, the terms, and the commands."""

    need: Need
    keys: tuple[str, ...]
    evidence: tuple[str, ...]  #: what was seen, for an offer from a code base


class Effect(NamedTuple):
    """What one choice would do to the standing."""

    choice: str
    moved: tuple[tuple[str, int], ...]  #: framework and points it gains or loses; only those that move
    out: tuple[str, ...]  #: frameworks that it would exclude
    leaders: tuple[str, ...]  #: who would lead then
    settles: bool  #: whether nothing could change the result after it
    legacy: str | None  #: what to do about the code that exists then, where this choice decides it


class Why(NamedTuple):
    """Why a need is asked: which frameworks it can still move, by how much, because of which answers."""

    need: Need
    gate: tuple[tuple[str, str], ...]  #: (need's title, answer) that made the question apply
    first: Literal["legacy", "core", "telling", "existing code", "extra"]  #: why it comes now
    standing: tuple[tuple[str, int, bool], ...]  #: framework, points, excluded; best first
    swings: tuple[tuple[str, str, int], ...]  #: (rival, leader, points by which it can move the one against the other)
    resting: tuple[tuple[str, str], ...]  #: (need's title, answer) that the standing rests on
    effects: tuple[Effect, ...]


class Row(NamedTuple):
    """One line of the review."""

    need: str
    title: str
    answer: tuple[str, ...]  #: empty: not answered
    status: Literal["answered", "left open", "open", "not needed", "set aside", "does not apply"]
    origin: str  #: where the answer came from; "" without one


class Review(NamedTuple):
    """All answers. Any can be changed by its number."""

    rows: tuple[Row, ...]
    left: int  #: questions that can still matter
    going_on: Literal["question", "advice"]  #: what Enter leads to


class SoFar(NamedTuple):
    """The standing on what is answered."""

    standing: tuple[tuple[str, int, int, bool], ...]  #: framework, points, score in tenths of a percent, excluded
    state: VerdictState
    winners: tuple[str, ...]
    reason: str
    left: int


class Stopped(NamedTuple):
    """No question is left that is worth asking."""

    state: VerdictState
    winners: tuple[str, ...]
    reason: str
    not_asked: tuple[str, ...]  #: titles of needs that could not change the result
    left_open: tuple[str, ...]  #: titles of needs answered "don't know" or with several choices
    inapplicable: tuple[str, ...]  #: titles of needs that do not apply


class Wrong(NamedTuple):
    """An entry that means nothing here."""

    entry: str
    problem: str
    expected: str


class Note(NamedTuple):
    """A sentence."""

    text: str


class Left(NamedTuple):
    """An earlier session was left, and this command goes on with it."""

    command: str


class Commands(NamedTuple):
    """The commands, where there is no need to explain."""

    mode: Literal["review", "ending"]


class Advise(NamedTuple):
    """Show the whole advice and the line that gives it again."""


class Offer(NamedTuple):
    """What can be kept, after the advice."""


class Save(NamedTuple):
    """Write the answers to a file; None: wherever the session keeps them."""

    path: PurePath | None


class Export(NamedTuple):
    """Write a report; its ending tells the format."""

    path: PurePath


class SaveExamples(NamedTuple):
    """Write the example code of the advice into a folder; None: the usual one."""

    folder: PurePath | None


class Leave(NamedTuple):
    """The conversation ends."""

    advised: bool  #: whether advice was shown


Message = (
    Welcome
    | Ask
    | Help
    | Why
    | Review
    | SoFar
    | Stopped
    | Wrong
    | Note
    | Left
    | Commands
    | Advise
    | Offer
    | Save
    | Export
    | SaveExamples
    | Leave
)
