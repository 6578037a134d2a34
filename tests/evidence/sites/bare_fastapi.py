"""FastAPI alone: nothing but what `pip install fastapi` brings, and uvicorn to serve it."""

import asyncio
import threading
import time
from typing import Any

from fastapi import FastAPI, Request, WebSocket
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

app = FastAPI()
ran_later: list[str] = []


class Order(BaseModel):
    name: str
    price: float
    quantity: int


@app.get("/hello")
async def hello() -> dict[str, Any]:
    return {"hello": "world"}


@app.get("/item/{number}")
async def item(number: int) -> dict[str, Any]:
    return {"number": number}


@app.post("/echo")
async def echo(order: Order) -> Order:
    return order


@app.post("/form")
async def form(request: Request) -> dict[str, Any]:
    return {"body": (await request.body()).decode()}


@app.get("/held")
async def held() -> dict[str, Any]:
    await asyncio.sleep(0.3)
    return {"threads": threading.active_count()}


@app.get("/wait")
async def wait() -> dict[str, Any]:
    await asyncio.sleep(0.1)
    return {}


@app.get("/held-plain")
def held_plain() -> dict[str, Any]:
    time.sleep(0.3)
    return {"threads": threading.active_count()}


@app.get("/wait-plain")
def wait_plain() -> dict[str, Any]:
    time.sleep(0.1)
    return {}


@app.get("/wait-blocking")
async def wait_blocking() -> dict[str, Any]:
    time.sleep(0.1)  # the mistake that the evidence is about
    return {}


@app.get("/later")
async def later() -> dict[str, Any]:
    async def work() -> None:
        await asyncio.sleep(0.05)
        ran_later.append("ran")

    app.state.later = asyncio.create_task(work())
    return {}


@app.get("/later/ran")
async def later_ran() -> dict[str, Any]:
    return {"ran": len(ran_later)}


@app.get("/stream")
async def stream() -> StreamingResponse:
    return StreamingResponse(iter(("tick\n", "tick\n")))


@app.get("/used")
async def used() -> dict[str, Any]:
    return {"seconds": time.process_time()}


@app.websocket("/socket")
async def socket(link: WebSocket) -> None:
    await link.accept()
    await link.send_text(await link.receive_text())
