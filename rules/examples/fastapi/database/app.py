# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "alembic>=1.16,<2", "fastapi>=0.165,<1", "sqlmodel>=0.0.50,<0.1",
#   "uvicorn>=0.50",
# ]
# ///
"""A database table with migrations in FastAPI: SQLModel and Alembic.

FastAPI has no database layer: you choose. A SQLModel class (models.py) is the
table and the checked JSON at once; `alembic revision --autogenerate` writes
the next migration. The endpoints are plain `def`: SQLAlchemy's session blocks,
so they run in threads. Over a SQL ORM FastAPI is no faster than the others.
"""

import os
from collections.abc import Iterator
from typing import Annotated

import uvicorn
from alembic import command
from alembic.config import Config
from fastapi import Depends, FastAPI
from models import NewNote, Note, NoteOut, engine
from sqlmodel import Session, col, select

app = FastAPI()


def session() -> Iterator[Session]:
    with Session(engine) as opened:
        yield opened


DB = Annotated[Session, Depends(session)]


@app.get("/notes", response_model=list[NoteOut])
def list_notes(db: DB, q: str = "") -> list[Note]:
    wanted = col(Note.text).icontains(q, autoescape=True)
    return list(db.exec(select(Note).where(wanted).order_by(col(Note.id))))


@app.post("/notes", response_model=NoteOut, status_code=201)
def add_note(db: DB, sent: NewNote) -> Note:
    note = Note.model_validate(sent)
    db.add(note)
    db.commit()
    db.refresh(note)
    return note


if __name__ == "__main__":
    command.upgrade(
        Config("alembic.ini"), "head"
    )  # in production: when deploying
    uvicorn.run(app, port=int(os.environ.get("PORT", "8000")))
