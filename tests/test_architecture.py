"""The direction of imports: cli → {interview, codebase, report, audit} → decision → knowledge.model."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {"typer", "rich", "yaml", "pydantic", "jinja2", "pygments"}

MAY_IMPORT = {
    "cli": {
        "placing",
        "cli",
        "interview",
        "codebase",
        "report",
        "audit",
        "decision",
        "knowledge",
        "errors",
        "steering",
    },
    "interview": {"placing", "interview", "decision", "knowledge", "errors"},
    "codebase": {"codebase", "errors"},
    "report": {"placing", "report", "decision", "knowledge", "codebase", "errors", "steering"},
    "audit": {"audit", "decision", "knowledge", "errors"},
    "decision": {"decision", "knowledge.model", "errors"},
    "knowledge": {"knowledge", "errors", "steering"},
}


def modules(room: str) -> list[Path]:
    return sorted((ROOT / "advisor" / room).rglob("*.py"))


@cache
def imported(path: Path) -> set[str]:
    """Every module that a file imports at any depth, as dotted names."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return names


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_imports_run_one_way(room: str) -> None:
    wrong = []
    for path in modules(room):
        for name in imported(path):
            if not name.startswith("advisor."):
                continue
            inner = name.removeprefix("advisor.")
            allowed = any(inner == may or inner.startswith(f"{may}.") for may in MAY_IMPORT[room])
            if not allowed:
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert wrong == []


def test_every_room_has_its_direction_stated() -> None:
    rooms = {path.parent.name for path in (ROOT / "advisor").glob("*/__init__.py")}
    assert rooms <= set(MAY_IMPORT)


def test_the_core_imports_the_standard_library_only() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules("decision")
        for name in imported(path)
        if name.partition(".")[0] in HEAVY
    ]
    assert wrong == []


def test_typer_is_imported_by_the_command_line_only() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "advisor").rglob("*.py"))
        if path.parent.name != "cli" and any(name.partition(".")[0] == "typer" for name in imported(path))
    ]
    assert wrong == []
