"""The app under test: it asks a service outside for a price."""

from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException


class Market:
    def price(self, symbol: str) -> int | None:
        raise ConnectionError("a test must never call the real market")


app = FastAPI()


@app.get("/prices/{symbol}")
def price(symbol: str, market: Annotated[Market, Depends()]) -> dict[str, int]:
    try:
        found = market.price(symbol)
    except ConnectionError:
        raise HTTPException(502, "the market does not answer") from None
    if found is None:
        raise HTTPException(404, "no such symbol")
    return {"price": found}
