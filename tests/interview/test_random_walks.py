"""Random key sequences: no crash, no lost answer, no other result than the same answers give at once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest  # noqa: TC002  # fixtures are annotated with it

from advisor.decision import recommend
from advisor.decision.answers import Answer, Answers, in_file_order
from advisor.decision.recommendation import Recommendation
from advisor.interview.answers_file import answers_text, read_answers
from advisor.interview.conversation import begin, step
from advisor.interview.entries import keys_for
from advisor.interview.messages import Advise
from advisor.interview.screen import Style, lines
from advisor.interview.state import CodebaseOffer, Setup, State, in_effect
from advisor.knowledge import load_rules
from advisor.knowledge.model import Rules

from .bicycles import RULES
from .replaying import Replay

ASIDES = ("?", ":help", ":why", ":back", ":review", "so far", ":save", "save x.yaml", "all", "done", "rev")
GARBAGE = (
    "§",
    "zzz",
    "-1",
    "1;2",
    "\x1b[2J",
    "\x00",
    "²",
    "9" * 400,
    ",",
    ",,",
    ":",
    ": :",
    "☃ or ☃",
    "or",
    "1,zzz",
    "%s{}",
)
OFFER = CodebaseOffer(
    "Tourer here", {"owned": Answer(("tourer",), "scan", ("a.py:1 x",)), "luggage": Answer(("no", "nice"), "scan")}
)


class Entry(NamedTuple):
    """A line and what it means at a question."""

    text: str
    meaning: str  #: pick, enter, skip or other
    choices: tuple[str, ...] = ()


class Remembering:
    """The core, asked once for every set of answers."""

    def __init__(self) -> None:
        self.known: dict[tuple[tuple[str, tuple[str, ...]], ...], Recommendation] = {}

    def __call__(self, rules: Rules, answers: Answers) -> Recommendation:
        key = tuple((need, answer.choices) for need, answer in answers.items())
        if key not in self.known:
            self.known[key] = recommend(rules, answers, sensitivity=False)
        return self.known[key]


def any_entry(rules: Rules, state: State, chance: random.Random) -> Entry:
    """Return a line somebody might type; in a question most of them answer it."""
    dice = chance.random()
    if dice < 0.1:
        return Entry(chance.choice(GARBAGE), "other")
    if dice < 0.3:
        return Entry(chance.choice(ASIDES), "other")
    if dice < 0.4:
        return Entry("", "enter")
    if dice < 0.45:
        return Entry(chance.choice((":skip", "unknown", "don't know")), "skip")
    if state.mode != "asking" or state.current is None:
        return Entry(str(chance.randint(0, len(rules.needs) + 1)), "other")
    choices = rules.need(state.current).choice_ids
    return picking(choices, chance)


def freshest(rules: Rules, state: State, chance: random.Random, tried: Counter[tuple[object, ...]]) -> Entry:
    """Return the line least tried at such a place, of four: walks come sooner to what chance alone seldom shows."""

    def trial(entry: Entry) -> tuple[object, ...]:
        return state.mode, state.current, state.changing, state.ask_all, state.advised, entry.text

    entry = min((any_entry(rules, state, chance) for _ in range(4)), key=lambda entry: tried[trial(entry)])
    tried[trial(entry)] += 1
    return entry


def picking(choices: tuple[str, ...], chance: random.Random) -> Entry:
    keys = keys_for(choices)
    if chance.random() < 0.08:
        some = sorted(chance.sample(range(len(choices)), chance.randint(1, len(choices))))
        return Entry(", ".join(keys[place] for place in some), "pick", tuple(choices[place] for place in some))
    place = chance.randrange(len(choices))
    return Entry(chance.choice((keys[place], choices[place], f" {choices[place].upper()} ")), "pick", (choices[place],))


def expected_after(state: State, entry: Entry, given: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the answers that there must be after an entry, worked out without the conversation."""
    expected = dict(given)
    if state.mode == "offer" and entry.meaning in ("enter", "pick"):
        for need, answer in OFFER.answers.items():
            expected.setdefault(need, answer.choices)
    if state.mode == "asking" and state.current is not None:
        if entry.meaning == "pick":
            expected[state.current] = entry.choices
        elif entry.meaning == "skip":
            expected.pop(state.current, None)
    return expected


