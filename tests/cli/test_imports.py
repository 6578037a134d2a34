"""What each command line imports: nothing heavy on a path that does not use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from advisor.cli.app import COMMANDS
from tests.knowledge.tiny import TINY

ROOT = Path(__file__).resolve().parents[2]
CASE = "[{id: one, kind: edge, scenario: One., answers: {work: wood}, expert: [saw], because: It saws.}]"
UNCOMPILED = "PYTHONDONTWRITEBYTECODE"

COMPANIONS = {
    "pydantic": {"annotated_types", "pydantic_core", "typing_extensions", "typing_inspection"},
    "jinja2": {"markupsafe"},
    "yaml": {"_yaml"},
    "rich": {"attr", "attrs"},
}
"""What a package cannot do without, or imports where it is installed."""

STANDARD = {
    "asyncio", "concurrent", "csv", "ctypes", "decimal", "email", "fractions", "hashlib", "http",
    "importlib.metadata", "importlib.resources", "logging", "multiprocessing", "optparse", "pdb", "pickle", "random",
    "secrets", "socket", "sqlite3", "ssl", "statistics", "tempfile", "tomllib", "unittest", "urllib.request", "xml",
    "zipfile",
}  # fmt: skip
"""Parts of the standard library that take long to import, and that Typer does without."""

BROUGHT = {
    "rich": {"ctypes", "decimal", "fractions", "hashlib", "importlib.metadata", "logging", "pickle", "random"},
    "jinja2": {"hashlib", "pickle", "random", "tempfile"},
    "pydantic": STANDARD - {"asyncio", "concurrent", "http", "sqlite3", "ssl", "unittest", "urllib.request"},
    "pygments": {"csv", "email", "importlib.metadata", "importlib.resources", "random", "socket", "zipfile"},
    "concurrent": {"logging"},
    "multiprocessing": {"pickle", "socket", "tempfile", "random", "hashlib", "logging"},
    "advisor.report.html": {"hashlib"},
    "advisor.decision.sensitivity": {"decimal", "fractions"},
    "advisor.audit": {"decimal", "fractions"},
}
"""What these bring along, in one version or another."""

ROOMS = {
    "advisor.audit", "advisor.codebase", "advisor.decision.advise", "advisor.decision.batch",
    "advisor.decision.sensitivity", "advisor.interview", "advisor.knowledge.load", "advisor.report.html",
    "advisor.report.markdown", "advisor.report.text",
}  # fmt: skip
"""Rooms of our own that are large enough to be worth staying out of."""

TEXT = "rich advisor.report.text"
CORE = "advisor.decision.advise advisor.decision.sensitivity"
BATCH = "advisor.decision.advise advisor.decision.batch"
FILE = "yaml advisor.interview"  # what an answers file is read with

PATHS = {
    "--version": "",
    "--help": "",
    "": "",
    **{f"{command} --help": "" for command in COMMANDS},
    "recommend --help": "advisor.decision.advise",
    "why-not --help": "advisor.decision.advise",
    "batch --help": BATCH,
    "verify --help": "advisor.decision.advise",
    "ask --help": "advisor.interview",
    "recommend --async must": f"{CORE} {TEXT}",
    "recommend --async must --format json": CORE,
    "recommend --async must --format markdown": f"{CORE} advisor.report.markdown",
    "recommend --async must --format adr": f"{CORE}",
    "recommend --async must --format html": f"{CORE} jinja2 pygments advisor.report.html",
    "recommend --async must --output advice.json": CORE,
    "recommend --answers a.yaml": f"{CORE} {TEXT} {FILE}",
    "recommend --from report.json --format json": CORE,
    "recommend --codebase . --format json": "advisor.codebase advisor.decision.advise",
    "recommend --async much": "advisor.decision.advise",
    "ask": "advisor.decision.advise advisor.interview",
    "why-not flask --async must": f"advisor.decision.advise {TEXT}",
    "why-not flask --async must --format json": "advisor.decision.advise advisor.report.text",
    "compare": TEXT,
    "compare --format json": "advisor.report.text",
    "diff a.yaml b.yaml": f"advisor.decision.advise {TEXT} {FILE}",
    "scan": f"advisor.codebase {TEXT}",
    "scan --format json": "advisor.codebase",
    "examples list": "",
    "examples show flask/json-api": "",
    "examples save flask/json-api saved": "",
    "needs": "",
    "needs --format json": "",
    "batch lines.jsonl": BATCH,
    "batch lines.jsonl --jobs 2": f"{BATCH} pickle",
    "rules check --rules tiny.yaml": "advisor.audit random",
    "rules test --rules tiny.yaml --cases cases.yaml": "advisor.audit advisor.decision.advise pydantic yaml",
    "rules show --rules tiny.yaml": "advisor.knowledge.load pydantic yaml",
    "rules schema": "pydantic",
    "rules new": "",
    "verify report.json": CORE,
    "schema": "",
}
"""Command line → what it may import of what is watched; third-party packages it must import, or the list is stale."""

TELL = """
import sys

