"""The house's habits, held by the tools themselves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.scheduling import LONGEST, ONE_BY_ONE

ROOT = Path(__file__).resolve().parent.parent


def tool(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    assert tool("ruff", "check", "--quiet", ".") == ""


def test_every_file_is_formatted() -> None:
    assert tool("ruff", "format", "--check", "--quiet", ".") == ""


@pytest.mark.xdist_group("mypy")
def test_strict_types_hold() -> None:
    assert tool("mypy") == ""


def test_what_is_handed_out_first_or_last_is_there() -> None:
    texts = [
        path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py") if path.name != "scheduling.py"
    ]
    for scope in (*LONGEST, *ONE_BY_ONE):
        there = (ROOT / scope).is_file() or any(f'xdist_group("{scope}")' in text for text in texts)
        assert there, f"no module and no group of tests: {scope}"


def test_no_framework_and_no_need_is_named_in_the_code() -> None:
    """Weights, requirements, remedies, needs and frameworks are data; the code knows none of them."""
    rules = yaml.safe_load((ROOT / "rules" / "web-frameworks.yaml").read_text(encoding="utf-8"))
    words = [*rules["alternatives"], *(need["id"] for need in rules["needs"] if "-" in need["id"])]
    named = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in sorted((ROOT / "advisor").rglob("*.py"))
        for word in words
        if word in path.read_text(encoding="utf-8").lower()
    ]
    assert named == []
