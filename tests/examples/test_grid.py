"""The grid is complete, its files are all there is, and its versions are true."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from advisor.cli.examples import code_lines
from advisor.knowledge import load_rules

from .grid import CELLS, GRID, METADATA, PROGRAMS, RULES, inline_metadata, requirements


def test_every_framework_has_an_example_of_every_topic_or_a_reason_why_not() -> None:
    cells = {(cell.alternative, cell.topic) for cell in (*GRID.examples, *GRID.gaps)}
    alternatives = [alternative.id for alternative in load_rules().alternatives]
    assert cells == {(alternative, topic.id) for alternative in alternatives for topic in GRID.topics}


def test_the_rules_show_the_same_examples() -> None:
    assert {(example.alternative, example.topic) for example in load_rules().examples} == {
        (example.alternative, example.topic) for example in GRID.examples
    }


def test_the_files_named_are_the_files_there() -> None:
    named = {RULES / name for example in GRID.examples for name in example.files}
    there = {
        path
        for path in (RULES / "examples").rglob("*")
        if path.is_file() and path.name != "ruff.toml" and "__pycache__" not in path.parts
    }
    assert named == there


@pytest.mark.parametrize("cell", CELLS)
def test_an_example_runs_on_what_is_installed_and_on_the_versions_recorded(cell: str) -> None:
    example = CELLS[cell]
    if cell in PROGRAMS:
        assert inline_metadata(example)["requires-python"] == ">=3.11"
    needed = requirements(example)
    assert list(example.versions) == sorted(requirement.name for requirement in needed)
    for requirement in needed:
        installed, recorded = version(requirement.name), example.versions[requirement.name]
        assert requirement.specifier.contains(installed), f"{requirement} but {installed} is installed"
        assert requirement.specifier.contains(recorded), f"{requirement} but {recorded} is recorded"
        assert Version(recorded) <= Version(installed), f"{requirement.name} {recorded} is newer than what is tested"


@pytest.mark.parametrize("cell", CELLS)
def test_an_add_on_is_one_that_the_remedies_name(cell: str) -> None:
    """Where a remedy lifts what an example is about, the example uses one of them or tells the reader of it."""
    example = CELLS[cell]
    remedies = [
        f"{remedy.id} {remedy.name}".lower()
        for remedy in load_rules().remedies
        if remedy.alternative == example.alternative and example.criteria[0] in remedy.lifts
    ]
    added = set(example.versions) - {example.alternative, "gunicorn", "uvicorn"}
    text = (RULES / example.path).read_text(encoding="utf-8").lower()
    used = any(package in remedy for remedy in remedies for package in added)
    told = any(remedy.partition(" ")[2].split(" with ")[0] in text for remedy in remedies)
    assert used or told or not remedies


def test_every_recorded_version_is_used() -> None:
    recorded = yaml.safe_load((RULES / "examples.yaml").read_text(encoding="utf-8"))["tested"]["packages"]
    assert set(recorded) == {name for example in GRID.examples for name in example.versions}


def test_the_test_environment_is_asked_for_every_package_that_an_example_needs() -> None:
    project = tomllib.loads((RULES.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {Requirement(line).name for line in project["dependencies"] + project["optional-dependencies"]["test"]}
    assert {name for example in GRID.examples for name in example.versions} <= asked


@pytest.mark.parametrize("cell", CELLS)
def test_an_example_is_short_and_says_what_it_shows(cell: str) -> None:
    example = CELLS[cell]
    text = (RULES / example.path).read_text(encoding="utf-8")
    assert 10 <= code_lines(load_rules(), example) <= 60
    assert max(map(len, text.splitlines())) <= (80 if cell in PROGRAMS else 120)
    assert example.shows.endswith(".")
    assert 40 <= len(example.shows) <= 120
    assert example.criteria
    if cell in PROGRAMS:
        assert text.split('"""')[1].strip().endswith(".")


def test_versions_beside_a_name_in_the_text_of_an_example_are_left_to_the_data() -> None:
    """A version in a comment would not be held by any test; only support statements of Django's tasks are allowed."""
    for cell, example in PROGRAMS.items():
        prose = METADATA.sub("", (RULES / example.path).read_text(encoding="utf-8")).split('"""')[1]
        found = set(re.findall(r"\b\d+\.\d+(?:\.\d+)?\b", prose))
        assert found <= ({"6.0", "5.2"} if cell == "django/background-work" else set()), cell


def test_no_example_is_a_link() -> None:
    assert not [path for path in (RULES / "examples").rglob("*") if Path(path).is_symlink()]
