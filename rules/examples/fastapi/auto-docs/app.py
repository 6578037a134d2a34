# /// script
# requires-python = ">=3.11"
# dependencies = ["fastapi>=0.165,<1", "uvicorn>=0.50"]
# ///
"""Documentation from the code in FastAPI: built in, nothing to add.

Swagger UI at /docs, ReDoc at /redoc, the OpenAPI document at /openapi.json.
The two pages load their scripts from a public CDN: to serve people who are
offline, host the scripts yourself (FastAPI's "custom docs UI assets").
"""

import os

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI(title="Exchange", version="1.0.0")


class Conversion(BaseModel):
    currency: str
    amount: float


@app.get("/convert/{currency}", tags=["money"])
async def convert(currency: str, euros: float = 1.0) -> Conversion:
    """Convert euros into another currency."""
    rate = {"usd": 1.25, "gbp": 0.8}.get(currency.lower(), 1.0)
    return Conversion(currency=currency, amount=euros * rate)


if __name__ == "__main__":
    # In production: uvicorn app:app
    uvicorn.run(app, port=int(os.environ.get("PORT", "8000")))
