# /// script
# requires-python = ">=3.11"
# dependencies = ["flask>=3.1,<4", "gunicorn>=25"]
# ///
"""Several processes in Flask: gunicorn.conf.py is the whole of it.

Behind a load balancer the same goes for several machines, in every framework
alike: what the processes share (sessions, cache, files) must live outside.
Flask's session is a signed cookie, so it needs only the same secret key.
"""

import hashlib
import os
import sys

from flask import Flask
from gunicorn.app.wsgiapp import run as gunicorn

app = Flask(__name__)


@app.get("/work")
def work() -> dict[str, str | int]:
    # Computing keeps a process busy: only more processes help, not threads.
    key = hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 50_000)
    return {"process": os.getpid(), "key": key.hex()[:8]}


@app.get("/healthz")  # for the load balancer: alive, without touching others
def health() -> dict[str, str]:
    return {"status": "ok"}


if __name__ == "__main__":
    # In production: gunicorn app:app
    sys.argv[1:] = [f"{__name__}:app"]
    gunicorn()
