"""The frameworks as they are installed here, each bare and on the wire, and what the rules say of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from .installs import bare_install
from .parts import OTHER_PARTS, SITE_PARTS, parts_present
from .wire import GUNICORN, UVICORN, Site, run_probe, serve

HERE = Path(__file__).resolve().parent
RULES = HERE.parent.parent / "rules" / "web-frameworks.yaml"
PROBES = HERE / "probes"
SITES = HERE / "sites"

#: what one installs to serve a bare project, as each deployment page says
BARE = {
    "django": ("django", "gunicorn", "uvicorn[standard]"),
    "flask": ("flask[async]", "gunicorn"),
    "fastapi": ("fastapi", "uvicorn[standard]"),
}
#: the usual server without any option
SERVERS = {
    "django": (*GUNICORN, "site_project.wsgi"),
    "flask": (*GUNICORN, "bare_flask:app"),
    "fastapi": (*UVICORN, "bare_fastapi:app"),
}
#: the same, given what lets one process serve many waiting requests
CONCURRENT_SERVERS = SERVERS | {
    "django": (*GUNICORN, "--threads", "40", "site_project.wsgi"),
    "flask": (*GUNICORN, "--threads", "40", "bare_flask:app"),
}
#: where the framework offers an entry point for an asynchronous server, that is its best case
ASYNCHRONOUS_SERVERS = SERVERS | {"django": (*UVICORN, "site_project.asgi:application")}

Serving = Callable[[str, tuple[str, ...]], Site]


@pytest.fixture(
    scope="session",
    params=[pytest.param(name, marks=pytest.mark.xdist_group(f"evidence-{name}")) for name in BARE],
)
def alternative(request: pytest.FixtureRequest) -> str:
    """Each framework in turn; all tests of one stay in one worker and share its servers."""
    return str(request.param)


@cache
def read_rules() -> dict[str, Any]:
    """The shipped rules as plain YAML, so that evidence does not depend on how the program reads them."""
    rules: dict[str, Any] = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return rules


def criterion_of(identifier: str) -> dict[str, Any]:
    """One criterion of the rules, as written."""
    (found,) = (entry for entry in read_rules()["criteria"] if entry["id"] == identifier)
    return dict(found)


@pytest.fixture(scope="session")
def rated_word() -> Callable[[str, str], str]:
    """Look up the word that the rules give an alternative on a criterion."""
    return lambda criterion, alternative: str(criterion_of(criterion)["ratings"][alternative]["word"])


@pytest.fixture(scope="session")
def rated_level(rated_word: Callable[[str, str], str]) -> Callable[[str, str], int]:
    """Look up the level, 0 to 4, that the word of a rating has on its criterion's scale."""

    def look_up(criterion: str, alternative: str) -> int:
        word = rated_word(criterion, alternative)
        (level,) = (level for level, words in criterion_of(criterion)["scale"].items() if word in words)
        return int(level)

    return look_up


@pytest.fixture(scope="session")
def install(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Make (once) an install of exactly these requirements and what they need."""

    @cache
    def made(*requirements: str) -> Path:
        return bare_install(tmp_path_factory.mktemp("install") / "packages", requirements)

    return made


@pytest.fixture(scope="session")
def django_project(
    install: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any]]:
    """A new Django project on disk, and what its probe found in it."""
    directory = tmp_path_factory.mktemp("django")
    urls = SITES / "bare_django_urls.py"
    facts = run_probe(install("django"), directory, str(PROBES / "django_project.py"), str(urls))
    return directory, facts


@pytest.fixture(scope="session")
def facts(alternative: str, install: Callable[..., Path], request: pytest.FixtureRequest) -> dict[str, Any]:
    """What a framework alone does when asked in its own process; see `probes/` for the questions."""
    if alternative == "django":
        found: dict[str, Any] = request.getfixturevalue("django_project")[1]
    else:
        found = run_probe(install(alternative), SITES, str(PROBES / f"{alternative}_parts.py"))
    return found


@pytest.fixture(scope="session")
def serving(install: Callable[..., Path], request: pytest.FixtureRequest) -> Iterator[Serving]:
    """Start (once) a bare site of a framework by a command; it runs until the session ends."""
    with ExitStack() as running:

        @cache
        def started(alternative: str, command: tuple[str, ...]) -> Site:
            project = request.getfixturevalue("django_project")[0] if alternative == "django" else SITES
            return running.enter_context(serve(install(*BARE[alternative]), project, *command))

        yield started


@pytest.fixture(scope="session")
def site(alternative: str, serving: Serving) -> Site:
    """The bare site behind a server started without any option."""
    return serving(alternative, SERVERS[alternative])


@pytest.fixture(scope="session")
def concurrent_site(alternative: str, serving: Serving) -> Site:
    """The same site where one process may serve many requests at once."""
    return serving(alternative, CONCURRENT_SERVERS[alternative])


@pytest.fixture(scope="session")
def asynchronous_site(alternative: str, serving: Serving) -> Site:
    """The same site behind an asynchronous server where the framework has an entry point for one."""
    return serving(alternative, ASYNCHRONOUS_SERVERS[alternative])


@pytest.fixture(scope="session")
def parts(alternative: str, install: Callable[..., Path]) -> set[str]:
    """Which of the sixteen usual parts a bare install holds and can import."""
    return parts_present((alternative,), SITE_PARTS | OTHER_PARTS, install)


@pytest.fixture
def lifts(request: pytest.FixtureRequest) -> dict[str, int]:
    """What the rules promise of the remedy whose check is the requesting test: criterion to level."""
    asking = f"{request.path.name}::{request.node.name}"
    (found,) = (remedy for remedy in read_rules()["remedies"] if remedy.get("check") == asking)
    return {criterion: int(level) for criterion, level in found["lifts"].items()}
