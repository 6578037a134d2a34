"""`advisor diff` between answers files and reports."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Advisor


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text("full-stack: must\nsize: medium\n", encoding="utf-8")
    new.write_text("async: must\nsize: medium\ndocs: must\n", encoding="utf-8")
    return str(old), str(new)


def test_golden_difference(advisor: Advisor, golden: Callable[[str, str], None], files: tuple[str, str]) -> None:
    for columns in (80, 40):
        ran = advisor("diff", *files, columns=columns)
        assert (ran.code, ran.err) == (0, "")
        golden(f"diff/answers-{columns}.txt", ran.out)


def test_shifts_sum_to_the_move_of_the_lead(advisor: Advisor, files: tuple[str, str]) -> None:
    found = json.loads(advisor("diff", *files, "--format", "json").out)
    assert found["pick_changed"] is True
    assert found["before"]["winners"] == ["django"]
    assert found["after"]["winners"] == ["fastapi"]

    def lead(path: str) -> int:
        record = json.loads(advisor("recommend", "--answers", path, "--format", "json").out)
        points = {row["alternative"]: row["points"] for row in record["ranking"]}
        return int(points[found["lead"]["of"]] - points[found["lead"]["over"]])

    assert sum(shift["points"] for shift in found["shifts"]) == lead(files[1]) - lead(files[0])


def test_a_report_and_an_answers_file_compare(advisor: Advisor, files: tuple[str, str], tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    advisor("recommend", "--answers", files[0], "--output", str(report))
    ran = advisor("diff", str(report), files[0])
    assert (ran.code, ran.out) == (0, "Nothing moved: Django as before.\n")


def test_a_missing_file_is_refused(advisor: Advisor, files: tuple[str, str]) -> None:
    ran = advisor("diff", files[0], "nowhere.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert "nowhere.yaml" in ran.err


def test_stdin_twice_is_refused(advisor: Advisor) -> None:
    ran = advisor("diff", "-", "-")
    assert (ran.code, ran.out) == (2, "")


def test_one_file_alone_is_told_what_goes_beside_it(advisor: Advisor, files: tuple[str, str]) -> None:
    ran = advisor("diff", files[0])
    assert ran == (2, "", "error: missing argument 'NEW'.\nhint:  advisor diff OLD NEW; see advisor diff --help\n")


def test_answers_for_other_rules_are_told_how_to_name_those_rules(
    advisor: Advisor, files: tuple[str, str], tmp_path: Path
) -> None:
    foreign = tmp_path / "foreign.yaml"
    foreign.write_text("wheels: two\n", encoding="utf-8")
    ran = advisor("diff", files[0], str(foreign))
    assert (ran.code, ran.out) == (2, "")
    assert 'unknown need "wheels"' in ran.err
    assert "if it was made with other rules than web-frameworks, name them: ADVISOR_RULES=FILE" in ran.err
    foreign.write_text("async: perhaps\n", encoding="utf-8")
    assert "ADVISOR_RULES" not in advisor("diff", files[0], str(foreign)).err
