"""FastAPI with an ORM behind it, in a plain function as its SQL tutorial has it."""

from __future__ import annotations

import time
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from rows import all_rows

app = FastAPI()


@app.get("/rows")
def rows() -> JSONResponse:
    return JSONResponse({"rows": all_rows()})


@app.get("/used")
async def used() -> dict[str, Any]:
    return {"seconds": time.process_time()}
