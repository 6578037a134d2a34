"""What the usual add-ons change: each level that a remedy promises, worked out from the add-on at work."""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from websockets.sync.client import connect

from .conftest import BARE, PROBES, SERVERS, SITES
from .measured import relative_costs
from .parts import SITE_PARTS, parts_present
from .test_accounts_and_permissions import WHOLE
from .test_asynchronous_support import level_of_async
from .test_browser_security import level_of_defaults
from .test_full_stack_development import level_of_site_parts
from .test_performance import LEAD
from .test_waiting_clients import served_at_once
from .wire import GRANIAN, GUNICORN, UVICORN, Site, run_probe, serve, serve_on_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .conftest import Serving

DJANGO_ADDONS = ("djangorestframework", "drf-spectacular", "django-ninja", "channels")
FLASK_ADDONS = ("flask-sock", "flask-login", "flask-wtf", "flask-sqlalchemy", "flask-migrate", "flask-admin")
FLASK_SECURITY = ("flask", "flask-security[common,fsqla]")
FASTAPI_USERS = (*BARE["fastapi"], "fastapi-users", "python-multipart")
FASTAPI_ADDONS = ("sqlmodel", "sqladmin", "greenlet", "jinja2", "python-multipart")
BAD = '{"name": "lamp", "price": "abc"}'


class FlaskAddons(NamedTuple):
    packages: Path
    directory: Path
    written: dict[str, int]


@pytest.fixture(scope="session")
def django_site(install: Callable[..., Path], django_project: tuple[Path, dict[str, Any]]) -> Iterator[Site]:
    packages = install(*BARE["django"], *DJANGO_ADDONS)
    with serve(packages, django_project[0], *UVICORN, "django_addons_asgi:application") as running:
        yield running


