# /// script
# requires-python = ">=3.11"
# dependencies = ["fastapi>=0.165,<1", "httpx2>=2", "pytest>=8.4"]
# ///
"""Tests of a FastAPI app: TestClient and `dependency_overrides`.

What an endpoint declares with Depends can be replaced from outside, so the
app needs no factory and no patching. TestClient runs the real ASGI app; it
also speaks WebSocket.
"""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from app import Market, app
from fastapi.testclient import TestClient


class FakeMarket(Market):
    def price(self, symbol: str) -> int | None:
        return {"TEA": 42}.get(symbol)


@pytest.fixture
def client() -> Iterator[TestClient]:
    app.dependency_overrides[Market] = FakeMarket
    with TestClient(app) as client:  # runs startup and shutdown, too
        yield client
    app.dependency_overrides.clear()


def test_a_price_is_shown(client: TestClient) -> None:
    assert client.get("/prices/TEA").json() == {"price": 42}


def test_an_unknown_symbol_is_not_found(client: TestClient) -> None:
    assert client.get("/prices/COFFEE").status_code == 404


def test_a_silent_market_is_a_bad_gateway() -> None:
    answer = TestClient(app).get("/prices/TEA")
    assert answer.status_code == 502


if __name__ == "__main__":
    # In a project: pytest
    command = [sys.executable, "-m", "pytest", "-q", __file__]
    sys.exit(subprocess.call(command))
