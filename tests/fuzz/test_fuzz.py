"""A small share of the fuzzing, with the suite."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.judging import Outcome, complaints, steers, unasked
from tests.fuzz.mutation import spoiled
from tests.fuzz.targets import Input, Room, Targets, shown

TARGETS = Targets()
COUNTS = {
    "rules": 60, "answers": 60, "reports": 50, "lines": 80, "arguments": 60, "environment": 15, "examples": 30,
    "cases": 25, "codebase": 20,
}  # fmt: skip


@pytest.mark.parametrize("target", TARGETS.every)
def test_spoiled_input_gets_a_documented_exit_code_and_one_message(target: str) -> None:
    random = Random(f"{target} 2026")
    with Room() as room:
        for _ in range(COUNTS[target]):
            given = TARGETS.every[target](random)
            wrong = room.feed(target, given)
            assert wrong is None, f"{wrong.complaint}\n{shown(given)}\n{wrong.found.err}"


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(["rules", "answers", "lines"]), st.randoms(use_true_random=False))
def test_what_chance_spoils_can_be_told_apart(target: str, random: Random) -> None:
    given = TARGETS.every[target](random)
    with Room() as room:
        wrong = room.feed(target, given)
    assert wrong is None, f"{wrong.complaint}\n{shown(given)}\n{wrong.found.err}"


@pytest.mark.parametrize(
    ("found", "complaint"),
    [
        (Outcome(3, "", "", 0), "exit code 3"),
        (Outcome(0, "", "Traceback (most recent call last):", 0), "a traceback"),
        (Outcome(2, "", "", 0), "0 messages with exit code 2"),
        (Outcome(2, "", "error: a\nerror: b\n", 0), "2 messages with exit code 2"),
        (Outcome(0, "", "error: a\n", 0), "an error, but exit code 0"),
        (Outcome(0, "", "", 1.5), "took 1.5 s"),
        (Outcome(0, "a\x1b[2Jb", "", 0), r"stdout holds '\x1b'"),
        (Outcome(2, "", "error: \u202e\n", 0), r"stderr holds '\u202e'"),
    ],
)
def test_the_judge_sees_what_is_wrong(found: Outcome, complaint: str) -> None:
    assert list(complaints(["recommend"], found)) == [complaint]


def test_the_judge_has_nothing_against_plain_text() -> None:
    assert not any(steers(sign) for sign in "Zażółć → ✅ 👩‍🚀\n\t")
    assert list(complaints(["recommend"], Outcome(2, "", "error: no\nhint:  yes\n", 0.1))) == []


def test_what_is_left_behind_is_seen() -> None:
    arguments = ("rules", "new", ".mine.yaml")
    assert unasked([".mine.yaml", ".half", "more.yaml"], arguments, 0) == [".half"]
    assert unasked([".mine.yaml", "more.yaml"], arguments, 2) == [".mine.yaml", "more.yaml"]
    with Room() as room:
        assert room.feed("arguments", Input(arguments)) is None
        assert not (room.work / ".mine.yaml").exists()


def test_a_seed_is_changed_most_of_the_time() -> None:
    random = Random(1)
    seed = b"work: wood\nhaste: must\n"
    assert sum(spoiled(random, seed, ()) != seed for _ in range(200)) > 180
