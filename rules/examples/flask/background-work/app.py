# /// script
# requires-python = ">=3.11"
# dependencies = ["celery>=5.6,<6", "flask>=3.1,<4", "gunicorn>=25"]
# ///
"""Work outside the request in Flask: Celery, in a process of its own.

Flask has nothing for it in core, and a task started inside an `async def`
view dies with the view. Celery's waiting work survives a restart of the site.
The queue is a folder here; in production it is Redis or RabbitMQ.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from celery import Celery
from flask import Flask, request
from gunicorn.app.wsgiapp import run as gunicorn

queue = Path("queue").resolve()
queue.mkdir(exist_ok=True)
celery = Celery(
    "app",
    broker=os.environ.get("BROKER_URL", "filesystem://"),
    backend=os.environ.get("RESULT_URL", f"file://{queue}"),
    broker_transport_options={
        "data_folder_in": str(queue),
        "data_folder_out": str(queue),
        "control_folder": str(queue),
    },
)
app = Flask(__name__)


@celery.task(name="write_report")
def write_report(pages: int) -> int:
    time.sleep(1)  # stands for slow work
    return pages


@app.post("/reports")
def order_report() -> tuple[dict[str, str], int]:
    job = write_report.delay(request.args.get("pages", 1, type=int))
    return {"id": job.id}, 202


@app.get("/reports/<uuid:report_id>")
def show_report(report_id: object) -> dict[str, str | int | None]:
    job = celery.AsyncResult(str(report_id))
    if not job.successful():
        return {"state": "waiting", "pages": None}
    return {"state": "done", "pages": job.result}


if __name__ == "__main__":
    # In production a service of its own: celery --app app.celery worker
    worker = ["celery", "--app", "app.celery", "worker", "--pool=threads"]
    subprocess.Popen([sys.executable, "-m", *worker])
    sys.argv[1:] = ["--threads=8", f"{__name__}:app"]
    gunicorn()
