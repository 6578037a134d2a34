"""Load the application of a module, ask it for /hello by its own interface, and say what it is."""

from __future__ import annotations

import asyncio
import inspect
import io
import json
import sys
from importlib import import_module
from typing import Any


def ask_wsgi(app: Any) -> bytes:
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/hello",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
    }
    return b"".join(app(environ, lambda *_: None))


def ask_asgi(app: Any) -> bytes:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/hello",
        "raw_path": b"/hello",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    sent: list[bytes] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message.get("body", b""))

    asyncio.run(app(scope, receive, send))
    return b"".join(sent)


app = import_module(sys.argv[1]).app
interface = "asgi" if inspect.iscoroutinefunction(type(app).__call__) else "wsgi"
answer = ask_asgi(app) if interface == "asgi" else ask_wsgi(app)
print(json.dumps({"interface": interface, "answer": json.loads(answer)}))
