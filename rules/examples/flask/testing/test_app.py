# /// script
# requires-python = ">=3.11"
# dependencies = ["flask>=3.1,<4", "pytest>=8.4"]
# ///
"""Tests of a Flask app: an application factory and its test client.

Flask has a test client for pages and one for commands. There is no way to
replace a part from outside, so the factory `create_app` takes the parts:
that is the pattern of Flask's own documentation.
"""

import subprocess
import sys

import pytest
from app import Market, create_app
from flask.testing import FlaskClient


class FakeMarket(Market):
    def price(self, symbol: str) -> int | None:
        return {"TEA": 42}.get(symbol)


@pytest.fixture
def client() -> FlaskClient:
    return create_app(FakeMarket()).test_client()


def test_a_price_is_shown(client: FlaskClient) -> None:
    assert client.get("/prices/TEA").json == {"price": 42}


def test_an_unknown_symbol_is_not_found(client: FlaskClient) -> None:
    assert client.get("/prices/COFFEE").status_code == 404


def test_a_silent_market_is_a_bad_gateway() -> None:
    answer = create_app().test_client().get("/prices/TEA")
    assert answer.status_code == 502


if __name__ == "__main__":
    # In a project: pytest
    command = [sys.executable, "-m", "pytest", "-q", __file__]
    sys.exit(subprocess.call(command))
