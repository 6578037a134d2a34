# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "flask>=3.1,<4", "flask-login>=0.6.3", "flask-wtf>=1.3,<2", "gunicorn>=25",
# ]
# ///
"""Accounts in Flask: Flask-Login keeps the session, the rest is yours.

Flask has signed cookies and (in Werkzeug) password hashing. Where users are
stored, what they may do, and the forms are your code; Flask-Security brings
more of it ready made.
"""

import os
import secrets
import sys

from flask import Flask, abort, redirect, render_template, url_for
from flask_login import (
    LoginManager,
    UserMixin,
    current_user,
    login_required,
    login_user,
)
from flask_wtf import FlaskForm
from gunicorn.app.wsgiapp import run as gunicorn
from werkzeug.security import check_password_hash, generate_password_hash
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

app = Flask(__name__)
app.secret_key = os.environ.get("SECRET_KEY") or secrets.token_hex(32)
logins = LoginManager(app)
logins.login_view = "login"


class User(UserMixin):
    def __init__(self, name: str, password: str, may: set[str]) -> None:
        self.id = name
        self.password = generate_password_hash(password)
        self.may = may


USERS = {  # stands for a table: see the `database` example
    "ada": User("ada", "analytical-engine", {"view members"}),
    "bob": User("bob", "just-a-visitor", set()),
}
NOBODY = User("", secrets.token_hex(), set())


@logins.user_loader
def load_user(name: str) -> User | None:
    return USERS.get(name)


class Login(FlaskForm):
    username = StringField(validators=[InputRequired()])
    password = PasswordField(validators=[InputRequired()])


@app.route("/login", methods=["GET", "POST"])
def login() -> str | Response:
    form = Login()
    if form.validate_on_submit():
        # An unknown name takes as long as a wrong password.
        user = USERS.get(form.username.data, NOBODY)
        if check_password_hash(user.password, form.password.data):
            login_user(user)
            return redirect(url_for("me"))
        form.password.errors = ["Wrong name or password."]
    return render_template("login.html", form=form)


@app.get("/me")
@login_required
def me() -> str:
    return f"Hello {current_user.id}\n"


@app.get("/members")
@login_required
def members() -> str:
    if "view members" not in current_user.may:
        abort(403)
    return f"Members: {', '.join(sorted(USERS))}\n"


if __name__ == "__main__":
    # In production: gunicorn --threads=8 app:app
    sys.argv[1:] = ["--threads=8", f"{__name__}:app"]
    gunicorn()
