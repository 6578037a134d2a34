"""`advisor batch` keeps order, goes on after bad lines, and says what `recommend` says."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from advisor.cli.lines import decider
from advisor.decision import recommend
from advisor.knowledge import load_rules

BATCH = [sys.executable, "-m", "advisor", "batch"]


def run(lines: bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*BATCH, *arguments], input=lines, capture_output=True, timeout=60, check=False)


def profiles(number: int, share: float = 0.7) -> list[dict[str, str]]:
    """Return random answers, always the same ones, to needs that apply."""
    dice = random.Random(11)
    made = []
    for _ in range(number):
        answers: dict[str, str] = {}
        for need in load_rules().needs:
            if all(answers.get(named) in choices for named, choices in need.applies_when) and dice.random() < share:
                answers[need.id] = dice.choice(need.choice_ids)
        made.append(answers)
    return made


def written(answers: list[dict[str, str]]) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in answers)


def test_every_line_says_what_recommend_says_in_the_same_order() -> None:
    answers = profiles(40)
    done = run(written(answers))
    assert done.returncode == 0
    for one, line in zip(answers, done.stdout.splitlines(), strict=True):
        verdict = recommend(load_rules(), one, sensitivity=False).verdict
        assert json.loads(line) == {"winners": list(verdict.winners), "state": verdict.state}


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_winners_only_are_the_winners_and_nothing_else(share: float) -> None:
    lines = written(profiles(60, share)) + b'{"async": ["nice", "must"]}\n{}\n{"async": "much"}\n'
    both, alone = run(lines), run(lines, "--fields", "winners-only")
    assert (alone.returncode, alone.stderr) == (both.returncode, both.stderr)
    for whole, line in zip(both.stdout.splitlines(), alone.stdout.splitlines(), strict=True):
        record = json.loads(whole)
        record.pop("state", None)
        assert json.loads(line) == record


def test_several_processes_write_the_same_bytes_as_one() -> None:
    lines = written(profiles(90, 1.0)) * 50  # more than two chunks
    assert run(lines, "--jobs", "2").stdout == run(lines).stdout


def test_all_fields_are_the_document_of_recommend() -> None:
    answers = profiles(1, 0.5)[0]
    flags = [text for need, choice in answers.items() for text in ("--set", f"{need}={choice}")]
    command = [sys.executable, "-m", "advisor", "recommend", "--format", "json", *flags]
    alone = subprocess.run(command, capture_output=True, timeout=60, check=True)
    assert json.loads(run(written([answers]), "--fields", "all").stdout) == json.loads(alone.stdout)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b"nonsense", "not JSON"),
        (b"[1]", "not a JSON object"),
        (b'{"async": "must"', "not JSON"),
        (b'{"async": "must", "async": "must"}', '"async" stands twice'),
        (b'{"async":"no","scale":"large","async":"must"}', '"async" stands twice'),
        (b'{"async": NaN}', "async must be one of"),
        (b'{"async": {"a": 1}}', "async must be one of"),
        (b'{"async": "mast"}', '"mast" is not a choice of async'),
        (b'{"asinc": "must"}', 'unknown need "asinc"'),
        (b'{"async": "\xff"}', "its bytes are not UTF-8"),
        (b'{"async": "must\x00"}', "not JSON"),
        (b"\x00", "not JSON"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"async": "' + b"x" * 1_000_001 + b'"}', "longer than 1,000,000 bytes"),
        (b'{"legacy": "none", "pain": "some"}', "pain does not apply"),
    ],
)
def test_a_bad_line_becomes_an_error_object_in_its_place(line: bytes, complaint: str) -> None:
    good = b'{"async": "must"}\n'
    outcome = decider(None, "winners")([(1, good), (2, line + b"\n"), (3, good)])
    first, error, last = map(json.loads, outcome.text.splitlines())
    assert first == last
    assert error["error"]["line"] == 2
    assert complaint in error["error"]["message"]
    assert outcome.wrong == [(2, error["error"]["message"])]


def test_bad_lines_are_told_with_their_number_and_end_in_exit_code_two() -> None:
    done = run(b'{}\n\n \nno\n{"async": "must"}\n')
    assert done.returncode == 2
    assert [next(iter(json.loads(line))) for line in done.stdout.splitlines()] == ["winners", "error", "winners"]
    assert done.stderr.startswith(b"line 4: not JSON")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_strict_writes_what_came_before_the_first_bad_line_and_stops(jobs: str) -> None:
    done = run(b'{}\nno\n{"async": "must"}\nno\n', "--strict", "--jobs", jobs)
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 1
    assert b"line 2: not JSON" in done.stderr
    assert b"line 4" not in done.stderr


@pytest.mark.parametrize(
    "line",
    [
        b'{"async":"must","scale":"large"}\n',
        b'{"scale": "large", "async": "must"}\n',
        b' { "async" : "must", "scale" : [ "large" ] }\r\n',
        b'{"\\u0061sync": "must", "scale": "large"}',
        b'{"async": "must", "scale": "large", "docs": null}\n',
    ],
)
def test_however_a_line_is_written_it_is_decided_alike(line: bytes) -> None:
    decide = decider(None, "winners")
    assert decide([(1, line)])[:2] == decide([(1, b'{"async": "must", "scale": "large"}\n')])[:2]


def test_one_answer_alone_is_read_however_it_is_spaced() -> None:
    decide = decider(None, "winners")
    assert decide([(1, b'{"async":"must"}\n')]).text == decide([(1, b'{"async": "must"}\n')]).text
    assert decide([(1, b"{}\n")]).text == b'{"winners": [], "state": "open"}\n'


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_it_with_130_and_leaves_no_worker(jobs: str) -> None:
    process = subprocess.Popen(
        [*BATCH, "--jobs", jobs],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"{}\n" * 20_000)
    process.stdin.flush()
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in told
    time.sleep(0.1)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_reader_that_leaves_ends_it_quietly(jobs: str, tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    file.write_bytes(b"{}\n" * 100_000)
    process = subprocess.Popen([*BATCH, str(file), "--jobs", jobs], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait(timeout=30)


PEAK = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
print(usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) if status == 0 else "failed")
"""  # a process starts with the peak of the one that it was forked from: so from one that is small


def test_memory_does_not_grow_with_the_input(tmp_path: Path) -> None:
    lines = written(profiles(100, 1.0))
    peaks = []
    for times in (40, 340):
        file = tmp_path / f"{times}.jsonl"
        file.write_bytes(lines * times)
        command = [sys.executable, "-c", PEAK, *BATCH, str(file)]
        peaks.append(int(subprocess.run(command, capture_output=True, timeout=60, check=True).stdout))
    assert len(lines) * 300 > 9_000_000
    assert peaks[1] < peaks[0] + 3_000_000  # a third of what the input grows by


def test_no_more_processes_are_started_than_there_is_work_for() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert run(b'{"async": "must"}\n' * 3, "--jobs", "256").returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 5