before = set(sys.modules)  # what the start of this environment imports, by its .pth files too

import json, os, pty

from advisor.cli.app import run


def loaded():
    return sorted(set(sys.modules) - before)


def modules_after(line):
    reading, writing = os.pipe()
    if line == "ask":  # the first question, and the end of the session
        screen, terminal = pty.openpty()
        os.write(screen, b"quit\\n")
    else:
        terminal = os.open(os.devnull, os.O_RDWR)
    child = os.fork()
    if not child:
        for stream in (0, 1, 2):
            os.dup2(terminal, stream)
        try:
            code = run(line.split())
        except SystemExit as left:
            code = left.code or 0
        with os.fdopen(writing, "w") as told:
            json.dump([code, loaded()], told)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        answer = json.load(told)
    os.waitpid(child, 0)
    return answer


site = [path for path in sys.path if path.endswith("-packages")]
packages = [name.partition(".")[0] for folder in site for name in os.listdir(folder)]
frame = loaded()
print(json.dumps({"packages": packages, "frame": frame, "paths": {line: modules_after(line) for line in sys.argv[1:]}}))
"""


class Imports:
    """What was imported by the frame of the command line, and then by each command line."""

    def __init__(self, told: dict[str, object]) -> None:
        self.packages: set[str] = set(told["packages"])  # type: ignore[call-overload]
        self.frame: set[str] = set(told["frame"])  # type: ignore[call-overload]
        self.paths: dict[str, tuple[int, list[str]]] = told["paths"]  # type: ignore[assignment]

    def by(self, line: str) -> set[str]:
        return set(self.paths[line][1]) - self.frame

    def third_party(self, names: set[str]) -> set[str]:
        return {name.partition(".")[0] for name in names} & self.packages - {"advisor", "typer"}


@pytest.fixture(scope="module")
def imports(tmp_path_factory: pytest.TempPathFactory, _own_home: Path) -> Imports:
    """Run every command line in a fork of one process that has imported the frame; the rules come from the cache."""
    folder = tmp_path_factory.mktemp("imports")
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("CI", "ADVISOR_NO_INPUT", UNCOMPILED)},
        "PYTHONPATH": str(ROOT),
        "HOME": str(_own_home),
        "XDG_CACHE_HOME": str(_own_home / "cache"),
    }

    def told(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    (folder / "a.yaml").write_text("async: must\n", encoding="utf-8")
    (folder / "b.yaml").write_text("async: no\n", encoding="utf-8")
    (folder / "lines.jsonl").write_text('{"async": "must"}\n', encoding="utf-8")
    (folder / "tiny.yaml").write_text(TINY, encoding="utf-8")
    (folder / "cases.yaml").write_text(CASE, encoding="utf-8")
    told("-m", "advisor", "needs", "--rules", "tiny.yaml")
    report = told("-m", "advisor", "recommend", "--async", "must", "--codebase", ".", "--format", "json")
    (folder / "report.json").write_text(report, encoding="utf-8")
    return Imports(json.loads(told("-c", TELL, *PATHS)))


def test_every_command_is_listed() -> None:
    assert {line.partition(" ")[0] for line in PATHS} >= set(COMMANDS)


def test_the_frame_imports_nothing_but_typer(imports: Imports) -> None:
    assert imports.frame & (STANDARD | ROOMS) == set()
    assert imports.third_party(imports.frame) - {"annotated_doc", "shellingham"} == set()


@pytest.mark.parametrize("line", PATHS)
def test_a_command_line_imports_what_it_uses_and_no_more(line: str, imports: Imports) -> None:
    stated = set(PATHS[line].split())
    loaded = imports.by(line)
    packages = stated & imports.packages
    companions = set().union(*(COMPANIONS.get(name, set()) for name in packages))
    assert imports.third_party(loaded) - companions == packages
    brought = set().union(*(BROUGHT.get(name, set()) for name in stated))
    assert loaded & (STANDARD | ROOMS) - brought <= stated
    assert stated <= loaded | packages


def test_every_command_line_did_what_it_was_meant_to(imports: Imports) -> None:
    others = {"": 2, "recommend --async much": 2, "ask": 130}
    assert {line: code for line, (code, _) in imports.paths.items() if code} == others
