"""Quart: Flask's interface on an event loop."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from quart import Quart, websocket

app = Quart(__name__)
ran_later: list[str] = []


@app.get("/wait")
async def wait() -> dict[str, Any]:
    await asyncio.sleep(0.1)
    return {}


@app.get("/later")
async def later() -> dict[str, Any]:
    async def work() -> None:
        await asyncio.sleep(0.05)
        ran_later.append("ran")

    app.extensions["later"] = asyncio.create_task(work())
    return {}


@app.get("/later/ran")
async def later_ran() -> dict[str, Any]:
    return {"ran": len(ran_later)}


@app.websocket("/socket")
async def socket() -> None:
    while True:
        await websocket.send(f"{await websocket.receive()} {threading.active_count()}")
