"""Starts a copy of an example the way its `run` line does and stops it again."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from advisor.knowledge.model import Example

from .environments import fresh_environment
from .grid import folder_of, main_file, requirements

PATIENCE = 60.0
"""Seconds until a server that is not there counts as broken; a free machine needs about one."""


@dataclass(frozen=True)
class Site:
    """A running copy of an example."""

    port: int
    folder: Path
    alternative: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, command: str) -> str:
        """Run a `try` line against this copy and return what a terminal would show."""
        line = command.replace("localhost:8000", f"127.0.0.1:{self.port}")
        path = os.pathsep.join((str(Path(__file__).parent / "commands"), str(Path(sys.executable).parent)))
        done = subprocess.run(
            ["bash", "-c", line],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            env={**os.environ, "PATH": f"{path}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C"},
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return done.stdout.replace(f"127.0.0.1:{self.port}", "localhost:8000")


def copy_of(example: Example, into: Path) -> Path:
    """Copy exactly the files that the grid lists for an example, as `examples save` does."""
    source = folder_of(example)
    for name in example.files:
        relative = Path(name).relative_to(source.relative_to(source.parents[2]))
        target = into / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / relative, target)
    return into


@contextlib.contextmanager
def serve(example: Example, folder: Path) -> Iterator[Site]:
    """Start the example's main file in `folder` on a free loopback port; kill every process of it afterwards."""
    port = free_port()
    log = folder / "server.log"
    environment = {
        **os.environ,
        "HOME": str(folder),
        "PORT": str(port),
        # gunicorn would take PORT as "listen to the whole network".
        "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{port} --no-control-socket",
        "PYTHONUNBUFFERED": "1",
        "WEB_CONCURRENCY": "2" if example.topic == "scaling-out" else "1",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [fresh_environment(requirements(example), folder / ".environment"), main_file(example)],
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until_listening(process, port, log)
        yield Site(port, folder, example.alternative)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def same_output(written: str, printed: str) -> bool:
    """Whether printed text is what the grid says; "…" stands for anything, a part of a line or several lines."""
    pattern = ".*".join(re.escape(part) for part in written.strip().split("…"))
    return re.fullmatch(pattern, printed.strip(), flags=re.DOTALL) is not None


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_listening(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Return when something answers on the port; raise with the log when the process ends or takes too long."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"the example does not serve:\n{log.read_text(errors='replace')[-4000:]}")
