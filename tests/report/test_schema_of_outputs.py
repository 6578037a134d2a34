"""What the command line really prints meets the schema that it publishes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from advisor.report.schema import read_schema

ROOT = Path(__file__).resolve().parents[2]


def complaints(document: str, value: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(read_schema(document)).iter_errors(value)]


@pytest.mark.parametrize(
    "answers",
    [
        [],
        ["--async", "must", "--docs", "must", "--scale", "medium,large"],
        ["--full-stack", "must", "--legacy", "flask", "--pain", "some", "--admin", "must", "--realtime", "must"],
        ["--full-stack", "must", "--docs", "must", "--realtime", "must", "--validation", "must", "--async", "must"],
    ],
)
def test_recommend(advisor: Any, answers: list[str]) -> None:
    ran = advisor("recommend", *answers, "--format", "json")
    assert ran.code == 0
    assert complaints("recommend", json.loads(ran.out)) == []


def test_needs(advisor: Any) -> None:
    assert complaints("needs", json.loads(advisor("needs", "--format", "json").out)) == []


def test_scan(advisor: Any, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("from fastapi import FastAPI\n\napp = FastAPI()\n", encoding="utf-8")
    (tmp_path / "requirements.txt").write_text("fastapi==0.165.0\nsqlalchemy\n", encoding="utf-8")
    for folder in (tmp_path, ROOT / "rules" / "examples" / "django"):
        ran = advisor("scan", str(folder), "--format", "json")
        assert ran.code == 0, ran.err
        assert complaints("scan", json.loads(ran.out)) == []


@pytest.mark.parametrize("fields", [[], ["--fields", "all"]])
def test_batch(advisor: Any, tmp_path: Path, fields: list[str]) -> None:
    file = tmp_path / "profiles.jsonl"
    lines = ['{"async": "must", "scale": ["medium", "large"]}', "{}", '{"asinc": "must"}', "no JSON"]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert [complaints("batch-input", json.loads(line)) for line in lines[:3]] == [[], [], []]
    written = [json.loads(line) for line in advisor("batch", str(file), *fields).out.splitlines()]
    assert [complaints("batch", value) for value in written] == [[], [], [], []]
    assert ["error" in value for value in written] == [False, False, True, True]


def test_schema_prints_itself(advisor: Any) -> None:
    assert json.loads(advisor("schema").out) == read_schema()
    assert json.loads(advisor("schema", "scan").out) == read_schema("scan")
    assert advisor("schema", "scna").code == 2
