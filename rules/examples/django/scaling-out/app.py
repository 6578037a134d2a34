# /// script
# requires-python = ">=3.11"
# dependencies = ["django>=5.2,<7", "gunicorn>=25"]
# ///
"""Several processes in Django: gunicorn.conf.py is the whole of it.

Behind a load balancer the same goes for several machines, in every framework
alike: what the processes share (sessions, cache, files) must live outside.
Django keeps sessions in the database and has cache backends for Redis in core.
"""

import hashlib
import os
import sys

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path
from gunicorn.app.wsgiapp import run as gunicorn

settings.configure(
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    ROOT_URLCONF=__name__,
)


def work(_: HttpRequest) -> JsonResponse:
    # Computing keeps a process busy: only more processes help, not threads.
    key = hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 50_000)
    return JsonResponse({"process": os.getpid(), "key": key.hex()[:8]})


def health(_: HttpRequest) -> JsonResponse:
    # For the load balancer: alive, without touching the database or others.
    return JsonResponse({"status": "ok"})


urlpatterns = [path("work", work), path("healthz", health)]
application = get_wsgi_application()

if __name__ == "__main__":
    # In production: gunicorn app:application
    sys.argv[1:] = [f"{__name__}:application"]
    gunicorn()
