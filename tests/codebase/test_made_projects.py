"""Every trap as a small project: what serves it, what it uses, and what that answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.codebase import Scan, scan
from advisor.codebase.gather import shorten

from .projects import PROJECTS, Project


@pytest.fixture(params=PROJECTS, ids=lambda project: project.name)
def project(request: pytest.FixtureRequest) -> Project:
    return request.param


@pytest.fixture
def found(project: Project, tmp_path: Path) -> Scan:
    return scan(project.write(tmp_path), jobs=1)


def test_the_framework_that_serves_it_is_found(project: Project, found: Scan) -> None:
    assert (found.primary.framework if found.primary else None) == project.expected["primary"]


def test_the_others_are_in_their_roles(project: Project, found: Scan) -> None:
    if "frameworks" in project.expected:
        assert {use.framework: use.role for use in found.frameworks} == project.expected["frameworks"]


def test_facts_are_counted(project: Project, found: Scan) -> None:
    for name, expected in project.expected.get("facts", {}).items():
        fact = found.facts[name]
        assert fact.present == bool(expected), name
        if not isinstance(expected, bool):
            assert (name, fact.count) == (name, expected)
    for name, kinds in project.expected.get("kinds", {}).items():
        assert set(found.facts[name].kinds or ()) == set(kinds), name


def test_findings_become_answers(project: Project, found: Scan) -> None:
    for need, choice in project.expected.get("answers", {}).items():
        answer = found.answers.get(need)
        assert (need, answer.choices[0] if answer else None) == (need, choice)


def test_versions_are_those_declared(project: Project, found: Scan) -> None:
    for name, version in project.expected.get("versions", {}).items():
        assert found.versions[name] == version


def test_moving_is_priced_in_figures_of_the_project(project: Project, found: Scan) -> None:
    if "sentences" in project.expected:
        assert list(found.move.sentences) == project.expected["sentences"]
        assert sum(part.count for part in found.move.parts) == project.expected["waits"]


def test_every_line_of_evidence_stands_where_it_is_said_to(found: Scan, tmp_path: Path) -> None:
    seen = [place for fact in found.facts.values() for place in fact.evidence]
    seen += [place for use in found.frameworks for place in use.evidence]
    for place in seen:
        line = (tmp_path / place.path).read_bytes().split(b"\n")[place.line - 1]
        assert place.what == shorten(line)
