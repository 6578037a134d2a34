# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "a2wsgi>=1.10,<2", "django>=5.2,<7", "fastapi>=0.165,<1", "flask>=3.1,<4",
#   "gunicorn>=25",
# ]
# ///
"""From Django or FastAPI to Flask, one route at a time, in one process.

A Django site speaks WSGI like Flask: it is mounted as it is. A FastAPI app
needs an adapter, which holds a thread for each of its requests and cannot
pass on WebSockets: keep it on its own server if it needs its concurrency.
"""

import sys

from a2wsgi import ASGIMiddleware
from flask import Flask
from gunicorn.app.wsgiapp import run as gunicorn
from old_django import application as old_django
from old_fastapi import app as old_fastapi
from werkzeug.middleware.dispatcher import DispatcherMiddleware

app = Flask(__name__)


@app.get("/hello")
def hello() -> dict[str, str]:
    return {"from": "Flask"}


def with_old_apps() -> DispatcherMiddleware:
    """Made in every worker: an adapter's event loop would not survive forks."""
    return DispatcherMiddleware(
        app,  # everything that does not begin with one of these
        {"/office": old_django, "/api": ASGIMiddleware(old_fastapi)},
    )


if __name__ == "__main__":
    # In production: gunicorn --threads=20 "app:with_old_apps()"
    sys.argv[1:] = ["--threads=20", f"{__name__}:with_old_apps()"]
    gunicorn()
