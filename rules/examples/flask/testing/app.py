"""The app under test: it asks a service outside for a price."""

from flask import Flask, abort


class Market:
    def price(self, symbol: str) -> int | None:
        raise ConnectionError("a test must never call the real market")


def create_app(market: Market | None = None) -> Flask:
    """Make the app; the factory is what lets a test hand in other parts."""
    app = Flask(__name__)
    market = market or Market()

    @app.get("/prices/<symbol>")
    def price(symbol: str) -> dict[str, int]:
        try:
            found = market.price(symbol)
        except ConnectionError:
            abort(502, "the market does not answer")
        if found is None:
            abort(404, "no such symbol")
        return {"price": found}

    return app
