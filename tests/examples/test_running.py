"""Every example is started as its `run` line says and does what the grid promises."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .contracts import CONTRACTS
from .grid import CELLS, PROGRAMS, main_file
from .serving import Site, copy_of, same_output, serve

# One group for each example: its tests share one server, whichever process runs them.
SERVED = [
    pytest.param(cell, marks=pytest.mark.xdist_group(cell))
    for cell, example in PROGRAMS.items()
    if example.topic in CONTRACTS
]


@pytest.fixture(scope="module", params=SERVED)
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Site]]:
    example = CELLS[request.param]
    folder = copy_of(example, tmp_path_factory.mktemp("saved"))
    with serve(example, folder) as site:
        yield request.param, site


def test_the_try_lines_print_what_is_written_beside_them(served: tuple[str, Site]) -> None:
    cell, site = served
    assert CELLS[cell].try_lines
    for command, output in CELLS[cell].try_lines:
        printed = site.run(command)
        assert same_output(output, printed), f"{command}\nprinted:\n{printed}"


def test_it_does_the_task_of_its_topic_from_start_to_end(served: tuple[str, Site]) -> None:
    cell, site = served
    CONTRACTS[CELLS[cell].topic](site)


@pytest.mark.parametrize("cell", PROGRAMS)
def test_the_run_line_runs_the_main_file(cell: str) -> None:
    assert PROGRAMS[cell].run == f"uv run {main_file(PROGRAMS[cell])}"
