# /// script
# requires-python = ">=3.11"
# dependencies = ["fastapi>=0.165,<1", "uvicorn>=0.50"]
# ///
"""A JSON API with FastAPI alone: the type hints are the checks.

What Django and Flask do by hand here (read the body, check it, answer with
a 4xx that says why) comes from the `NewBook` class; /docs comes with it.
"""

import os

import uvicorn
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI(title="Books")


class NewBook(BaseModel):
    title: str
    pages: int


class Book(NewBook):
    id: int


BOOKS: dict[int, Book] = {1: Book(id=1, title="Dune", pages=412)}


@app.get("/books")
async def list_books() -> list[Book]:
    return list(BOOKS.values())


@app.get("/books/{book_id}")
async def show_book(book_id: int) -> Book:
    if book_id not in BOOKS:
        raise HTTPException(404, "no such book")
    return BOOKS[book_id]


@app.post("/books", status_code=201)
async def add_book(sent: NewBook) -> Book:
    book = Book(id=len(BOOKS) + 1, **sent.model_dump())
    BOOKS[book.id] = book
    return book


if __name__ == "__main__":
    # In production: uvicorn app:app
    uvicorn.run(app, port=int(os.environ.get("PORT", "8000")))
