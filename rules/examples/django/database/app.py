# /// script
# requires-python = ">=3.11"
# dependencies = ["django>=5.2,<7", "gunicorn>=25"]
# ///
"""A database table with migrations in Django: ORM and migrations in core.

Change notes/models.py, then `uv run app.py makemigrations` writes the next
migration. PostgreSQL, MySQL and Oracle are a change of DATABASES.
"""

import json
import sys

import django
from django.conf import settings
from django.core.management import call_command, execute_from_command_line
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path
from gunicorn.app.wsgiapp import run as gunicorn

settings.configure(
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["notes"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": "notes.sqlite3",
            "CONN_MAX_AGE": 60,  # the default, 0, connects for every request
        }
    },
)
django.setup()  # models can be imported from here on

from notes.models import Note


def notes(request: HttpRequest) -> JsonResponse:
    if request.method == "POST":
        note = Note.objects.create(text=json.loads(request.body)["text"])
        return JsonResponse({"id": note.pk, "text": note.text}, status=201)
    found = Note.objects.filter(text__icontains=request.GET.get("q", ""))
    return JsonResponse(list(found.values("id", "text")), safe=False)


urlpatterns = [path("notes", notes)]
application = get_wsgi_application()

if __name__ == "__main__":
    if sys.argv[1:]:  # app.py makemigrations, app.py dbshell, …
        execute_from_command_line(sys.argv)
        sys.exit()
    call_command("migrate", verbosity=0)  # in production: a step of deployment
    sys.argv[1:] = ["--threads=8", f"{__name__}:application"]
    gunicorn()
