"""Flask alone: nothing but what `pip install flask` brings."""

import asyncio
import threading
import time
from collections.abc import Iterator
from typing import Any

from flask import Flask, request

app = Flask(__name__)
ran_later: list[str] = []


@app.get("/hello")
def hello() -> dict[str, Any]:
    return {"hello": "world"}


@app.get("/item/<int:number>")
def item(number: int) -> dict[str, Any]:
    return {"number": number}


@app.post("/echo")
def echo() -> dict[str, Any]:
    body: dict[str, Any] = request.get_json()
    return body


@app.post("/form")
def form() -> dict[str, Any]:
    return dict(request.form)


@app.get("/held")
def held() -> dict[str, Any]:
    time.sleep(0.3)
    return {"threads": threading.active_count()}


@app.get("/wait")
def wait() -> dict[str, Any]:
    time.sleep(0.1)
    return {}


@app.get("/wait-async")
async def wait_async() -> dict[str, Any]:
    await asyncio.sleep(0.1)
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

    app.extensions["later"] = asyncio.create_task(work())
    return {}


@app.get("/later/ran")
def later_ran() -> dict[str, Any]:
    return {"ran": len(ran_later)}


@app.get("/stream")
def stream() -> Iterator[str]:
    yield from ("tick\n", "tick\n")


@app.get("/used")
def used() -> dict[str, Any]:
    return {"seconds": time.process_time()}
