# /// script
# requires-python = ">=3.11"
# dependencies = ["fastapi>=0.165,<1", "uvicorn>=0.50", "websockets>=15"]
# ///
"""A chat room over WebSockets in FastAPI: built in, no thread per socket.

The server needs a WebSocket library: `websockets`, or `uvicorn[standard]`.
This room lives in one process; to reach people on other workers, send the
messages through Redis or PostgreSQL, as Django's Channels does.
"""

import os

import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()
room: set[WebSocket] = set()


@app.websocket("/chat")
async def chat(socket: WebSocket) -> None:
    await socket.accept()
    room.add(socket)
    try:
        async for text in socket.iter_text():
            await tell_everybody(text)
    finally:
        room.discard(socket)


async def tell_everybody(text: str) -> None:
    for member in list(room):  # a copy: people may leave while we wait
        try:
            await member.send_text(text)
        except (WebSocketDisconnect, RuntimeError):
            room.discard(member)


if __name__ == "__main__":
    # In production: uvicorn app:app
    uvicorn.run(app, port=int(os.environ.get("PORT", "8000")))
