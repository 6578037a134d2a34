"""What FastAPI alone does and refuses, as one JSON document."""

from __future__ import annotations

import inspect
import json
from typing import Annotated

from fastapi import Depends, FastAPI, Form
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
bearer = OAuth2PasswordBearer(tokenUrl="token")


@app.get("/mine")
def mine(token: Annotated[str, Depends(bearer)]) -> str:
    return token


def form_input() -> str:
    """The name of the exception that a form field raises where its parser is missing."""
    try:

        @app.post("/form")
        def form(name: Annotated[str, Form()]) -> str:
            return name

    except RuntimeError as failure:
        return type(failure).__name__
    return ""


print(
    json.dumps(
        {
            "settings": len(inspect.signature(FastAPI).parameters),
            "form input": form_input(),
            "accounts": {"security schemes": list(app.openapi()["components"]["securitySchemes"])},
        }
    )
)
