"""Flask with the add-ons that most sites take: sockets, database, admin, log-in and forms."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_login import LoginManager, UserMixin, login_required, login_user
from flask_migrate import Migrate
from flask_sock import Sock
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect, generate_csrf
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

if TYPE_CHECKING:
    from simple_websocket import Server


class Base(DeclarativeBase):
    pass


# The extension would put a relative database beside this file.
app = Flask(__name__, instance_path=str(Path.cwd()))
app.config.update(SECRET_KEY="only for this site", SQLALCHEMY_DATABASE_URI="sqlite:///addons.sqlite3")
db = SQLAlchemy(app, model_class=Base)
Migrate(app, db)
socket = Sock(app)
guard = CSRFProtect(app)
logins = LoginManager(app)
admin = Admin(app)


class Product(db.Model):  # type: ignore[name-defined]  # the extension makes the class at run time
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Clerk(UserMixin):
    id = "clerk"


admin.add_view(ModelView(Product, db))
logins.user_loader(lambda _: Clerk())


@app.get("/hello")
def hello() -> dict[str, Any]:
    return {"hello": "world"}


@app.get("/token")
def token() -> str:
    return str(generate_csrf())


@app.post("/form")
def form() -> dict[str, Any]:
    return dict(request.form)


@app.post("/login")
def login() -> str:
    login_user(Clerk())
    return "in"


@app.get("/private")
@login_required
def private() -> str:
    return "for clerks"


@socket.route("/socket")
def echo(link: Server) -> None:
    while True:
        link.send(f"{link.receive()} {threading.active_count()}")