@pytest.fixture(scope="session")
def flask_addons(install: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> FlaskAddons:
    """An install of Flask with its add-ons, a directory in which migrations have run, and what was written there."""
    packages, directory = install(*BARE["flask"], *FLASK_ADDONS), tmp_path_factory.mktemp("flask-addons")
    # Flask-Migrate calls a method that Flask-SQLAlchemy has deprecated: what its cost in the rules speaks of.
    written = run_probe(packages, directory, str(PROBES / "flask_migrations.py"), warnings="ignore")
    return FlaskAddons(packages, directory, written)


@pytest.fixture(scope="session")
def flask_site(flask_addons: FlaskAddons) -> Iterator[Site]:
    command = (*GUNICORN, "--threads", "20", "flask_addons:app")
    with serve(flask_addons.packages, flask_addons.directory, *command) as running:
        yield running


@pytest.fixture(scope="session")
def fastapi_site(install: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    packages, directory = install(*BARE["fastapi"], *FASTAPI_ADDONS), tmp_path_factory.mktemp("fastapi-addons")
    with serve(packages, directory, *UVICORN, "fastapi_addons:app") as running:
        yield running


def names_the_field(site: Site, path: str) -> bool:
    """Whether a wrong body is answered by JSON of the 400s that names the wrong and the missing field."""
    answer = site.post_json(path, BAD)
    return 400 <= answer.status < 500 and all(field in answer.body for field in (b"price", b"quantity"))


def describes_the_body(document: dict[str, Any], path: str) -> bool:
    """Whether an OpenAPI document says what the body of a POST holds."""
    operation = document["paths"].get(path, {}).get("post", {})
    return "requestBody" in operation


def api_levels(site: Site, *, hints: str, named: str, schema: str, pages: tuple[str, ...]) -> dict[str, int]:
    """Levels of documentation and validation: 4 from type hints alone, 3 once the schema is named to the add-on."""
    document = site.ask(schema).json
    assert all(site.ask(page).status == 200 for page in pages)
    paths = {path.removesuffix("/"): path for path in document["paths"]}
    by_hints = describes_the_body(document, paths.get(hints, hints))
    by_name = describes_the_body(document, paths.get(named, named))
    return {
        "automatic-documentation": 4 if by_hints else 3 if by_name else 0,
        "request-validation": 4 if names_the_field(site, hints) else 3 if names_the_field(site, named) else 0,
    }


def threads_of_open_sockets(site: Site, sockets: int = 8) -> int:
    """Open WebSockets together, talk on each, and return the most threads that the server told of."""
    with ExitStack() as open_links:
        address = f"ws://127.0.0.1:{site.port}/socket"
        links = [open_links.enter_context(connect(address)) for _ in range(sockets)]
        for link in links:
            link.send("tick")
        answers = [str(link.recv()).split() for link in links]
    assert {word for word, _ in answers} == {"tick"}
    return max(int(threads) for _, threads in answers)


def level_of_sockets(site: Site, sockets: int = 8) -> int:
    """3 for WebSockets that share threads, 2 where each holds one."""
    return 2 if threads_of_open_sockets(site, sockets) >= sockets else 3


@pytest.mark.xdist_group("evidence-django")
def test_django_ninja_documents_and_validates(django_site: Site, lifts: dict[str, int]) -> None:
    found = api_levels(
        django_site,
        hints="/ninja/hints",
        named="/ninja/hints",
        schema="/ninja/openapi.json",
        pages=("/ninja/docs",),
    )
    assert lifts.items() <= {**found, "apis-only": min(found.values())}.items()


@pytest.mark.xdist_group("evidence-django")
def test_drf_validates_and_spectacular_documents(django_site: Site, lifts: dict[str, int]) -> None:
    found = api_levels(
        django_site,
        hints="/rest/hints",
        named="/rest/echo",
        schema="/rest/openapi.json?format=json",
        pages=("/rest/docs", "/rest/redoc"),
    )
    found["apis-only"] = min(found.values()) + serves_a_model_from_one_class(django_site)
    assert lifts.items() <= found.items()


def serves_a_model_from_one_class(site: Site) -> bool:
    """Whether a view set creates, lists, changes and deletes rows of a model without a line of its own."""
    made = site.post_json("/rest/products/", '{"name": "desk"}')
    place = f"/rest/products/{made.json['id']}/"
    changed = site.ask(place, method="PUT", body='{"name": "table"}', headers={"Content-Type": "application/json"})
    listed = {row["name"] for row in site.ask("/rest/products/").json}
    deleted = site.ask(place, method="DELETE")
    return (made.status, changed.status, deleted.status) == (201, 200, 204) and "table" in listed


@pytest.mark.xdist_group("evidence-django")
def test_channels_answers_a_websocket(django_site: Site, lifts: dict[str, int]) -> None:
    assert lifts == {"real-time": level_of_sockets(django_site)}


@pytest.mark.parametrize(
    "served",
    [
        pytest.param("django", marks=pytest.mark.xdist_group("evidence-django")),
        pytest.param("flask", marks=pytest.mark.xdist_group("evidence-flask")),
    ],
)
def test_gevent_worker_serves_waiting_clients(
    served: str,
    install: Callable[..., Path],
    request: pytest.FixtureRequest,
    lifts: dict[str, int],
) -> None:
    """One process and one thread serve all at once, yet only after another kind of worker was installed: 3."""
    directory = request.getfixturevalue("django_project")[0] if served == "django" else SITES
    target = {"django": "site_project.wsgi", "flask": "bare_flask:app"}[served]
    with serve(install(*BARE[served], "gunicorn[gevent]"), directory, *GUNICORN, "-k", "gevent", target) as site:
        assert served_at_once(site)
        _, answers = site.ask_at_once("/held", 8)
    assert max(answer["threads"] for answer in answers) < 4
    assert lifts == {"waiting-clients": 3}


@pytest.mark.xdist_group("evidence-addons")
def test_apiflask_documents_and_validates(install: Callable[..., Path], lifts: dict[str, int]) -> None:
    with serve(install("apiflask", "gunicorn"), SITES, *GUNICORN, "apiflask_site:app") as site:
        found = api_levels(site, hints="/hints", named="/echo", schema="/openapi.json", pages=("/docs",))
    assert lifts.items() <= {**found, "apis-only": min(found.values())}.items()


@pytest.mark.xdist_group("evidence-addons")
def test_flask_sock_answers_a_websocket(flask_site: Site, lifts: dict[str, int]) -> None:
    assert lifts == {"real-time": level_of_sockets(flask_site)}


@pytest.mark.xdist_group("evidence-addons")
def test_flask_login_and_wtf_guard_a_page(flask_site: Site, lifts: dict[str, int]) -> None:
    assert flask_site.ask("/private").status == 401
    page = flask_site.ask("/token")
    session = {"Cookie": f"session={page.cookies['session']}"}
    entered = flask_site.post_form("/login", f"csrf_token={page.body.decode()}", **session)
    session = {"Cookie": f"session={entered.cookies['session']}"}
    assert flask_site.ask("/private", headers=session).body == b"for clerks"
    assert lifts == {"browser-security": level_of_defaults(flask_site)}


@pytest.mark.xdist_group("evidence-addons")
def test_flask_admin_shows_a_back_office(flask_site: Site, install: Callable[..., Path], lifts: dict[str, int]) -> None:
    packages = install("flask-admin[sqlalchemy]")
    assert lifts == {"admin-interface": level_of_screens(flask_site, "/admin/product/", "flask_admin", packages)}


def level_of_screens(site: Site, screens: str, package: str, as_declared: Path) -> int:
    """3 for screens that list and keep a row once the package is installed as it asks, 2 if more must be found out."""
    form = site.ask(f"{screens}{'new/' if package == 'flask_admin' else 'create'}")
    token = re.search(rb'name="csrf_token"[^>]* value="([^"]+)"', form.body)
    kept = site.post_form(
        f"{screens}{'new/' if package == 'flask_admin' else 'create'}",
        f"name=lamp&csrf_token={token[1].decode() if token else ''}",
        Cookie="; ".join(f"{name}={value}" for name, value in form.cookies.items()),
    )
    listing = site.ask(screens if package == "flask_admin" else f"{screens}list")
    assert kept.status == 302
    assert b"lamp" in listing.body
    outcome = run_probe(as_declared, as_declared, str(PROBES / "importable.py"), package)
    return 2 if outcome[package] else 3


@pytest.mark.xdist_group("evidence-addons")
def test_flask_sqlalchemy_and_migrate_keep_tables(
    flask_addons: FlaskAddons, flask_site: Site, lifts: dict[str, int]
) -> None:
    assert flask_addons.written == {"migrations": 1}
    assert flask_site.ask("/admin/product/").status == 200
    assert lifts == {"data-layer": 3}


@pytest.mark.xdist_group("evidence-addons")
def test_quart_shares_one_loop(install: Callable[..., Path], lifts: dict[str, int]) -> None:
    with serve(install("quart", "uvicorn[standard]"), SITES, *UVICORN, "quart_site:app") as site:
        # One below what it does: it is another application class, to which Flask's own do not carry over.
        asynchronous = level_of_async(site, waiting_view="/wait", refused_in_core=False) - 1
        found = {
            "asynchronous-support": asynchronous,
            "waiting-clients": 4 * served_at_once(site),
            "real-time": level_of_sockets(site),
        }
    assert lifts.items() <= found.items()


@pytest.mark.xdist_group("evidence-addons")
def test_sqladmin_shows_a_back_office(fastapi_site: Site, install: Callable[..., Path], lifts: dict[str, int]) -> None:
    packages = install("fastapi", "sqladmin")
    assert lifts == {"admin-interface": level_of_screens(fastapi_site, "/admin/product/", "sqladmin", packages)}


@pytest.mark.xdist_group("evidence-addons")
def test_jinja2_renders_for_fastapi(fastapi_site: Site, install: Callable[..., Path], lifts: dict[str, int]) -> None:
    page = fastapi_site.post_form("/page", "name=%3Ci%3E")
    assert page.body == b"<b>&lt;i&gt;</b>"
    present = parts_present(("fastapi", "jinja2", "python-multipart"), SITE_PARTS, install)
    assert lifts == {"template-rendering": 3, "full-stack-development": level_of_site_parts(len(present))}


@pytest.mark.xdist_group("evidence-addons")
def test_sqlmodel_and_alembic_keep_tables(install: Callable[..., Path], tmp_path: Path, lifts: dict[str, int]) -> None:
    packages = install("sqlmodel", "alembic")
    assert run_probe(packages, tmp_path, str(PROBES / "alembic_migrations.py")) == {"migrations": 1, "rows": ["lamp"]}
    assert lifts == {"data-layer": 3}


def level_of_accounts(working: dict[str, bool]) -> int:
    """3 where an add-on brings the whole of it, 2 where it keeps users and logs them in."""
    whole = all(working.values()) and working.keys() == WHOLE
    return 3 if whole else 2 if working["keeps users"] and working["hashes passwords"] and working["logs in"] else 1


@pytest.mark.xdist_group("evidence-addons")
def test_flask_security_keeps_users_and_roles(
    install: Callable[..., Path], tmp_path: Path, lifts: dict[str, int]
) -> None:
    packages = install(*FLASK_SECURITY)
    working = run_probe(packages, tmp_path, str(PROBES / "flask_security_accounts.py"), warnings="ignore")
    present = parts_present(FLASK_SECURITY, SITE_PARTS, install)
    found = {
        "accounts-and-permissions": level_of_accounts(working),
        "full-stack-development": level_of_site_parts(len(present)),
    }
    assert lifts.items() <= found.items()


@pytest.mark.xdist_group("evidence-addons")
def test_fastapi_users_keeps_users_without_groups(
    install: Callable[..., Path], tmp_path: Path, lifts: dict[str, int]
) -> None:
    with serve(install(*FASTAPI_USERS), tmp_path, *UVICORN, "fastapi_users_site:app") as site:
        stranger = site.ask("/mine").status
        made = site.post_json("/register", '{"email": "clerk@example.org", "password": "battery staple"}')
        entered = site.post_form("/login", "username=clerk@example.org&password=battery staple")
        mine = site.ask("/mine", headers={"Authorization": f"Bearer {entered.json['access_token']}"}).json
    working = {
        "keeps users": made.status == 201 and mine["email"] == "clerk@example.org",
        "hashes passwords": "battery staple" not in mine["kept"],
        "logs in": (stranger, entered.status) == (401, 200),
        "groups and permissions": any(re.search("group|role|permission", name) for name in mine["fields"]),
    }
    assert lifts.items() <= {"accounts-and-permissions": level_of_accounts(working)}.items()


@pytest.mark.xdist_group("evidence-flask")
def test_granian_answers_plain_json_for_less(
    serving: Serving, install: Callable[..., Path], lifts: dict[str, int]
) -> None:
    """Clearly less processor time lifts by one level, from 2 to 3: the code under the server stays as it is."""
    usual = serving("flask", SERVERS["flask"])
    with serve_on_port(install("flask[async]", "granian"), SITES, *GRANIAN, "bare_flask:app") as site:
        costs = relative_costs({"usual": usual, "granian": site}, "/hello", boundary=LEAD)
    assert lifts == {"performance": 3 if costs["usual"] >= LEAD else 2}
