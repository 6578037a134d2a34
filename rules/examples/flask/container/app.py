import os

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> dict[str, str]:
    return {"hello": os.environ.get("GREETED", "container")}


@app.get("/healthz")
def health() -> dict[str, str]:
    return {"status": "ok"}