def walk(setup: Setup, chance: random.Random, tried: Counter[tuple[object, ...]], *, steps: int) -> Iterator[State]:
    """Walk at random and check every step."""
    offer = OFFER if setup.rules is RULES and chance.random() < 0.1 else None
    state, said = begin(setup, offer=offer, ask_all=chance.random() < 0.1)
    expected: dict[str, tuple[str, ...]] = {}
    for _ in range(steps):
        if state.mode == "offer":
            entry = chance.choice(
                (Entry("1", "pick", ("yes",)), Entry("", "enter"), Entry("no", "other"), Entry("zzz", "other"))
            )
        else:
            entry = freshest(setup.rules, state, chance, tried)
        expected = expected_after(state, entry, expected)
        state, said = step(setup, state, entry.text)
        assert {need: answer.choices for need, answer in state.given.items()} == expected, entry
        if any(isinstance(message, Advise) for message in said):
            counted = {need: ",".join(answer.choices) for need, answer in in_effect(setup.rules, state.given).items()}
            if chance.random() < 0.2:
                assert state.outlook.ranking == recommend(setup.rules, counted, sensitivity=False).ranking
        if state.mode == "finished":
            break
        if chance.random() < 0.02:
            for message in said:
                assert all(line.isprintable() for line in lines(message, Style(chance.choice((20, 40, 80)))))
        yield state


def finish(setup: Setup, state: State) -> State:
    """Press Enter until the end; there must be one."""
    for _ in range(3 * len(setup.rules.needs) + 5):
        if state.mode == "finished":
            return state
        state, _ = step(setup, state, "no" if state.mode == "offer" else "")
    raise AssertionError("Enter alone does not come to an end")


def test_1800_walks_lose_nothing_and_end_where_recommend_ends() -> None:
    setup = Setup(RULES, Remembering())
    tried: Counter[tuple[object, ...]] = Counter()
    for number in range(1800):
        chance = random.Random(number)
        state, _ = begin(setup)
        for state in walk(setup, chance, tried, steps=chance.randint(1, 20)):  # noqa: B007  # the last one is what counts
            pass
        before = state.given
        state = finish(setup, state)
        assert state.given == before
        assert state.outlook.verdict == setup.recommend(RULES, in_effect(RULES, before)).verdict


def test_15_walks_through_the_shipped_rules_lose_nothing() -> None:
    setup = Setup(load_rules(), Remembering())
    for number in range(15):
        for _state in walk(setup, random.Random(number), Counter(), steps=8):
            pass


def test_150_walks_through_the_adapter_can_be_resumed_from_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for number in range(150):
        chance = random.Random(number)
        setup = Setup(RULES, Remembering())
        entries: list[str | type[BaseException]] = []
        state, _ = begin(setup)
        for _ in range(chance.randint(1, 10)):
            entry = any_entry(RULES, state, chance)
            entries.append(entry.text)
            state, _ = step(setup, state, entry.text)
            if state.mode in ("ending", "finished"):
                break
        kept = tmp_path / f"{number}.yaml"
        session = Replay(RULES, [*entries, chance.choice((EOFError, KeyboardInterrupt))], keep=tmp_path, save=kept)
        counted = in_effect(RULES, state.given)
        assert session.code in (0, 130)
        read = read_answers(str(kept), RULES) if kept.exists() else {}
        assert {need: answer.choices for need, answer in read.items()} == {
            need: answer.choices for need, answer in counted.items()
        }


def test_any_answers_survive_being_written_and_read(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    chance = random.Random(1)
    for _ in range(50):
        given = {
            need.id: Answer(picking(need.choice_ids, chance).choices, "prompt")
            for need in RULES.needs
            if need.id != "trouble" and chance.random() < 0.7
        }
        path.write_text(answers_text(RULES, in_file_order(RULES, given)), encoding="utf-8")
        assert {need: answer.choices for need, answer in read_answers(str(path), RULES).items()} == {
            need: answer.choices for need, answer in given.items()
        }
