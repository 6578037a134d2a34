# /// script
# requires-python = ">=3.11"
# dependencies = ["flask>=3.1,<4", "gevent>=25", "gunicorn[gevent]>=25"]
# ///
"""Many requests that wait at once in Flask: ordinary views, gevent worker.

gevent lets another request run wherever Python code waits on a socket, so
one process holds hundreds of waits. It helps only if the libraries wait in
Python; a C driver that blocks still blocks everybody.

Why not `async def` views or the ASGI adapter? They do not help here: each
request still takes a worker, and the adapter serves one request at a time.
Plain threads do (`--threads=40`); for async code there is Quart.
"""

from gevent import monkey

monkey.patch_all()  # first of all: what is imported below waits cooperatively

import sys
import time

from flask import Flask
from gunicorn.app.wsgiapp import run as gunicorn

app = Flask(__name__)


@app.get("/prices/<symbol>")
def price(symbol: str) -> dict[str, str | int]:
    time.sleep(0.2)  # stands for a slow service that you call
    return {"symbol": symbol, "price": 42}


if __name__ == "__main__":
    # In production: gunicorn --worker-class=gevent app:app
    sys.argv[1:] = ["--worker-class=gevent", f"{__name__}:app"]
    gunicorn()
