"""Database throughput: processor time of the usual server for twenty rows read through an ORM.

4 for a framework that costs half of both others or less, 3 within three times the cheapest, 2 beyond.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from .conftest import BARE, SERVERS
from .measured import relative_costs
from .wire import GUNICORN, UVICORN, serve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Serving

FAR = 3
#: where the framework has no ORM of its own
WITH_SQLALCHEMY = {"flask": (*GUNICORN, "rows_flask:app"), "fastapi": (*UVICORN, "rows_fastapi:app")}


@pytest.fixture(scope="session")
def row_costs(
    serving: Serving, install: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, float]:
    with ExitStack() as running:
        sites = {"django": serving("django", SERVERS["django"])}
        for name, command in WITH_SQLALCHEMY.items():
            directory = tmp_path_factory.mktemp("rows")
            sites[name] = running.enter_context(serve(install(*BARE[name], "sqlalchemy"), directory, *command))
        for site in sites.values():
            assert len(site.ask("/rows").json["rows"]) == 20
        return relative_costs(sites, "/rows", boundary=FAR)


@pytest.mark.xdist_group("evidence-django")
@pytest.mark.parametrize("measured", BARE)
def test_no_lead_with_an_orm(
    measured: str, row_costs: dict[str, float], rated_level: Callable[[str, str], int]
) -> None:
    others = [cost for name, cost in row_costs.items() if name != measured]
    leads = min(others) / row_costs[measured] >= 2
    level = 4 if leads else 3 if row_costs[measured] < FAR else 2
    assert level == rated_level("database-throughput", measured), row_costs
