import os

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def hello() -> dict[str, str]:
    return {"hello": os.environ.get("GREETED", "container")}


@app.get("/healthz")
async def health() -> dict[str, str]:
    return {"status": "ok"}
