# /// script
# requires-python = ">=3.11"
# dependencies = ["django>=5.2,<7", "gunicorn>=25"]
# ///
"""Accounts in Django: users, login, groups and permissions are in core.

So are password hashing and strength checks, sessions, and (not shown) the
pages for changing and resetting a password. settings.py is what a new
project has.
"""

import os
import sys

import django
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from gunicorn.app.wsgiapp import run as gunicorn

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
django.setup()  # models can be imported from here on

from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import Permission, User
from django.contrib.auth.views import LoginView


@login_required
def me(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"Hello {request.user.get_username()}\n")


@login_required
@permission_required("auth.view_user", raise_exception=True)
def members(_: HttpRequest) -> HttpResponse:
    names = User.objects.order_by("username").values_list("username", flat=True)
    return HttpResponse(f"Members: {', '.join(names)}\n")


urlpatterns = [
    path("login", LoginView.as_view(template_name="login.html")),
    path("me", me),
    path("members", members),
]
application = get_wsgi_application()

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    if not User.objects.exists():  # two people to try it with
        ada = User.objects.create_user("ada", password="analytical-engine")
        ada.user_permissions.add(Permission.objects.get(codename="view_user"))
        User.objects.create_user("bob", password="just-a-visitor")
    # In production: gunicorn --threads=8 app:application
    sys.argv[1:] = ["--threads=8", f"{__name__}:application"]
    gunicorn()
