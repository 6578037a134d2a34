"""Flask with an ORM behind it."""

from __future__ import annotations

import time
from typing import Any

from flask import Flask
from rows import all_rows

app = Flask(__name__)


@app.get("/rows")
def rows() -> dict[str, Any]:
    return {"rows": all_rows()}


@app.get("/used")
def used() -> dict[str, Any]:
    return {"seconds": time.process_time()}
