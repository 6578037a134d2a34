"""Performance: processor time of the usual server for a plain JSON answer.

4 within 1.3 times the cheapest of the three, 2 within five times, 1 beyond.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .conftest import SERVERS
from .measured import relative_costs

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Serving


LEAD = 1.3


@pytest.fixture(scope="session")
def json_costs(serving: Serving) -> dict[str, float]:
    return relative_costs({name: serving(name, command) for name, command in SERVERS.items()}, "/hello", boundary=LEAD)


@pytest.mark.xdist_group("evidence-django")
@pytest.mark.parametrize("measured", SERVERS)
def test_server_time_for_a_plain_json_answer(
    measured: str, json_costs: dict[str, float], rated_level: Callable[[str, str], int]
) -> None:
    level = 4 if json_costs[measured] < LEAD else 2 if json_costs[measured] < 5 else 1
    assert level == rated_level("performance", measured), json_costs
