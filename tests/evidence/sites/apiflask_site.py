"""The order as an APIFlask view: its schema is named in decorators."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask
from pydantic import BaseModel


class Order(BaseModel):
    name: str
    price: float
    quantity: int


app = APIFlask(__name__)


@app.post("/hints")
def hints(order: Order) -> dict[str, Any]:
    return order.model_dump()


@app.post("/echo")
@app.input(Order)
@app.output(Order)
def echo(json_data: Order) -> Order:
    return json_data
