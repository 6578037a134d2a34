"""The adapter: nothing that ends a session loses what was given."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.decision.answers import Answer
from advisor.errors import AdvisorError
from advisor.interview.answers_file import read_answers, read_kept
from advisor.interview.terminal import left_behind, state_folder

from .bicycles import RULES
from .replaying import Replay


def kept(path: Path) -> dict[str, tuple[str, ...]]:
    return {need: answer.choices for need, answer in read_answers(str(path), RULES).items()}


@pytest.mark.parametrize("ending", [KeyboardInterrupt, EOFError, "quit"])
def test_leaving_early_keeps_the_answers_and_tells_how_to_go_on(
    tmp_path: Path, ending: str | type[BaseException]
) -> None:
    session = Replay(RULES, ["tourer", "no", ending], keep=tmp_path / "state")
    place = tmp_path / "state" / "interview-1.yaml"
    assert session.code == 130
    assert session.advice == []
    assert session.screen[-2:] == ["Stopped. 2 answers kept. Go on with:", f"  advisor ask --answers {place}"]
    assert kept(place) == {"owned": ("tourer",), "luggage": ("no",)}


def test_leaving_before_the_first_answer_leaves_no_file(tmp_path: Path) -> None:
    session = Replay(RULES, [KeyboardInterrupt], keep=tmp_path / "state")
    assert session.code == 130
    assert session.screen[-1] == "Stopped. Nothing was answered yet."
    assert not (tmp_path / "state").exists()


def test_a_session_that_comes_to_its_end_leaves_no_file(tmp_path: Path) -> None:
    session = Replay(RULES, ["tourer", "done", ""], keep=tmp_path)
    assert session.code == 0
    assert [advice.verdict.winners for advice in session.advice] == [("tourer",)]
    assert list(tmp_path.iterdir()) == []


def test_the_end_of_input_after_the_advice_is_a_clean_end(tmp_path: Path) -> None:
    session = Replay(RULES, ["tourer", "done", EOFError], keep=tmp_path)
    assert session.code == 0
    assert list(tmp_path.iterdir()) == []


def test_the_file_asked_for_is_kept_after_every_answer_and_stays(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    seen = []

    def entries() -> Iterator[str]:
        yield "tourer"
        seen.append(kept(file))
        yield "must"
        seen.append(kept(file))
        yield "done"
        yield ""

    session = Replay(RULES, entries(), keep=tmp_path / "state", save=file)
    assert session.code == 0
    assert seen == [{"owned": ("tourer",)}, {"owned": ("tourer",), "luggage": ("must",)}]
    assert kept(file) == seen[-1]
    assert not (tmp_path / "state").exists()


def test_two_sessions_do_not_share_a_file(tmp_path: Path) -> None:
    Replay(RULES, ["tourer", "quit"], keep=tmp_path)
    Replay(RULES, ["none", "quit"], keep=tmp_path)
    assert kept(tmp_path / "interview-1.yaml") == {"owned": ("tourer",)}
    assert kept(tmp_path / "interview-2.yaml") == {"owned": ("none",)}


def test_where_nothing_can_be_written_the_answers_are_told_instead(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be", encoding="utf-8")
    session = Replay(RULES, ["tourer", "no", KeyboardInterrupt], keep=tmp_path / "state")
    assert session.code == 130
    assert "could not be kept" in session.screen[-2]
    assert session.screen[-1] == "  advisor recommend --luggage no --owned tourer"


def lines_beside_a_folder(file: Path, *, back: bool) -> Iterator[str]:
    """Type answers while a folder stands in the place of the file that keeps them, and goes again or not."""
    yield "tourer"
    file.unlink()
    file.mkdir()
    yield "no"
    if back:
        file.rmdir()
    else:
        yield "skip"
    yield "done"
    yield ""


def test_a_file_asked_for_that_cannot_be_written_is_told_when_it_shows_and_fails_the_session(tmp_path: Path) -> None:
    told: list[str] = []
    file = tmp_path / "mine.yaml"

    with pytest.raises(AdvisorError) as caught:
        Replay(RULES, lines_beside_a_folder(file, back=False), keep=tmp_path / "state", save=file, screen=told)
    assert len([line for line in told if line.startswith("Not kept: ")]) == 1
    assert "could not be kept" in caught.value.message
    assert caught.value.hint == "this line has them: advisor recommend --luggage no --owned tourer"


def test_a_file_asked_for_that_can_be_written_again_has_all_answers(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"

    session = Replay(RULES, lines_beside_a_folder(file, back=True), keep=tmp_path / "state", save=file)
    assert session.code == 0
    assert kept(file) == {"owned": ("tourer",), "luggage": ("no",)}


def test_a_file_that_another_session_made_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"

    def entries() -> Iterator[str]:
        file.write_text("theirs", encoding="utf-8")
        yield "tourer"
        raise EOFError

    session = Replay(RULES, entries(), keep=tmp_path / "state", save=file)
    assert session.code == 130
    assert any("could not be kept" in line and "File exists" in line for line in session.screen)
    assert file.read_text(encoding="utf-8") == "theirs"


def test_a_home_that_nobody_has_is_a_wrong_name_and_no_end_of_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    session = Replay(RULES, ["tourer", "save ~nobody-of-this-name/a.yaml", "no", "quit"], keep=tmp_path / "state")
    assert "Not written: No such file or directory" in session.screen
    assert session.screen[-2].startswith("Stopped. 2 answers kept.")


def test_without_a_home_the_answers_are_told_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", "nowhere")
    assert state_folder() is None
    session = Replay(RULES, ["tourer", EOFError], keep=state_folder())
    assert session.screen[-2:] == [
        "Stopped. 1 answer could not be kept (there is no home folder). This line has them:",
        "  advisor recommend --owned tourer",
    ]


def test_a_crash_tells_where_the_answers_are(tmp_path: Path) -> None:
    told: list[str] = []

    def entries() -> Iterator[str]:
        yield "tourer"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Replay(RULES, entries(), keep=tmp_path, screen=told)
    assert told[-2:] == ["Stopped. 1 answer kept. Go on with:", f"  advisor ask --answers {tmp_path}/interview-1.yaml"]
    assert kept(tmp_path / "interview-1.yaml") == {"owned": ("tourer",)}


def test_save_writes_a_file_and_never_over_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "theirs.yaml").write_text("precious", encoding="utf-8")
    session = Replay(
        RULES,
        [
            "tourer",
            "save",
            "save theirs.yaml",
            "save no/such/folder.yaml",
            "save a\0b",
            "save two words.yaml",
            "must",
            "save",
            "quit",
        ],
        keep=tmp_path / "state",
    )
    assert kept(tmp_path / "answers.yaml") == {"owned": ("tourer",), "luggage": ("must",)}
    assert kept(tmp_path / "two words.yaml") == {"owned": ("tourer",)}
    assert (tmp_path / "theirs.yaml").read_text(encoding="utf-8") == "precious"
    assert "Answers written to answers.yaml." in session.screen
    assert "Not written: theirs.yaml exists already (type save and another name)" in session.screen
    assert "Not written: No such file or directory" in session.screen
    assert any(re.match("Not written: .*embedded null", line) for line in session.screen)


def test_answers_that_existed_are_kept_with_the_new_ones(tmp_path: Path) -> None:
    known = {"distance": Answer(("long",), "file")}
    Replay(RULES, ["tourer", EOFError], keep=tmp_path, answers=known)
    assert kept(tmp_path / "interview-1.yaml") == {"distance": ("long",), "owned": ("tourer",)}


def test_what_was_left_open_is_not_asked_again_when_the_session_goes_on(tmp_path: Path) -> None:
    Replay(RULES, ["tourer", "skip", EOFError], keep=tmp_path)
    left = read_kept(str(tmp_path / "interview-1.yaml"), RULES)
    assert left.left_open == {"luggage"}
    session = Replay(RULES, [EOFError], keep=tmp_path, answers=left.answers, left_open=left.left_open)
    assert "How far do you ride on a usual day?" in session.screen
    assert "Must it carry luggage?" not in session.screen


def test_answers_that_exclude_each_other_are_told_at_the_beginning(tmp_path: Path) -> None:
    known = {"owned": Answer(("none",), "file"), "trouble": Answer(("yes",), "file")}
    session = Replay(RULES, [EOFError], keep=tmp_path, answers=known)
    assert "Set aside, because it does not apply: Trouble." in " ".join(session.screen)


def test_a_session_left_within_a_day_is_told_about(tmp_path: Path) -> None:
    assert left_behind(tmp_path / "no-such-folder", 1e9) is None
    for number, moment in ((1, 1000.0), (2, 3000.0), (3, 2000.0)):
        path = tmp_path / f"interview-{number}.yaml"
        path.write_text("", encoding="utf-8")
        os.utime(path, (moment, moment))
    assert left_behind(tmp_path, 3000.0 + 86_399) == tmp_path / "interview-2.yaml"
    assert left_behind(tmp_path, 3000.0 + 86_401) is None
    session = Replay(RULES, [EOFError], keep=tmp_path, left=Path("interview-2.yaml"))
    at = session.screen.index("A session was left before. To go on with it, quit and type:")
    assert session.screen[at + 1] == "  advisor ask --answers interview-2.yaml"


def test_the_state_folder_follows_xdg_and_else_lies_in_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/somewhere/state")
    assert state_folder() == Path("/somewhere/state/framework-advisor")
    monkeypatch.setenv("XDG_STATE_HOME", "relative/paths/do/not/count")
    monkeypatch.setenv("HOME", "/home/somebody")
    assert state_folder() == Path("/home/somebody/.local/state/framework-advisor")
