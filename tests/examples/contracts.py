"""What every example of a topic has to do, whatever the framework: the same task, driven from outside."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx

from .serving import Site


def json_api(site: Site) -> None:
    with httpx.Client(base_url=site.url) as client:
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
    with httpx.Client(base_url=site.url) as client:
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
    with httpx.Client(base_url=site.url) as client:
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
    """Forty waits of 0.2 s are eight seconds in turn; all at once they take little more than one of them."""
    clients = 40
    with httpx.Client(base_url=site.url, limits=httpx.Limits(max_connections=clients), timeout=30) as client:
        assert client.get("/prices/warm-up").json() == {"symbol": "warm-up", "price": 42}
        with ThreadPoolExecutor(clients) as pool:
            begin = time.monotonic()
            answers = list(pool.map(lambda number: client.get(f"/prices/{number}").json(), range(clients)))
            elapsed = time.monotonic() - begin
    assert [answer["symbol"] for answer in answers] == [str(number) for number in range(clients)]
    assert 0.2 <= elapsed < 4.0


CONTRACTS: dict[str, Callable[[Site], None]] = {
    "json-api": json_api,
    "auto-docs": auto_docs,
    "validation": validation,
    "concurrent-waits": concurrent_waits,
}
