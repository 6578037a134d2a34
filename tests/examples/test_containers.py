"""Dockerfiles are linted, and what they would run is run in their order, in a folder and an environment of its own.

No container engine is needed: `FROM` is the test's Python, `COPY` copies, `RUN` runs with the installer of a fresh
environment, and `CMD` and `HEALTHCHECK` are started from the same folder with the same environment variables.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from .grid import CELLS, folder_of
from .serving import free_port, same_output, wait_until_listening

CONTAINERS = [cell for cell, example in CELLS.items() if example.topic == "container"]
PIP = """#!/bin/sh
# `pip` of the environment: uv understands the same arguments and is quicker, above all with its cache.
for word; do shift; [ "$word" = --no-cache-dir ] || set -- "$@" "$word"; done
exec uv pip "$@" --quiet
"""


@dataclass
class Build:
    """What a Dockerfile says, after it has been carried out."""

    folder: Path
    environment: dict[str, str]
    user: str = "root"
    ran: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    check: list[str] = field(default_factory=list)


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """The instructions of a Dockerfile: (word, rest), continued lines joined, comments left out."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            yield word.upper(), rest.strip()


def build(cell: str, folder: Path) -> Build:
    """Carry out a Dockerfile below `folder`."""
    source = folder_of(CELLS[cell])
    subprocess.run(["uv", "venv", "--quiet", "--python", sys.executable, str(folder / "venv")], check=True)
    pip = folder / "venv/bin/pip"
    pip.write_text(PIP, encoding="utf-8")
    pip.chmod(0o755)
    made = Build(folder / "root", {**os.environ, "VIRTUAL_ENV": str(folder / "venv")})
    made.environment["PATH"] = os.pathsep.join((str(folder / "venv/bin"), made.environment["PATH"]))
    made.environment.pop("PYTHONPATH", None)
    for word, rest in instructions((source / "Dockerfile").read_text(encoding="utf-8")):
        if word == "RUN":
            run(made, rest)
        elif word == "WORKDIR":
            made.folder = folder / "root" / rest.lstrip("/")
            made.folder.mkdir(parents=True)
        elif word == "COPY":
            *names, target = shlex.split(rest)
            assert target == "."
            for name in names:
                shutil.copy(source / name, made.folder / name)
        else:
            note(made, word, rest)
    return made


def note(made: Build, word: str, rest: str) -> None:
    """Keep what an instruction says about running the image."""
    match word:
        case "FROM":
            assert re.fullmatch(r"python:3\.\d+-slim", rest)
        case "EXPOSE":
            assert rest == "8000"
        case "ENV":
            made.environment |= dict(pair.split("=", 1) for pair in shlex.split(rest))
        case "USER":
            made.user = rest
        case "HEALTHCHECK":
            made.check = json.loads(rest.partition(" CMD ")[2])
        case "CMD":
            made.command = json.loads(rest)
        case _:
            raise AssertionError(f"what does {word} do here?")


def run(made: Build, command: str) -> None:
    """Carry out one RUN; making a user is only checked, because a test must not make users on this machine."""
    made.ran.append(command)
    if command.startswith("useradd "):
        assert re.fullmatch(r"useradd --uid \d{4,} --no-create-home [a-z]+", command)
        return
    assert made.user == "root"
    subprocess.run(["sh", "-c", command], cwd=made.folder, env=made.environment, check=True)


def hadolint(text: str) -> str:
    """What hadolint says of a Dockerfile, hints included."""
    return subprocess.run(
        [str(Path(sys.executable).parent / "hadolint"), "--failure-threshold", "style", "--no-color", "-"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    ).stdout


@pytest.mark.parametrize("cell", CONTAINERS)
def test_hadolint_finds_nothing(cell: str) -> None:
    text = (folder_of(CELLS[cell]) / "Dockerfile").read_text(encoding="utf-8")
    assert hadolint(text) == ""
    assert "DL3042" in hadolint(text.replace("--no-cache-dir ", ""))


@pytest.mark.parametrize("cell", CONTAINERS)
def test_the_image_would_be_small_locked_watched_and_not_run_as_root(
    cell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    made = build(cell, tmp_path)
    assert made.user.isdigit()
    assert int(made.user) > 0
    assert f"--uid {made.user} " in made.ran[0]
    assert sum("--require-hashes" in command for command in made.ran) == 1
    port = free_port()
    here = made.environment | {"HOME": str(tmp_path)}
    command = [word.replace("0.0.0.0", "127.0.0.1").replace("8000", str(port)) for word in made.command]
    check = [word.replace("8000", str(port)) for word in made.check]
    assert command != made.command
    log = tmp_path / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, cwd=made.folder, env=here, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        wait_until_listening(server, port, log)
        ((_, written),) = CELLS[cell].try_lines
        assert same_output(written, httpx.get(f"http://127.0.0.1:{port}/healthz").text)
        assert httpx.get(f"http://127.0.0.1:{port}/").json() == {"hello": "container"}
        assert subprocess.run(check, env=here, check=False).returncode == 0
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    assert subprocess.run(check, env=here, stderr=subprocess.DEVNULL, check=False).returncode != 0


@pytest.mark.parametrize("cell", CONTAINERS)
def test_the_lock_holds_a_hash_for_every_package_and_answers_what_is_asked(cell: str) -> None:
    folder = folder_of(CELLS[cell])
    locked = (folder / "requirements.txt").read_text(encoding="utf-8")
    packages = re.findall(r"^([a-z0-9-]+)==.*\\$\n(    --hash=sha256:[0-9a-f]{64})", locked, re.MULTILINE)
    assert len(packages) == len(re.findall(r"^[a-z0-9-]+==", locked, re.MULTILINE))
    for line in (folder / "requirements.in").read_text(encoding="utf-8").splitlines():
        assert re.split(r"[<>=]", line)[0] in dict(packages)


def test_the_dockerfiles_differ_only_where_the_frameworks_do() -> None:
    """Containers decide nothing between the frameworks, as the examples say: the instructions are the same."""
    texts = [(folder_of(CELLS[cell]) / "Dockerfile").read_text(encoding="utf-8") for cell in CONTAINERS]
    told = [[entry for entry in instructions(text) if entry[0] not in ("CMD", "ENV")] for text in texts]
    assert told[0] == told[1] == told[2]
