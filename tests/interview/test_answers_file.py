"""Answers in a file that a person can read and edit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from advisor.decision.answers import Answer
from advisor.errors import AdvisorError
from advisor.interview.answers_file import answers_text, read_answers, write_answers

from .bicycles import RULES


def given(**choices: str) -> dict[str, Answer]:
    return {need: Answer(tuple(words.split(",")), "prompt") for need, words in choices.items()}


def read(folder: Path, text: str) -> dict[str, tuple[str, ...]]:
    path = folder / "answers.yaml"
    path.write_text(text, encoding="utf-8")
    return {need: answer.choices for need, answer in read_answers(str(path), RULES).items()}


def refused(folder: Path, text: str | bytes) -> str:
    path = folder / "answers.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(AdvisorError) as caught:
        read_answers(str(path), RULES)
    return caught.value.message.replace(str(folder), ".")


def test_the_file_explains_itself() -> None:
    text = answers_text(RULES, given(luggage="no", distance="medium,long"), skipped=["owned"])
    assert (
        text.split("\n\n")[1]
        == """\
# Must it carry luggage?
#   no: No
#   nice: Nice
#   must: Must
luggage: "no\""""
    )
    assert "\ndistance: [medium, long]\n" in text
    assert "\nowned: unknown\n" in text
    assert "\n# gears:\n" in text


def test_what_any_yaml_reader_sees_is_what_was_answered() -> None:
    answers = given(luggage="no", gears="3", way="back")
    assert yaml.safe_load(answers_text(RULES, answers)) == {"luggage": "no", "gears": "3", "way": "back"}


def test_an_answer_that_does_not_apply_is_kept_as_a_comment() -> None:
    text = answers_text(RULES, given(owned="none", trouble="yes"))
    assert '# set aside, because it does not apply:\n# trouble: "yes"\n' in text
    assert yaml.safe_load(text) == {"owned": "none"}


def test_what_was_seen_in_a_code_base_stands_beside_the_answer() -> None:
    seen = {"owned": Answer(("tourer",), "scan", ("shed.py:3 two\nwheels",))}
    assert "# seen: shed.py:3 two wheels\nowned: tourer" in answers_text(RULES, seen)


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("", {}),
        ("# nothing yet\n", {}),
        ("luggage: no", {"luggage": ("no",)}),
        ("luggage: must\ndistance: medium,long\n", {"luggage": ("must",), "distance": ("medium", "long")}),
        ("distance: [long, medium]", {"distance": ("medium", "long")}),
        ("distance:\n  - long\n", {"distance": ("long",)}),
        ("gears: 3", {"gears": ("3",)}),
        ("luggage: unknown\ndistance:\nway: ~\ngears: 1", {"gears": ("1",)}),
        ('{"luggage": "no", "distance": ["short"]}', {"luggage": ("no",), "distance": ("short",)}),
        ("\ufeffluggage: must\r\n", {"luggage": ("must",)}),
    ],
)
def test_yaml_and_json_are_read_as_they_were_written(
    tmp_path: Path, text: str, answers: dict[str, tuple[str, ...]]
) -> None:
    assert read(tmp_path, text) == answers


def test_the_answers_inside_a_json_report_are_read(tmp_path: Path) -> None:
    report = {"schema_version": "1.0", "answers": {"luggage": {"choices": ["no", "nice"], "origin": "flag"}}}
    assert read(tmp_path, json.dumps(report)) == {"luggage": ("no", "nice")}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("luggage: no\nlugage: must", './answers.yaml:2: unknown need "lugage"'),
        ("\nluggage: mst", './answers.yaml:2: "mst" is not a choice of luggage'),
        ("luggage: no\nluggage: must", './answers.yaml:2: "luggage" was answered in line 1 already'),
        ("- luggage", "./answers.yaml:1: expected lines of need: choice"),
        ("luggage", "./answers.yaml:1: expected lines of need: choice"),
        ("luggage: {a: b}", "./answers.yaml:1: luggage must be a choice, or several in [brackets]"),
        ("luggage: [[no]]", "./answers.yaml:1: luggage must be a choice, or several in [brackets]"),
        ("? [a]\n: no", "./answers.yaml:1: the name of a need is expected"),
        ("luggage: 'no", "./answers.yaml:1:13: not YAML: found unexpected end of stream"),
        ("a: 1\n--- \nb: 2", "./answers.yaml:2:1: not YAML: but found another document"),
        (b"luggage: must\n# \xff", "./answers.yaml:2: not UTF-8 text"),
        (b"x" * 1_000_001, "./answers.yaml: too large for an answers file"),
        ("[" * 500_000, "./answers.yaml: nested too deeply"),
    ],
    ids=lambda value: None if len(value) > 100 else repr(value),
)
def test_a_bad_file_is_told_with_file_and_line(tmp_path: Path, text: str | bytes, message: str) -> None:
    assert refused(tmp_path, text) == message


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(AdvisorError, match=r"absent.yaml: cannot be read: No such file or directory"):
        read_answers(str(tmp_path / "absent.yaml"), RULES)
    with pytest.raises(AdvisorError, match="cannot be read: Is a directory"):
        read_answers(str(tmp_path), RULES)
    with pytest.raises(AdvisorError, match=r"cannot be read: .*embedded null"):
        read_answers("a\0b", RULES)


def test_writing_replaces_the_whole_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text("old " * 1000, encoding="utf-8")
    path.chmod(0o640)
    write_answers(path, "new\n")
    assert path.read_text(encoding="utf-8") == "new\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["answers.yaml"]


def test_writing_through_a_link_keeps_the_link(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text("old", encoding="utf-8")
    (tmp_path / "link.yaml").symlink_to("real.yaml")
    write_answers(tmp_path / "link.yaml", "new")
    assert (tmp_path / "link.yaml").is_symlink()
    assert (tmp_path / "real.yaml").read_text(encoding="utf-8") == "new"


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        write_answers(path, "\udcff")
    assert path.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["answers.yaml"]


def test_the_answers_of_a_report_larger_than_any_answers_file_are_read(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    answers = {"luggage": {"choices": ["must"], "origin": "flag"}}
    report.write_text(json.dumps({"schema_version": "1.0", "answers": answers, "long": "x" * 1_000_000}))
    assert {need: answer.choices for need, answer in read_answers(str(report), RULES).items()} == {"luggage": ("must",)}


@pytest.mark.parametrize(
    "text",
    [
        '{"schema_version": "1.0", "long": "%s"}' % ("x" * 1_000_000),
        '{"answers": {}, "long": "%s"}' % ("x" * 1_000_000),
        "{" + "[" * 1_000_000,
        '{"a": [' + "0," * 2_000_001,
    ],
)
def test_other_large_objects_are_no_answers(text: str, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(AdvisorError, match="too large for an answers file"):
        read_answers(str(path), RULES)


def test_a_file_of_more_entries_than_any_answers_take_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "many.yaml"
    path.write_text("luggage: [" + "a," * 60_000 + "]")
    with pytest.raises(AdvisorError, match="has more than 50,000 entries"):
        read_answers(str(path), RULES)
