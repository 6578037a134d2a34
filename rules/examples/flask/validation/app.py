# /// script
# requires-python = ">=3.11"
# dependencies = ["apiflask>=3.1,<4", "gunicorn>=25"]
# ///
"""Typed requests and responses in Flask: APIFlask's input and output.

Flask alone hands over whatever JSON came in. APIFlask checks it against a
Pydantic model (or a marshmallow schema) before your function is called and
answers 422 with the place of each mistake.
"""

import sys
from decimal import Decimal
from typing import Annotated

from apiflask import APIFlask
from gunicorn.app.wsgiapp import run as gunicorn
from pydantic import BaseModel, ConfigDict, Field

app = APIFlask(__name__, title="Orders")


class Order(BaseModel):
    # A misspelt field is an error instead of being dropped silently.
    model_config = ConfigDict(extra="forbid")

    sku: Annotated[str, Field(pattern=r"^[A-Z]{2}-\d{3}$")]
    quantity: Annotated[int, Field(gt=0, le=100)]
    price: Annotated[Decimal, Field(gt=0, decimal_places=2)]


class Receipt(BaseModel):
    sku: str
    total: Decimal


@app.post("/orders")
@app.input(Order)
@app.output(Receipt, status_code=201)
def place_order(json_data: Order) -> Receipt:
    # Only a valid order gets here, and only a Receipt's fields get out.
    total = json_data.quantity * json_data.price
    return Receipt(sku=json_data.sku, total=total)


if __name__ == "__main__":
    # In production: gunicorn --threads=8 app:app
    sys.argv[1:] = ["--threads=8", f"{__name__}:app"]
    gunicorn()
