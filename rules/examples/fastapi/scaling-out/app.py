# /// script
# requires-python = ">=3.11"
# dependencies = ["fastapi>=0.165,<1", "uvicorn>=0.50"]
# ///
"""Several processes in FastAPI: uvicorn starts, watches and replaces them.

Behind a load balancer the same goes for several machines, in every framework
alike: what the processes share (sessions, cache, files) must live outside.
On Kubernetes, run one process a container and let the cluster multiply it.
"""

import hashlib
import os

import uvicorn
from fastapi import FastAPI

app = FastAPI()


@app.get("/work")
def work() -> dict[str, str | int]:
    # Computing in `async def` would stop every other request of the process;
    # in `def` it takes a thread. Either way only more processes add speed.
    key = hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 50_000)
    return {"process": os.getpid(), "key": key.hex()[:8]}


@app.get("/healthz")  # for the load balancer: alive, without touching others
async def health() -> dict[str, str]:
    return {"status": "ok"}


if __name__ == "__main__":
    uvicorn.run(
        "app:app",  # by name: every process imports it for itself
        port=int(os.environ.get("PORT", "8000")),
        workers=int(os.environ.get("WEB_CONCURRENCY") or os.cpu_count() or 2),
        limit_concurrency=1_000,  # answer 503 rather than drown
        timeout_graceful_shutdown=20,  # requests may finish this long
        proxy_headers=True,  # believe the balancer about the client's address
    )
