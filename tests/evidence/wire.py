"""Real servers on loopback, and plain HTTP to them."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SITES = Path(__file__).resolve().parent / "sites"
PATIENCE = 60
PYTHON = (sys.executable, "-S", "-s")
GUNICORN = ("-m", "gunicorn", "--bind", "fd://{fd}", "--log-level", "error", "--no-control-socket")
GRANIAN = ("-m", "granian", "--interface", "wsgi", "--no-log", "--port", "{port}")
UVICORN = ("-m", "uvicorn", "--fd", "{fd}", "--log-level", "critical", "--no-access-log", "--lifespan", "auto")


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body read as JSON; raises ValueError where it is none."""
        return json.loads(self.body)

    @property
    def content_type(self) -> str:
        """The media type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass(frozen=True)
class Site:
    """A server that listens on loopback."""

    port: int

    def ask(
        self, path: str, *, method: str = "GET", body: bytes | str = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request on its own connection and read the whole answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body or None, {"Connection": "close", **(headers or {})})
            reply = connection.getresponse()
            pairs = [(name.lower(), value) for name, value in reply.getheaders()]
            crumbs = (value.partition(";")[0].partition("=") for name, value in pairs if name == "set-cookie")
            return Answer(reply.status, dict(pairs), {name: value for name, _, value in crumbs}, reply.read())
        finally:
            connection.close()

    def post_json(self, path: str, body: str) -> Answer:
        """Post a text that calls itself JSON."""
        return self.ask(path, method="POST", body=body, headers={"Content-Type": "application/json"})

    def post_form(self, path: str, body: str, **headers: str) -> Answer:
        """Post a browser's form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask(path, method="POST", body=body, headers={**kind, **headers})

    def ask_at_once(self, path: str, clients: int) -> tuple[float, list[Any]]:
        """Let `clients` connections ask together; the seconds until the last was served, and every JSON answer."""

        async def one() -> Any:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
            try:
                head, _, body = (await reader.read()).partition(b"\r\n\r\n")
            finally:
                writer.close()
                await writer.wait_closed()
            assert b" 200 " in head.partition(b"\r\n")[0], head
            return json.loads(body[body.index(b"{") : body.rindex(b"}") + 1])

        async def everyone() -> list[Any]:
            async with asyncio.timeout(PATIENCE):
                return await asyncio.gather(*(one() for _ in range(clients)))

        begun = time.perf_counter()
        answers = asyncio.run(everyone())
        return time.perf_counter() - begun, answers

    def handshake(self, path: str) -> bytes:
        """Ask for a WebSocket and return the status line of the answer."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as link:
            link.sendall(handshake_request(path))
            return link.recv(4096).partition(b"\r\n")[0]


def handshake_request(path: str) -> bytes:
    """The opening request of RFC 6455, with the key of its own example."""
    lines = (
        f"GET {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    )
    return "\r\n".join((*lines, "", "")).encode()


@contextmanager
def serve(install: Path, directory: Path, *command: str) -> Iterator[Site]:
    """Run a server of `install` in `directory` while the block lasts.

    The listening socket is opened here and inherited, so that clients may connect before the server is up
    and no port can be taken by somebody else in between.
    """
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listening:
        port = listening.getsockname()[1]
        server = subprocess.Popen(
            [*PYTHON, *(part.format(fd=listening.fileno()) for part in command)],
            cwd=directory,
            env=environment(install, directory),
            pass_fds=[listening.fileno()],
        )
    try:
        yield Site(port)
    finally:
        server.terminate()
        server.wait(PATIENCE)


@contextmanager
def serve_on_port(install: Path, directory: Path, *command: str) -> Iterator[Site]:
    """Run a server that can only open a port itself, and wait until it answers there."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    started = [*PYTHON, *(part.format(port=port) for part in command)]
    server = subprocess.Popen(started, cwd=directory, env=environment(install, directory))
    try:
        give_up = time.monotonic() + PATIENCE
        while not listens(port) and time.monotonic() < give_up:
            time.sleep(0.05)
        yield Site(port)
    finally:
        server.terminate()
        server.wait(PATIENCE)


def listens(port: int) -> bool:
    """Whether somebody takes connections on a port of loopback."""
    with socket.socket() as knocking:
        return knocking.connect_ex(("127.0.0.1", port)) == 0


def run_probe(install: Path, directory: Path, *command: str, warnings: str = "error") -> Any:
    """Run a script in a bare install and read the JSON document on its last line of output."""
    ended = subprocess.run(
        [*PYTHON, "-W", warnings, *command],
        cwd=directory,
        env=environment(install, directory),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-4000:]
    return json.loads(ended.stdout.splitlines()[-1])


def environment(install: Path, directory: Path) -> dict[str, str]:
    """A process sees the install, its own directory and the sites of this folder, and nothing of the caller's."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join((str(install), str(directory), str(SITES)))}
