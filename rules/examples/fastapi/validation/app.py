# /// script
# requires-python = ">=3.11"
# dependencies = ["fastapi>=0.165,<1", "uvicorn>=0.50"]
# ///
"""Typed requests and responses in FastAPI: built in.

The parameter's type is the check of what comes in, the return type the check
of what goes out; a mistake is answered 422 with its place in the body.
"""

import os
from decimal import Decimal
from typing import Annotated

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field

app = FastAPI(title="Orders")


class Order(BaseModel):
    # A misspelt field is an error instead of being dropped silently.
    model_config = ConfigDict(extra="forbid")

    sku: Annotated[str, Field(pattern=r"^[A-Z]{2}-\d{3}$")]
    quantity: Annotated[int, Field(gt=0, le=100)]
    price: Annotated[Decimal, Field(gt=0, decimal_places=2)]


class Receipt(BaseModel):
    sku: str
    total: Decimal


@app.post("/orders", status_code=201)
async def place_order(order: Order) -> Receipt:
    # Only a valid order gets here, and only a Receipt's fields get out.
    total = order.quantity * order.price
    return Receipt(sku=order.sku, total=total)


if __name__ == "__main__":
    # In production: uvicorn app:app
    uvicorn.run(app, port=int(os.environ.get("PORT", "8000")))
