# /// script
# requires-python = ">=3.11"
# dependencies = ["apiflask>=3.1,<4", "gunicorn>=25"]
# ///
"""Documentation from the code in Flask: APIFlask adds /docs.

Flask alone has no API documentation. APIFlask is a Flask whose decorators
say what comes in and goes out; the OpenAPI document is made from them.
"""

import sys

from apiflask import APIFlask
from gunicorn.app.wsgiapp import run as gunicorn
from pydantic import BaseModel

app = APIFlask(__name__, title="Exchange", version="1.0.0")


class Amount(BaseModel):
    euros: float = 1.0


class Conversion(BaseModel):
    currency: str
    amount: float


@app.get("/convert/<currency>")
@app.input(Amount, location="query")
@app.output(Conversion)
@app.doc(tags=["money"])
def convert(currency: str, query_data: Amount) -> Conversion:
    """Convert euros into another currency."""
    rate = {"usd": 1.25, "gbp": 0.8}.get(currency.lower(), 1.0)
    return Conversion(currency=currency, amount=query_data.euros * rate)


if __name__ == "__main__":
    # In production: gunicorn --threads=8 app:app
    sys.argv[1:] = ["--threads=8", f"{__name__}:app"]
    gunicorn()
