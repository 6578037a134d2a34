# /// script
# requires-python = ">=3.11"
# dependencies = ["flask>=3.1,<4", "flask-wtf>=1.3,<2", "gunicorn>=25"]
# ///
"""A page with a form in Flask: Jinja is in core, forms and CSRF are added.

Without Flask-WTF, a post from another site would be accepted. Security
headers are yours to set (or Flask-Talisman's).
"""

import os
import secrets
import sys

from flask import Flask, redirect, render_template, url_for
from flask_wtf import CSRFProtect, FlaskForm
from gunicorn.app.wsgiapp import run as gunicorn
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

app = Flask(__name__)
app.secret_key = os.environ.get("SECRET_KEY") or secrets.token_hex(32)
CSRFProtect(app)  # for every form of the app, not only those made with WTForms


class Entry(FlaskForm):
    name = StringField("Name", [InputRequired(), Length(max=40)])


ENTRIES: list[str] = ["Ada"]


@app.route("/", methods=["GET", "POST"])
def guest_book() -> str | Response:
    form = Entry()
    if form.validate_on_submit():
        ENTRIES.append(form.name.data or "")
        return redirect(url_for("guest_book"))
    return render_template("guest_book.html", entries=ENTRIES, form=form)


if __name__ == "__main__":
    # In production: gunicorn --threads=8 app:app
    sys.argv[1:] = ["--threads=8", f"{__name__}:app"]
    gunicorn()
