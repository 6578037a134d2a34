# /// script
# requires-python = ">=3.11"
# dependencies = ["fastapi>=0.165,<1", "uvicorn>=0.50"]
# ///
"""Many requests that wait at once in FastAPI: `async def` and `await`.

While one request awaits, the event loop serves others: thousands of waits
need no threads. It helps only if the libraries are async (httpx, asyncpg).
One blocking call inside `async def` stops every other client; where you have
only blocking libraries, write plain `def`: it runs in a pool of 40 threads.
"""

import asyncio
import os

import uvicorn
from fastapi import FastAPI

app = FastAPI()


async def slow_service(symbol: str) -> int:
    await asyncio.sleep(0.2)  # stands for `await client.get(...)`
    return 42


@app.get("/prices/{symbol}")
async def price(symbol: str) -> dict[str, str | int]:
    return {"symbol": symbol, "price": await slow_service(symbol)}


if __name__ == "__main__":
    # In production: uvicorn app:app
    uvicorn.run(app, port=int(os.environ.get("PORT", "8000")))
