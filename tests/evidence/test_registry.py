"""The rules and the evidence name each other: no check that is not there, and none that nothing rests on."""

from __future__ import annotations

import ast
from functools import cache
from typing import Any

import pytest

from .conftest import BARE, HERE, read_rules

#: about the registry itself, and named by nothing
ITSELF = "test_registry.py"

pytestmark = pytest.mark.xdist_group("evidence-registry")


def ratings() -> list[tuple[str, str, dict[str, Any]]]:
    """Every rating: its criterion, its alternative, and what the rules say."""
    return [
        (criterion["id"], alternative, rating)
        for criterion in read_rules()["criteria"]
        for alternative, rating in criterion["ratings"].items()
    ]


def named_checks() -> dict[str, list[str]]:
    """Every check that a rating, a remedy or a caveat names, and who names it."""
    found: dict[str, list[str]] = {}
    for criterion, alternative, rating in ratings():
        found.setdefault(rating.get("check") or "", []).append(f"{criterion} of {alternative}")
    for part in ("remedies", "caveats"):
        for entry in read_rules()[part]:
            found.setdefault(entry.get("check") or "", []).append(entry["id"])
    found.pop("")
    return found


class Collected:
    """A pytest plugin that keeps the ids of what was collected, before a worker appends the name of a group."""

    ids: frozenset[str] = frozenset()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.ids = frozenset(f"{item.path.name}::{item.name}" for item in items)


@pytest.fixture(scope="session")
def checks_that_exist() -> set[str]:
    """Node ids of the evidence, relative to this folder, as pytest itself collects them."""
    collected = Collected()
    options = ("-o", "addopts=", "-p", "no:cacheprovider", "-p", "no:terminal", "--collect-only")
    assert pytest.main([*options, str(HERE)], plugins=[collected]) == pytest.ExitCode.OK
    return {check for check in collected.ids if not check.startswith(ITSELF)}


def test_every_named_check_exists(checks_that_exist: set[str]) -> None:
    assert {check: users for check, users in named_checks().items() if check not in checks_that_exist} == {}


def test_every_check_is_named(checks_that_exist: set[str]) -> None:
    assert checks_that_exist - named_checks().keys() == set()


def test_three_ratings_in_five_carry_a_check() -> None:
    checked = [rating for _, _, rating in ratings() if rating.get("check")]
    assert len(checked) >= 0.6 * len(ratings())


def test_a_check_of_a_rating_is_about_its_framework() -> None:
    strangers = [
        (criterion, alternative)
        for criterion, alternative, rating in ratings()
        if "check" in rating and not rating["check"].endswith(f"[{alternative}]")
    ]
    assert strangers == []


def test_a_check_of_a_rating_looks_its_level_up() -> None:
    """A rating that is moved by one level must fail, so its check has to compare with it by the criterion's id."""
    blind = []
    for criterion, alternative, rating in ratings():
        if "check" in rating:
            module, _, test = rating["check"].partition("::")
            if (test.partition("[")[0], criterion) not in compared_criteria(module):
                blind.append((criterion, alternative))
    assert blind == []


@cache
def compared_criteria(module: str) -> frozenset[tuple[str, str]]:
    """Which criterion's level or word each test function of a module looks up."""
    tree = ast.parse((HERE / module).read_text(encoding="utf-8"))
    return frozenset(
        (function.name, str(call.args[0].value))
        for function in tree.body
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {"rated_level", "rated_word"}
        and isinstance(call.args[0], ast.Constant)
    )


def test_the_frameworks_asked_are_those_of_the_rules() -> None:
    assert set(BARE) == set(read_rules()["alternatives"])


def test_a_check_of_a_remedy_looks_its_levels_up() -> None:
    tree = ast.parse((HERE / "test_remedies.py").read_text(encoding="utf-8"))
    comparing = {
        function.name
        for function in tree.body
        if isinstance(function, ast.FunctionDef) and "lifts" in {argument.arg for argument in function.args.args}
    }
    named = [remedy["check"] for remedy in read_rules()["remedies"] if "check" in remedy]
    assert [check for check in named if check.partition("::")[2].partition("[")[0] not in comparing] == []
