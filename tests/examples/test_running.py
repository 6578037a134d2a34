"""Every example is started as its `run` line says and does what the grid promises."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from subprocess import PIPE, STDOUT

import pytest

from .contracts import CONTRACTS
from .environments import fresh_environment
from .grid import CELLS, GRID, PROGRAMS, main_file, requirements
from .serving import PATIENCE, copy_of, same_output, serve

SERVED = [cell for cell, example in PROGRAMS.items() if example.topic in CONTRACTS]
TESTED = [cell for cell, example in PROGRAMS.items() if example.topic == "testing"]

# A terminal shows both streams in order.
UNBUFFERED = {**os.environ, "PYTHONUNBUFFERED": "1"}

# A small mistake in an example, and the contract of its topic has to notice.
MUTATIONS = [
    ("flask/json-api", "abort(400", "abort(500"),
    ("fastapi/auto-docs", 'title="Exchange"', 'title="Exchange", docs_url=None'),
    ("flask/validation", 'extra="forbid"', 'extra="ignore"'),
    ("fastapi/concurrent-waits", "await asyncio.sleep(0.2)", "__import__('time').sleep(0.2)"),
    ("django/websocket", 'event["text"]', '"something else"'),
    ("django/templates", '"django.middleware.csrf.CsrfViewMiddleware",', ""),
    ("flask/database", "autoescape=True", "autoescape=False"),
    ("fastapi/accounts", "or not right", ""),
    ("flask/admin", 'session.get("staff", False)', "True"),
    ("fastapi/background-work", "tasks.add_task(write_report, report_id, pages)", "write_report(report_id, pages)"),
    ("flask/gradual-migration", '"/office": old_django,', '"/shop": old_django,'),
]


@pytest.mark.parametrize("cell", TESTED)
def test_the_tests_of_an_example_pass_and_catch_a_mistake(cell: str, tmp_path: Path) -> None:
    example = CELLS[cell]
    folder = copy_of(example, tmp_path / "saved")
    python = fresh_environment(requirements(example), tmp_path / "environment")
    command = [str(python), main_file(example)]
    ((written, output),) = example.try_lines
    assert written == example.run
    passed = subprocess.run(
        command, cwd=folder, stdout=PIPE, stderr=STDOUT, text=True, timeout=PATIENCE, check=True, env=UNBUFFERED
    )
    assert same_output(output, passed.stdout), passed.stdout
    app = folder / "app.py"
    app.write_text(app.read_text(encoding="utf-8").replace("if found is None", "if found == 42"), encoding="utf-8")
    shutil.rmtree(folder / "__pycache__", ignore_errors=True)
    failed = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False, env=UNBUFFERED
    )
    assert failed.returncode == 1


@pytest.mark.parametrize("cell", SERVED)
def test_a_saved_copy_prints_what_is_written_and_does_the_task_of_its_topic(cell: str, tmp_path: Path) -> None:
    example = CELLS[cell]
    with serve(example, copy_of(example, tmp_path)) as site:
        assert example.try_lines
        for command, output in example.try_lines:
            printed = site.run(command)
            assert same_output(output, printed), f"{command}\nprinted:\n{printed}"
        CONTRACTS[example.topic](site)


#: Fifty requests one after the other: begun first, so that the others do not wait for it in the end.
LONG = pytest.mark.xdist_group("waits-in-a-row")


@pytest.mark.parametrize(
    ("cell", "old", "new"),
    [pytest.param(*one, marks=LONG if one[0] == "fastapi/concurrent-waits" else ()) for one in MUTATIONS],
    ids=lambda value: value if "/" in value else "",
)
def test_a_mutated_copy_is_caught(cell: str, old: str, new: str, tmp_path: Path) -> None:
    example = CELLS[cell]
    main = copy_of(example, tmp_path) / main_file(example)
    source = main.read_text(encoding="utf-8")
    assert old in source
    main.write_text(source.replace(old, new, 1), encoding="utf-8")
    with serve(example, tmp_path) as site, pytest.raises(AssertionError):
        CONTRACTS[example.topic](site)


@pytest.mark.parametrize("cell", PROGRAMS)
def test_the_run_line_runs_the_main_file(cell: str) -> None:
    assert PROGRAMS[cell].run == f"uv run {main_file(PROGRAMS[cell])}"


def test_every_topic_is_held_by_a_contract_or_by_a_test_of_its_own() -> None:
    assert {topic.id for topic in GRID.topics} == set(CONTRACTS) | {"testing", "container"}
    assert {CELLS[cell].topic for cell, _, _ in MUTATIONS} | {"scaling-out"} == set(CONTRACTS)
