# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "flask>=3.1,<4", "flask-admin>=2.2,<3", "flask-sqlalchemy>=3.1,<4",
#   "flask-wtf>=1.3,<2", "gunicorn>=25",
# ]
# ///
"""A back office for staff in Flask: Flask-Admin over your SQLAlchemy models.

Flask-Admin makes list, search and forms from a model. It is open to everybody
until you say who may enter, and its forms have CSRF protection only with
SecureForm: both are done here. One password stands for real accounts.
"""

import os
import secrets
import sys
from decimal import Decimal

from flask import Flask, redirect, render_template_string, session, url_for
from flask_admin import Admin, AdminIndexView
from flask_admin.contrib.sqla import ModelView
from flask_admin.form import SecureForm
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import FlaskForm
from gunicorn.app.wsgiapp import run as gunicorn
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from werkzeug.wrappers import Response
from wtforms import PasswordField

PASSWORD = os.environ.get("ADMIN_PASSWORD", "analytical-engine")

app = Flask(__name__)
app.secret_key = os.environ.get("SECRET_KEY") or secrets.token_hex(32)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///db.sqlite3"


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(app, model_class=Base)


class Product(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    price: Mapped[Decimal]
    stock: Mapped[int] = mapped_column(default=0)


class StaffOnly:
    def is_accessible(self) -> bool:
        return session.get("staff", False)

    def inaccessible_callback(self, name: str, **kwargs: object) -> Response:
        return redirect(url_for("login"))


class Home(StaffOnly, AdminIndexView):
    pass


class Products(StaffOnly, ModelView):
    form_base_class = SecureForm
    column_searchable_list = ["name"]
    column_editable_list = ["stock"]


class Login(FlaskForm):
    password = PasswordField()


@app.route("/login", methods=["GET", "POST"])
def login() -> str | Response:
    form = Login()
    if form.validate_on_submit():
        sent = (form.password.data or "").encode()
        session["staff"] = secrets.compare_digest(sent, PASSWORD.encode())
        return redirect(url_for("admin.index"))
    page = "<form method=post>{{ form.csrf_token }} {{ form.password }}</form>"
    return render_template_string(page, form=form)


admin = Admin(app, name="Shop", index_view=Home())
admin.add_view(Products(Product, db))

if __name__ == "__main__":
    with app.app_context():
        db.create_all()  # migrations: see the `database` example
        if not db.session.query(Product).count():
            teapot = Product(name="Teapot", price=Decimal(24), stock=3)
            db.session.add(teapot)
            db.session.commit()
    # In production: gunicorn --threads=8 app:app
    sys.argv[1:] = ["--threads=8", f"{__name__}:app"]
    gunicorn()
