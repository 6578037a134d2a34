"""What every example of a topic has to do, whatever the framework: the same task, driven from outside."""

from __future__ import annotations

import contextlib
import html
import os
import re
import signal
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
from websockets.sync.client import connect

from .serving import PATIENCE, Site


def browser(site: Site, **settings: Any) -> httpx.Client:
    """A client that keeps cookies, as a browser does, and waits as long as a busy machine may need."""
    return httpx.Client(base_url=site.url, timeout=PATIENCE, **settings)


def json_api(site: Site) -> None:
    with browser(site) as client:
        assert client.get("/books/1").json() == {"id": 1, "title": "Dune", "pages": 412}
        added = client.post("/books", json={"title": "Emma", "pages": 474})
        assert added.status_code == 201
        assert added.json() == {"id": 2, "title": "Emma", "pages": 474}
        assert [book["title"] for book in client.get("/books").json()] == ["Dune", "Emma"]
        missing = client.get("/books/9")
        assert missing.status_code == 404
        assert "no such book" in missing.json().values()
        bad = client.post("/books", json={"title": "Emma"})
        assert bad.status_code == (422 if site.alternative == "fastapi" else 400)
        assert bad.headers["content-type"] == "application/json"
        assert client.delete("/books/1").status_code == 405


def auto_docs(site: Site) -> None:
    with browser(site) as client:
        page = client.get("/docs")
        assert page.status_code == 200
        assert "swagger" in page.text.lower()
        document = client.get("/openapi.json").json()
        assert document["openapi"].startswith("3.1")
        assert document["info"] == {"title": "Exchange", "version": "1.0.0"} | (
            {"description": ""} if site.alternative == "django" else {}
        )
        operation = document["paths"]["/convert/{currency}"]["get"]
        assert "Convert euros into another currency." in (operation["summary"], operation.get("description"))
        assert {parameter["name"]: parameter["schema"]["type"] for parameter in operation["parameters"]} == {
            "currency": "string",
            "euros": "number",
        }
        assert set(document["components"]["schemas"]["Conversion"]["properties"]) == {"currency", "amount"}
        assert client.get("/convert/gbp", params={"euros": 10}).json() == {"currency": "gbp", "amount": 8.0}
        assert client.get("/convert/gbp", params={"euros": "ten"}).status_code == 422


def validation(site: Site) -> None:
    with browser(site) as client:
        good = client.post("/orders", json={"sku": "AB-123", "quantity": 3, "price": "1.50"})
        assert good.status_code == 201
        assert good.json() == {"sku": "AB-123", "total": "4.50"}
        wrong = client.post("/orders", json={"sku": "ab", "quantity": 101, "price": "1.999", "qty": 1})
        assert wrong.status_code == 422
        assert all(f'"{field}"' in wrong.text for field in ("sku", "quantity", "price", "qty"))
        missing = client.post("/orders", json={"sku": "AB-123", "quantity": 3})
        assert missing.status_code == 422
        assert '"price"' in missing.text
        assert client.post("/orders", content=b"{", headers={"content-type": "application/json"}).status_code in (
            400,
            422,
        )


def concurrent_waits(site: Site) -> None:
    """Forty waits in turn can never take less than all of them together; a busy machine may take nearly as long."""
    clients, wait = 40, 0.2
    with browser(site, limits=httpx.Limits(max_connections=clients)) as client:
        assert client.get("/prices/warm-up").json() == {"symbol": "warm-up", "price": 42}
        with ThreadPoolExecutor(clients) as pool:
            begin = time.monotonic()
            answers = list(pool.map(lambda number: client.get(f"/prices/{number}").json(), range(clients)))
            elapsed = time.monotonic() - begin
    assert [answer["symbol"] for answer in answers] == [str(number) for number in range(clients)]
    assert wait <= elapsed < clients * wait


def websocket(site: Site) -> None:
    url = f"ws://127.0.0.1:{site.port}/chat"
    with connect(url, open_timeout=PATIENCE) as ada, connect(url, open_timeout=PATIENCE) as bob:
        bob.send("I am here")  # answered only once Bob is in the room
        assert bob.recv(timeout=PATIENCE) == "I am here"
        ada.send("hello")
        assert bob.recv(timeout=PATIENCE) == "hello"
        heard = [ada.recv(timeout=PATIENCE)]
        if heard == ["I am here"]:
            heard.append(ada.recv(timeout=PATIENCE))
        assert heard[-1] == "hello"
        ada.close()
        bob.send("still here")
        assert bob.recv(timeout=PATIENCE) == "still here"


