# /// script
# requires-python = ">=3.11"
# dependencies = ["django>=5.2,<7"]
# ///
"""Tests of a Django app: client, settings and test runner are in core.

SimpleTestCase has no database; TestCase (the usual one) runs every test in a
transaction and rolls it back. `override_settings` replaces parts that are
named in the settings. With pytest-django the same runs under pytest.
"""

from app import Market
from django.core.management import execute_from_command_line
from django.test import SimpleTestCase, override_settings


class FakeMarket(Market):
    def price(self, symbol: str) -> int | None:
        return {"TEA": 42}.get(symbol)


@override_settings(MARKET="test_app.FakeMarket")
class PricesTest(SimpleTestCase):
    def test_a_price_is_shown(self) -> None:
        answer = self.client.get("/prices/TEA")
        self.assertEqual(answer.json(), {"price": 42})

    def test_an_unknown_symbol_is_not_found(self) -> None:
        self.assertEqual(self.client.get("/prices/COFFEE").status_code, 404)

    @override_settings(MARKET="app.Market")
    def test_a_silent_market_is_a_bad_gateway(self) -> None:
        self.assertEqual(self.client.get("/prices/TEA").status_code, 502)


if __name__ == "__main__":
    # In a project: manage.py test
    execute_from_command_line([__file__, "test"])
