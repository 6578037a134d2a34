"""Stands for the Flask site that you have; nothing in it changes."""

from flask import Flask, request, url_for

app = Flask(__name__)


@app.route("/hello", methods=["GET", "POST"])
def hello() -> dict[str, str]:
    name = request.form.get("name", "")
    return {"from": "Flask", "me": url_for("hello"), "name": name}
