# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "flask>=3.1,<4", "flask-migrate>=4.1,<5", "flask-sqlalchemy>=3.1,<4",
#   "gunicorn>=25",
# ]
# ///
"""A database table with migrations in Flask: SQLAlchemy and Alembic.

Flask has no database layer and will not get one: you choose. This is the
usual choice: Flask-SQLAlchemy for a session per request, Flask-Migrate for
`flask --app app db migrate`, which writes the next migration.
"""

import sys
from datetime import UTC, datetime

from flask import Flask, request
from flask_migrate import Migrate, upgrade
from flask_sqlalchemy import SQLAlchemy
from gunicorn.app.wsgiapp import run as gunicorn
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///notes.sqlite3"


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(app, model_class=Base)
Migrate(app, db)


class Note(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(200))
    created: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))


@app.get("/notes")
def list_notes() -> list[dict[str, int | str]]:
    wanted = Note.text.icontains(request.args.get("q", ""), autoescape=True)
    found = db.session.scalars(db.select(Note).where(wanted).order_by(Note.id))
    return [{"id": note.id, "text": note.text} for note in found]


@app.post("/notes")
def add_note() -> tuple[dict[str, int | str], int]:
    note = Note(text=request.get_json()["text"])
    db.session.add(note)
    db.session.commit()
    return {"id": note.id, "text": note.text}, 201


if __name__ == "__main__":
    with app.app_context():
        upgrade()  # in production: `flask db upgrade` when deploying
    sys.argv[1:] = ["--threads=8", f"{__name__}:app"]
    gunicorn()
