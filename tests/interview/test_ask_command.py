"""`advisor ask` in a real terminal, and where there is none."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from advisor.interview.answers_file import read_answers
from advisor.knowledge.model import Rules
from tests.conftest import Advisor

ROOT = Path(__file__).resolve().parent.parent.parent
PROMPT = "\r\n> "


class Session:
    """`advisor …` behind a pseudo-terminal."""

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        columns: int = 80,
        environment: dict[str, str] | None = None,
        stdout: str | None = None,
    ) -> None:
        command = [sys.executable, "-m", "advisor", *arguments]
        if stdout is not None:
            command = ["/bin/sh", "-c", f'exec "$@" > {stdout}', "sh", *command]
        self.child = pexpect.spawn(
            command[0],
            command[1:],
            cwd=str(folder),
            env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", **(environment or {})},
            dimensions=(50, columns),
            encoding="utf-8",
            codec_errors="replace",
            timeout=20,
        )
        self.screen = ""

    def sees(self, text: str) -> str:
        """Wait until a text is on screen; return what came before it."""
        self.child.expect_exact(text)
        before = self.child.before or ""
        self.screen += before + text
        return before

    def types(self, *entries: str) -> None:
        for entry in entries:
            self.sees(PROMPT)
            self.child.sendline(entry)

    def ends(self) -> int:
        self.child.expect(pexpect.EOF)
        self.screen += self.child.before or ""
        self.child.close()
        return -self.child.signalstatus if self.child.exitstatus is None else self.child.exitstatus

    @property
    def text(self) -> str:
        """The screen without emphasis."""
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", self.screen).replace("\r\n", "\n")


@pytest.fixture
def sessions() -> Iterator[list[Session]]:
    """Sessions to be closed whatever happens."""
    opened: list[Session] = []
    yield opened
    for session in opened:
        session.child.close(force=True)


@pytest.mark.parametrize("columns", [80, 40])
def test_a_whole_session_ends_with_the_advice_and_the_line_that_gives_it_again(
    tmp_path: Path, sessions: list[Session], columns: int
) -> None:
    session = Session(tmp_path, columns=columns)
    sessions.append(session)
    session.types("none", "must", "?", "back", "", "no", "done", "report advice.json", "")
    assert session.ends() == 0
    assert "3 asked, at most" in session.text.replace("\n", " ")
    assert (tmp_path / "advice.json").exists()
    line = re.search(r"The same from a script:\n  (advisor recommend .*)\n", session.text)
    assert line is not None
    again = subprocess.run(
        [sys.executable, "-m", *line[1].split(), "--format", "json"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    report = (tmp_path / "advice.json").read_text(encoding="utf-8")
    assert verdict(again.stdout) == verdict(report)
    # Commands and code are never cut.
    code = {line for file in (ROOT / "rules" / "examples").rglob("*.py") for line in file.read_text().split("\n")}
    wide = {line for line in session.text.split("\n") if len(line) > columns and "advisor " not in line}
    assert wide <= code


def verdict(report: str) -> object:
    import json

    return json.loads(report)["verdict"]


def test_ctrl_c_leaves_at_once_with_130_and_the_session_can_be_gone_on_with(
    tmp_path: Path, sessions: list[Session], shipped: Rules
) -> None:
    session = Session(tmp_path, "ask")
    sessions.append(session)
    session.types("none", "must")
    session.sees(PROMPT)
    begun = time.monotonic()
    session.child.sendintr()
    assert session.ends() == 130
    assert time.monotonic() - begun < 5
    line = re.search(r"Stopped\. 2 answers kept\. Go on with:\n  advisor ask --answers (\S+)", session.text)
    assert line is not None
    assert len(read_answers(line[1], shipped)) == 2
    resumed = Session(tmp_path, "ask", "--answers", line[1])
    sessions.append(resumed)
    resumed.sees("2 answers known already.")
    resumed.types("done", "")
    assert resumed.ends() == 0
    assert not Path(line[1]).exists()


def test_the_end_of_input_is_a_clean_end(tmp_path: Path, sessions: list[Session]) -> None:
    session = Session(tmp_path, "ask", "--save", "mine.yaml")
    sessions.append(session)
    session.types("none")
    session.sees(PROMPT)
    session.child.sendeof()
    assert session.ends() == 130
    assert "advisor ask --answers mine.yaml --save mine.yaml\n" in session.text
    assert "Traceback" not in session.text
    assert (tmp_path / "mine.yaml").exists()


def test_a_killed_session_has_kept_every_answer(tmp_path: Path, sessions: list[Session], shipped: Rules) -> None:
    session = Session(tmp_path, "ask", "--save", "mine.yaml")
    sessions.append(session)
    session.types("none", "must")
    session.sees(PROMPT)
    session.child.kill(9)
    assert session.ends() == -9
    assert len(read_answers(str(tmp_path / "mine.yaml"), shipped)) == 2


def test_stray_bytes_are_a_wrong_entry(tmp_path: Path, sessions: list[Session]) -> None:
    session = Session(tmp_path, "ask", environment={"LANG": "C.UTF-8"})
    sessions.append(session)
    session.sees(PROMPT)
    os.write(session.child.child_fd, b"\xff\xfe\xe2\x82\r")
    session.sees("is not one of the choices")
    session.types("quit")
    assert session.ends() == 130


@pytest.mark.parametrize(
    "environment", [{"ACCESSIBLE": "1"}, {"TERM": "dumb"}, {"PYTHONIOENCODING": "ascii", "ACCESSIBLE": "1"}]
)
def test_a_plain_session_has_only_words(tmp_path: Path, sessions: list[Session], environment: dict[str, str]) -> None:
    session = Session(tmp_path, "ask", environment=environment)
    sessions.append(session)
    for entry in ("none", "?", "why", "review", "", "quit"):
        session.sees("\r\nAnswer: ")
        session.child.sendline(entry)
    assert session.ends() == 130
    assert "\x1b" not in session.screen
    assert "1, none" in session.text
    assert [line for line in session.text.split("\n") if "  " in line.strip()] == []


def test_no_color_leaves_the_layout_and_takes_the_emphasis(tmp_path: Path, sessions: list[Session]) -> None:
    session = Session(tmp_path, "ask", environment={"NO_COLOR": "1"})
    sessions.append(session)
    session.types("none", "quit")
    assert session.ends() == 130
    assert "\x1b[1m" not in session.screen


@pytest.mark.parametrize(
    ("variable", "value", "why"),
    [("CI", "true", "CI is set"), ("ADVISOR_NO_INPUT", "1", "ADVISOR_NO_INPUT is set")],
)
def test_a_variable_keeps_an_agent_behind_a_terminal_from_hanging(
    tmp_path: Path, sessions: list[Session], variable: str, value: str, why: str
) -> None:
    session = Session(tmp_path, "ask", environment={variable: value})
    sessions.append(session)
    assert session.ends() == 2
    assert why in session.text


def test_without_a_terminal_the_error_names_the_flags_that_are_missing(
    advisor: Advisor, tmp_path: Path, shipped: Rules
) -> None:
    first, second = shipped.needs[:2]
    answers = tmp_path / "answers.yaml"
    answers.write_text(f'{first.id}: "{first.choice_ids[0]}"\n', encoding="utf-8")
    ran = advisor("ask", "--answers", str(answers))
    assert ran.code == 2
    assert ran.out == ""
    lines = ran.err.split("\n")
    assert lines[0] == "error: questions need a terminal, but stdin is not one"
    assert lines[1] == f"hint:  use flags:  advisor recommend --{first.id} {first.choice_ids[0]}"
    missing = [line.split()[0] for line in lines[3:] if line]
    assert f"--{first.id}" not in missing
    assert f"  --{second.id} {'|'.join(second.choice_ids)}" in lines
    assert set(missing) <= {f"--{need.id}" for need in shipped.needs}


def test_no_input_is_obeyed(advisor: Advisor) -> None:
    assert advisor("ask", "--no-input").err.startswith("error: questions need a terminal, but --no-input was given\n")


def test_save_never_replaces_a_file_that_is_not_gone_on_with(tmp_path: Path, sessions: list[Session]) -> None:
    (tmp_path / "mine.yaml").write_text("precious", encoding="utf-8")
    session = Session(tmp_path, "ask", "--save", "mine.yaml")
    sessions.append(session)
    assert session.ends() == 2
    assert "--save mine.yaml: the file exists already" in session.text
    assert (tmp_path / "mine.yaml").read_text(encoding="utf-8") == "precious"


def test_a_file_edited_by_hand_stays_as_it_is_while_nothing_changes(tmp_path: Path, sessions: list[Session]) -> None:
    mine = '# my own words\nfull-stack: "no"\n'
    (tmp_path / "mine.yaml").write_text(mine, encoding="utf-8")
    session = Session(tmp_path, "ask", "--answers", "mine.yaml", "--save", "mine.yaml")
    sessions.append(session)
    session.types("?", "quit")
    assert session.ends() == 130
    assert (tmp_path / "mine.yaml").read_text(encoding="utf-8") == mine


def test_only_the_advice_goes_to_stdout(tmp_path: Path, sessions: list[Session]) -> None:
    session = Session(tmp_path, "ask", stdout="advice.txt")
    sessions.append(session)
    session.types("none", "must", "done", "")
    assert session.ends() == 0
    advice = (tmp_path / "advice.txt").read_text(encoding="utf-8")
    assert advice.startswith("Choose ")
    assert "asked, at most" not in advice
    assert "\x1b" not in advice
    assert "Choose " not in session.text


def test_examples_of_the_advice_are_saved_and_an_unknown_ending_is_told(
    tmp_path: Path, sessions: list[Session]
) -> None:
    session = Session(tmp_path, "ask")
    sessions.append(session)
    session.types("none", "no", "must", "done", "advice.docx", "examples mine", "advice.md", "")
    assert session.ends() == 0
    assert "Not written: advice.docx: the ending tells the format (one of .json, .md," in session.text
    assert list((tmp_path / "mine").rglob("*.py"))
    assert (tmp_path / "advice.md").read_text(encoding="utf-8").startswith("# ")


def test_a_code_base_in_the_folder_is_offered_and_its_answers_are_taken(
    tmp_path: Path, sessions: list[Session], shipped: Rules
) -> None:
    assert shipped.legacy is not None
    project = tmp_path / "project"
    project.mkdir()
    (project / "requirements.txt").write_text("flask\n", encoding="utf-8")
    (project / "app.py").write_text(
        "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get('/')\ndef home():\n    return {}\n",
        encoding="utf-8",
    )
    session = Session(project, "ask", "--save", "mine.yaml")
    sessions.append(session)
    session.sees("I see Flask here: ")
    session.sees("Use what I found?")
    session.types("?", "yes", "quit")
    assert session.ends() == 130
    assert "app.py:1" in session.text
    kept = read_answers(str(project / "mine.yaml"), shipped)
    assert kept[shipped.legacy.need].choices == ("flask",)


def test_a_folder_without_a_project_is_not_read(tmp_path: Path, sessions: list[Session]) -> None:
    (tmp_path / "app.py").write_text("from flask import Flask\napp = Flask(__name__)\n", encoding="utf-8")
    session = Session(tmp_path, "ask")
    sessions.append(session)
    before = session.sees(PROMPT)
    assert "I see" not in before
    session.child.sendline("quit")
    assert session.ends() == 130


def test_ctrl_c_leaves_in_the_middle_of_a_line_and_right_after_an_answer(
    tmp_path: Path, sessions: list[Session]
) -> None:
    for typed in ("mu", "must\r", "\x1b[A\x12"):
        session = Session(tmp_path, "ask")
        sessions.append(session)
        session.sees(PROMPT)
        session.child.send(typed)
        session.child.sendintr()
        assert session.ends() == 130


def test_a_session_whose_window_closed_is_told_about_by_the_next(
    tmp_path: Path, sessions: list[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    session = Session(tmp_path, "ask", columns=200)
    sessions.append(session)
    session.types("none")
    session.sees(PROMPT)
    session.child.close()
    later = Session(tmp_path, "ask", columns=200)
    sessions.append(later)
    later.sees("A session was left before. To go on with it, quit and type:")
    later.sees(f"  advisor ask --answers {tmp_path}/")
    later.types("quit")
    assert later.ends() == 130
