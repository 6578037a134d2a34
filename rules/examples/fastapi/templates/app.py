# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "fastapi>=0.165,<1", "jinja2>=3.1", "python-multipart>=0.0.20",
#   "uvicorn>=0.50",
# ]
# ///
"""A page with a form in FastAPI: Jinja and the form parser are installed.

There are no form classes and no CSRF protection. `same_site` below is a
short one: browsers name the page that posts in the Origin header. Showing
mistakes beside their field and security headers are your code, too.
"""

import os
from typing import Annotated
from urllib.parse import urlsplit

import uvicorn
from fastapi import Depends, FastAPI, Form, Header, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.templating import Jinja2Templates

app = FastAPI(openapi_url=None)  # pages for people need no API document
templates = Jinja2Templates("templates")

ENTRIES: list[str] = ["Ada"]


def same_site(
    host: Annotated[str, Header()],
    origin: Annotated[str | None, Header()] = None,
) -> None:
    if origin is not None and urlsplit(origin).netloc != host:
        raise HTTPException(403, "sent from another site")


@app.get("/")
def guest_book(request: Request, mistake: str = "") -> Response:
    context = {"entries": ENTRIES, "mistake": mistake}
    return templates.TemplateResponse(request, "guest_book.html", context)


@app.post("/", dependencies=[Depends(same_site)])
def sign(request: Request, name: Annotated[str, Form()] = "") -> Response:
    if not 0 < len(name.strip()) <= 40:
        return guest_book(request, mistake="Between 1 and 40 letters, please.")
    ENTRIES.append(name.strip())
    return RedirectResponse("/", status_code=303)


if __name__ == "__main__":
    # In production: uvicorn app:app
    uvicorn.run(app, port=int(os.environ.get("PORT", "8000")))
