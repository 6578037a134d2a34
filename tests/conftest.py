"""What all tests share: a quiet environment, the command line in process, golden files."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

# Whatever else is installed may plug into Hypothesis, and take a fifth of a second of every worker for it.
os.environ["HYPOTHESIS_NO_PLUGINS"] = "1"

from hypothesis import HealthCheck, settings

from advisor.cli.app import run
from advisor.knowledge import load_rules
from advisor.knowledge.model import Rules
from tests.scheduling import ModuleScheduling, scheduler

GOLDEN = Path(__file__).parent / "golden"

# Hundreds of processes are started that import the same modules: the first compiles them for all, whatever the
# environment says of it.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Without job control a shell lets its background work ignore Ctrl-C, and so would every process that is started here.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A loaded machine draws slowly and runs slowly: neither says anything about the product. Fixtures that live for one
# test, not for one example, are folders that every example writes anew.
settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.load_profile("patient")

# A suite in the background of a shell has interrupts ignored, and so would all that it starts.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

SPEAKING = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "CI", "ACCESSIBLE", "SOURCE_DATE_EPOCH", "PYTHONIOENCODING")


class Ran(NamedTuple):
    """What a command line did."""

    code: int
    out: str
    err: str


Advisor = Callable[..., Ran]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files from what is shown now")


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ModuleScheduling | None:
    return scheduler(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep each `xdist_group` in one worker under pytest 9.2 too.

    xdist 3.8 writes the group behind `_nodeid`, where pytest 9.2 no longer looks: it reads a parsed id from `_id`.
    """
    for item in items:
        grouped = vars(item).get("_nodeid", item.nodeid)
        if grouped != item.nodeid:
            item._id = type(item._id).parse(grouped)


def pytest_collection_finish() -> None:
    """Spare the collector of garbage what lives to the end: two thousand tests and the modules that they import."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def _quiet_environment(monkeypatch: pytest.MonkeyPatch, _own_home: Path) -> None:
    """Nothing of the machine that runs the tests shows in what is tested, and its home is out of reach."""
    for variable in SPEAKING:
        monkeypatch.delenv(variable, raising=False)
    for variable in ("ADVISOR_RULES", "ADVISOR_NO_INPUT"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("HOME", str(_own_home))
    monkeypatch.setenv("XDG_CACHE_HOME", str(_own_home / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(_own_home / "state"))


@pytest.fixture(scope="session")
def shipped() -> Rules:
    """The rules that ship with the product."""
    return load_rules()


@pytest.fixture
def advisor(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Advisor:
    """Run a command line in this process: `advisor("recommend", "--async", "must", columns=40)`."""

    def call(*arguments: str, columns: int = 80) -> Ran:
        monkeypatch.setenv("COLUMNS", str(columns))
        capsys.readouterr()
        code = run(list(arguments))
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return call


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with its golden file; `--update-golden` rewrites the file instead."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"no golden file {name}: run pytest --update-golden and read what it wrote"
        assert text == path.read_text(encoding="utf-8")

    return compare
