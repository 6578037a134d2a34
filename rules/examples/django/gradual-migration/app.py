# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "a2wsgi>=1.10,<2", "django>=5.2,<7", "fastapi>=0.165,<1", "flask>=3.1,<4",
#   "gunicorn>=25",
# ]
# ///
"""From Flask or FastAPI to Django, one route at a time, in one process.

A Flask site speaks WSGI like Django: it is mounted as it is. A FastAPI app
needs an adapter, which holds a thread for each of its requests and cannot
pass on WebSockets: keep it on its own server if it needs its concurrency.
"""

import sys

from a2wsgi import ASGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path
from gunicorn.app.wsgiapp import run as gunicorn
from old_fastapi import app as old_fastapi
from old_flask import app as old_flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

settings.configure(
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    ROOT_URLCONF=__name__,
)


def hello(_: HttpRequest) -> JsonResponse:
    return JsonResponse({"from": "Django"})


urlpatterns = [path("hello", hello)]

application = get_wsgi_application()


def with_old_apps() -> DispatcherMiddleware:
    """Made in every worker: an adapter's event loop would not survive forks."""
    return DispatcherMiddleware(
        application,  # everything that does not begin with one of these
        {"/shop": old_flask, "/api": ASGIMiddleware(old_fastapi)},
    )


if __name__ == "__main__":
    # In production: gunicorn --threads=20 "app:with_old_apps()"
    sys.argv[1:] = ["--threads=20", f"{__name__}:with_old_apps()"]
    gunicorn()
