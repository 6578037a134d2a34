# /// script
# requires-python = ">=3.11"
# dependencies = ["django>=5.2,<7", "gunicorn>=25"]
# ///
"""A JSON API with Django alone: routing, methods and status codes by hand.

Django ships no JSON layer, so reading and checking the body is your code.
With django-ninja it is declared instead: see the `validation` example.
"""

import json
import sys
from typing import TypedDict

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods
from gunicorn.app.wsgiapp import run as gunicorn

# One file is enough for Django, too; `startproject` spreads this over five.
settings.configure(
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
)


class Book(TypedDict):
    id: int
    title: str
    pages: int


BOOKS: dict[int, Book] = {1: {"id": 1, "title": "Dune", "pages": 412}}


@require_http_methods(["GET", "POST"])
def books(request: HttpRequest) -> JsonResponse:
    if request.method == "GET":
        return JsonResponse(list(BOOKS.values()), safe=False)
    try:
        sent = json.loads(request.body)
        title, pages = str(sent["title"]), int(sent["pages"])
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": "send a title and pages"}, status=400)
    book = Book(id=len(BOOKS) + 1, title=title, pages=pages)
    BOOKS[book["id"]] = book
    return JsonResponse(book, status=201)


@require_GET
def book(_: HttpRequest, book_id: int) -> JsonResponse:
    if book_id not in BOOKS:
        return JsonResponse({"error": "no such book"}, status=404)
    return JsonResponse(BOOKS[book_id])


urlpatterns = [path("books", books), path("books/<int:book_id>", book)]
application = get_wsgi_application()

if __name__ == "__main__":
    # In production: gunicorn --threads=8 app:application
    sys.argv[1:] = ["--threads=8", f"{__name__}:application"]
    gunicorn()
