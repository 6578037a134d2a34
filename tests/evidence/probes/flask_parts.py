"""What Flask alone does and refuses, as one JSON document."""

from __future__ import annotations

import json

from flask import Flask, render_template_string, session
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
app.secret_key = "only for this probe"
app.testing = True


@app.get("/remember")
def remember() -> str:
    session["color"] = "red"
    return ""


@app.get("/recall")
def recall() -> str:
    return str(session["color"])


@app.get("/page")
def page() -> str:
    return render_template_string("{% for x in names %}<b>{{ x }}</b>{% endfor %}", names=["<i>"])


@app.get("/async")
async def wait() -> str:
    return ""


def async_view() -> str:
    """The name of the exception that an async view raises where asgiref is missing."""
    try:
        app.test_client().get("/async")
    except RuntimeError as failure:
        return type(failure).__name__
    return ""


browser = app.test_client()
browser.get("/remember")
hashed = generate_password_hash("battery staple")
print(
    json.dumps(
        {
            "settings": len(Flask.default_config),
            "templates": {"page": browser.get("/page").text},
            "async view": async_view(),
            "accounts": {
                "hashes passwords": check_password_hash(hashed, "battery staple"),
                "signed sessions": browser.get("/recall").text == "red",
            },
        }
    )
)
