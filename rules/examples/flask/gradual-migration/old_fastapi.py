"""Stands for the FastAPI app that you have; nothing in it changes."""

from fastapi import FastAPI, Request

app = FastAPI()


@app.get("/hello", name="hello")
async def hello(request: Request) -> dict[str, str]:
    return {"from": "FastAPI", "me": request.url_for("hello").path}
