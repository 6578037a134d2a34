# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "a2wsgi>=1.10,<2", "django>=5.2,<7", "fastapi>=0.165,<1", "flask>=3.1,<4",
#   "uvicorn>=0.50",
# ]
# ///
"""From Flask or Django to FastAPI, one route at a time, in one process.

New routes are FastAPI's; everything else still goes to the old app. Move a
route, delete it there, ship, repeat. Old pages run in threads as before, and
they are not in /docs. Both may use the same database and the same cookies.
"""

import os
from typing import Any

import uvicorn
from a2wsgi import WSGIMiddleware
from fastapi import FastAPI
from old_django import application as old_django
from old_flask import app as old_flask

app = FastAPI()


@app.get("/hello")
async def hello() -> dict[str, str]:
    return {"from": "FastAPI"}


def old(app: Any) -> Any:
    """Let an ASGI server run a WSGI app, with up to 20 requests at once."""
    return WSGIMiddleware(app, workers=20)


# Mounts come last: what FastAPI knows, it answers. A site that lives at "/"
# is mounted at "/" in the same way.
app.mount("/shop", old(old_flask))
app.mount("/office", old(old_django))

if __name__ == "__main__":
    # In production: uvicorn app:app
    uvicorn.run(app, port=int(os.environ.get("PORT", "8000")))
