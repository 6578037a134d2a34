# /// script
# requires-python = ">=3.11"
# dependencies = ["flask>=3.1,<4", "gunicorn>=25"]
# ///
"""A JSON API with Flask alone: little to read, and every check is your code.

A returned dict or list becomes JSON; nothing checks what was sent.
With APIFlask it is declared instead: see the `validation` example.
"""

import sys
from typing import TypedDict

from flask import Flask, abort, request
from gunicorn.app.wsgiapp import run as gunicorn
from werkzeug.exceptions import HTTPException

app = Flask(__name__)


class Book(TypedDict):
    id: int
    title: str
    pages: int


BOOKS: dict[int, Book] = {1: {"id": 1, "title": "Dune", "pages": 412}}


@app.get("/books")
def list_books() -> list[Book]:
    return list(BOOKS.values())


@app.get("/books/<int:book_id>")
def show_book(book_id: int) -> Book:
    if book_id not in BOOKS:
        abort(404, "no such book")
    return BOOKS[book_id]


@app.post("/books")
def add_book() -> tuple[Book, int]:
    sent = request.get_json()
    try:
        title, pages = str(sent["title"]), int(sent["pages"])
    except (ValueError, KeyError, TypeError):
        abort(400, "send a title and pages")
    book = Book(id=len(BOOKS) + 1, title=title, pages=pages)
    BOOKS[book["id"]] = book
    return book, 201


@app.errorhandler(HTTPException)  # without it, errors are HTML pages
def error_as_json(error: HTTPException) -> tuple[dict[str, str | None], int]:
    return {"error": error.description}, error.code or 500


if __name__ == "__main__":
    # In production: gunicorn --threads=8 app:app
    sys.argv[1:] = ["--threads=8", f"{__name__}:app"]
    gunicorn()
