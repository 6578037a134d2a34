# /// script
# requires-python = ">=3.11"
# dependencies = ["fastapi>=0.165,<1", "uvicorn>=0.50"]
# ///
"""Work after the response in FastAPI: BackgroundTasks, in the same process.

Nothing to install and nothing to operate, but a restart loses what is
waiting, and heavy computing slows down every request. Work that must survive
belongs in a queue: see the Flask example; Celery is the same here.
"""

import os
import time
from uuid import uuid4

import uvicorn
from fastapi import BackgroundTasks, FastAPI, HTTPException

app = FastAPI()
reports: dict[str, int | None] = {}  # None until it is written


def write_report(report_id: str, pages: int) -> None:
    time.sleep(1)  # stands for slow work; plain `def` runs in a thread
    reports[report_id] = pages


@app.post("/reports", status_code=202)
def order_report(pages: int, tasks: BackgroundTasks) -> dict[str, str]:
    report_id = str(uuid4())
    reports[report_id] = None
    tasks.add_task(write_report, report_id, pages)  # runs after the response
    return {"id": report_id}


@app.get("/reports/{report_id}")
def show_report(report_id: str) -> dict[str, str | int | None]:
    if report_id not in reports:
        raise HTTPException(404)
    pages = reports[report_id]
    return {"state": "waiting" if pages is None else "done", "pages": pages}


if __name__ == "__main__":
    # In production: uvicorn app:app
    uvicorn.run(app, port=int(os.environ.get("PORT", "8000")))
