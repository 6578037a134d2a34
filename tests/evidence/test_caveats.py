"""Measured truths that are shown beside advice when they bear on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from .conftest import ASYNCHRONOUS_SERVERS, BARE, SERVERS, SITES
from .measured import relative_costs
from .wire import UVICORN, serve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Serving

CLIENTS = 4
WAIT = 0.1
HELD = 0.3
POOL = 40


@pytest.mark.xdist_group("evidence-fastapi")
def test_plain_def_is_limited_to_forty_threads(serving: Serving) -> None:
    seconds, answers = serving("fastapi", SERVERS["fastapi"]).ask_at_once("/held-plain", POOL + 10)
    most = max(answer["threads"] for answer in answers)
    assert seconds >= 2 * HELD
    # The event loop's own thread and a helper of the server stand beside the pool.
    assert POOL <= most <= POOL + 4


@pytest.mark.xdist_group("evidence-fastapi")
def test_blocking_call_in_async_def_serialises(serving: Serving) -> None:
    assert serving("fastapi", SERVERS["fastapi"]).ask_at_once("/wait-blocking", CLIENTS)[0] >= CLIENTS * WAIT


@pytest.mark.xdist_group("evidence-flask")
def test_asgi_adapter_serialises_flask(install: Callable[..., Path]) -> None:
    packages = install(*BARE["flask"], "uvicorn[standard]")
    with serve(packages, SITES, *UVICORN, "flask_through_adapter:application") as site:
        assert site.ask_at_once("/wait", CLIENTS)[0] >= CLIENTS * WAIT


@pytest.mark.xdist_group("evidence-django")
def test_django_async_holds_a_thread_each(serving: Serving) -> None:
    site = serving("django", ASYNCHRONOUS_SERVERS["django"])
    _, answers = site.ask_at_once("/held-async", 16)
    assert max(answer["threads"] for answer in answers) >= 12


@pytest.mark.xdist_group("evidence-fastapi")
def test_lax_mode_accepts_numbers_in_strings(serving: Serving) -> None:
    site = serving("fastapi", SERVERS["fastapi"])
    taken = site.post_json("/echo", '{"name": "lamp", "price": "2.5", "quantity": 1}')
    assert (taken.status, taken.json["price"]) == (200, 2.5)


@pytest.mark.xdist_group("evidence-fastapi")
def test_docs_pages_load_scripts_from_elsewhere(serving: Serving) -> None:
    for page in ("/docs", "/redoc"):
        answer = serving("fastapi", SERVERS["fastapi"]).ask(page)
        scripts = re.findall(rb'<script src="([^"]+)"', answer.body)
        assert scripts
        assert all(script.startswith(b"https://") for script in scripts)


@pytest.mark.xdist_group("evidence-fastapi")
def test_websockets_need_a_library_beside_the_server(install: Callable[..., Path], serving: Serving) -> None:
    assert b" 101 " in serving("fastapi", SERVERS["fastapi"]).handshake("/socket")
    with serve(install("fastapi", "uvicorn"), SITES, *SERVERS["fastapi"]) as without_library:
        assert b" 404 " in without_library.handshake("/socket")


@pytest.mark.xdist_group("evidence-django")
def test_plain_answers_cost_more_under_asgi(serving: Serving) -> None:
    commands = {"wsgi": SERVERS["django"], "asgi": ASYNCHRONOUS_SERVERS["django"]}
    sites = {interface: serving("django", command) for interface, command in commands.items()}
    assert relative_costs(sites, "/hello", boundary=2)["asgi"] >= 2