def templates(site: Site) -> None:
    with browser(site, follow_redirects=True) as client:
        page = client.get("/")
        assert "<li>Ada</li>" in page.text
        signed = client.post("/", data={"name": "<b>Grace</b>", **hidden_fields(page)})
        assert signed.history[0].status_code in (302, 303)
        assert "&lt;b&gt;Grace" in signed.text
        assert "<b>Grace" not in signed.text
        empty = client.post("/", data={"name": "", **hidden_fields(signed)})
        assert empty.status_code == 200
        too_long = client.post("/", data={"name": "x" * 41, **hidden_fields(empty)})
        assert "40" in too_long.text
    with browser(site) as elsewhere:
        forged = elsewhere.post("/", data={"name": "Eve"}, headers={"Origin": "http://elsewhere.example"})
        assert forged.status_code in (400, 403)
        last = elsewhere.get("/")
    assert last.text.count("<li>") == 2
    if site.alternative == "django":
        assert {"x-frame-options", "x-content-type-options", "referrer-policy"} <= set(last.headers)


def database(site: Site) -> None:
    with browser(site) as client:
        for text in ("Buy tea", "Call Ada", "100% sure"):
            added = client.post("/notes", json={"text": text})
            assert added.status_code == 201
            assert added.json()["text"] == text
        assert [note["text"] for note in client.get("/notes", params={"q": "ada"}).json()] == ["Call Ada"]
        assert client.get("/notes", params={"q": "0% s"}).json()[0]["text"] == "100% sure"
        assert client.get("/notes", params={"q": "%%"}).json() == []
    (found,) = (path for path in site.folder.glob("**/notes.sqlite3") if ".environment" not in path.parts)
    with contextlib.closing(sqlite3.connect(found)) as file:
        tables = {row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables & {"django_migrations", "alembic_version"}


def accounts(site: Site) -> None:
    for name, password, status in (
        ("ada", "analytical-engine", 200),
        ("bob", "just-a-visitor", 403),
    ):
        with browser(site, follow_redirects=True) as client:
            assert "ello" not in client.get("/me").text
            assert "ello" not in log_in(site, client, name, "wrong").text
            assert name in log_in(site, client, name, password).text
            assert f"Hello {name}" in client.get("/me").text
            members = client.get("/members")
            assert members.status_code == status
            assert bool(re.search(r"\bada\b", members.text)) == (status == 200)
    with browser(site) as stranger:
        for page in ("/me", "/members"):
            assert stranger.get(page).status_code in (302, 401)
        if site.alternative != "fastapi":
            forged = stranger.post("/login", data={"username": "ada", "password": "analytical-engine"})
            assert "set-cookie" not in forged.headers or stranger.get("/me").status_code == 302
            assert stranger.get("/me").status_code == 302


def log_in(site: Site, client: httpx.Client, name: str, password: str) -> httpx.Response:
    """Log in as a browser would; for tokens, return the page that the token opens."""
    if site.alternative != "fastapi":
        form = hidden_fields(client.get("/login"))
        return client.post("/login", data={"username": name, "password": password, **form})
    answer = client.post("/token", data={"username": name, "password": password})
    if answer.status_code != 200:
        return answer
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return client.get("/me")


ADMIN_PAGES = {
    "django": ("/admin/login/", "/admin/shop/product/", "/admin/shop/product/add/"),
    "flask": ("/login", "/admin/product/", "/admin/product/new/"),
    "fastapi": ("/admin/login", "/admin/product/list", "/admin/product/create"),
}


def admin(site: Site) -> None:
    login, products, new = ADMIN_PAGES[site.alternative]
    with browser(site, follow_redirects=True) as client:
        assert "Teapot" not in client.get(products).text
        form = {"username": "ada", "password": "wrong", **hidden_fields(client.get(login))}
        client.post(login, data=form)
        assert "Teapot" not in client.get(products).text
        form = {"username": "ada", "password": "analytical-engine", **hidden_fields(client.get(login))}
        client.post(login, data=form)
        listed = client.get(products)
        assert listed.status_code == 200
        assert "Teapot" in listed.text
        mug = {"name": "Mug", "price": "8.50", "stock": "12", **hidden_fields(client.get(new))}
        saved = client.post(new, data=mug)
        assert saved.status_code == 200
        assert all(name in client.get(products).text for name in ("Teapot", "Mug", "8.50", "12"))
        word = "q" if site.alternative == "django" else "search"
        found = client.get(products, params={word: "teap"})
        assert "Teapot" in found.text
        assert "Mug" not in found.text
        sheet = re.search(r'<link[^>]+href="([^"]+\.css[^"]*)"', listed.text)
        assert sheet is not None
        assert client.get(sheet[1]).status_code == 200


def background_work(site: Site) -> None:
    with browser(site) as client:
        ordered = client.post("/reports", params={"pages": 7})
        assert ordered.status_code == 202
        report = f"/reports/{ordered.json()['id']}"
        assert client.get(report).json() == {"state": "waiting", "pages": None}
        end = time.monotonic() + PATIENCE
        while client.get(report).json()["state"] != "done":
            assert time.monotonic() < end
            time.sleep(0.05)
        assert client.get(report).json() == {"state": "done", "pages": 7}


def scaling_out(site: Site) -> None:
    limits = httpx.Limits(max_keepalive_connections=0)  # every request may reach another process
    with browser(site, limits=limits) as client, ThreadPoolExecutor(8) as pool:
        assert client.get("/healthz").json() == {"status": "ok"}

        def processes() -> set[int]:
            answers = list(pool.map(lambda _: client.get("/work").json(), range(8)))
            assert {answer["key"] for answer in answers} == {"ae409ce6"}
            return {answer["process"] for answer in answers}

        end = time.monotonic() + PATIENCE
        seen = processes()
        while len(seen) < 2:
            assert time.monotonic() < end
            time.sleep(0.1)
            seen |= processes()
        os.kill(min(seen), signal.SIGKILL)
        survivors = seen - {min(seen)}
        now: set[int] = set()
        while not now - seen:  # until a new process answers in the place of the killed one
            assert time.monotonic() < end
            time.sleep(0.2)
            with contextlib.suppress(httpx.TransportError):
                now |= processes()
        assert survivors & (now | processes())


def gradual_migration(site: Site) -> None:
    names = {"django": "Django", "flask": "Flask", "fastapi": "FastAPI"}
    mounted = {"shop": "Flask", "office": "Django", "api": "FastAPI"}
    with browser(site) as client:
        assert client.get("/hello").json() == {"from": names[site.alternative]}
        for prefix, old in mounted.items():
            if old == names[site.alternative]:
                assert client.get(f"/{prefix}/hello").status_code == 404
                continue
            answer = client.get(f"/{prefix}/hello").json()
            assert answer["from"] == old
            assert answer["me"] == f"/{prefix}/hello"  # the old app's own links know where it is mounted
            assert client.get(f"/{prefix}/nothing").status_code == 404
            if old != "FastAPI":
                posted = client.post(f"/{prefix}/hello", data={"name": "Ada"})
                assert posted.json()["name"] == "Ada"
        if site.alternative == "fastapi":
            assert list(client.get("/openapi.json").json()["paths"]) == ["/hello"]


def hidden_fields(page: httpx.Response) -> dict[str, str]:
    """The hidden inputs of a page's forms, such as CSRF tokens."""
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]+type=.hidden.[^>]*>", page.text):
        pair = dict(re.findall(r'(name|value)="([^"]*)"', tag))
        if "name" in pair:
            fields[pair["name"]] = html.unescape(pair.get("value", ""))
    return fields


CONTRACTS: dict[str, Callable[[Site], None]] = {
    "json-api": json_api,
    "auto-docs": auto_docs,
    "validation": validation,
    "concurrent-waits": concurrent_waits,
    "websocket": websocket,
    "templates": templates,
    "database": database,
    "accounts": accounts,
    "admin": admin,
    "background-work": background_work,
    "scaling-out": scaling_out,
    "gradual-migration": gradual_migration,
}
