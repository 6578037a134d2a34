"""A Django site whose data lives elsewhere: DATABASES is empty. Which of the default parts still answer?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.urls import path

if TYPE_CHECKING:
    from django.http import HttpRequest

settings.configure(
    ALLOWED_HOSTS=["testserver"],
    SECRET_KEY="only for this probe",
    DATABASES={},
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
)
django.setup()

from django.contrib import admin  # noqa: E402  # needs the apps
from django.contrib.auth.models import User  # noqa: E402  # as above
from django.test import Client  # noqa: E402  # as above


def hello(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"hello": "world"})


def remember(request: HttpRequest) -> HttpResponse:
    request.session["color"] = "red"
    return HttpResponse("kept")


urlpatterns = [path("hello", hello), path("remember", remember), path("admin/", admin.site.urls)]


def outcome(act: Any) -> str:
    """The answer's status, or the name of the exception."""
    try:
        return str(act().status_code)
    except Exception as failure:  # whatever it is, its name is the fact
        return type(failure).__name__


browser = Client()
print(
    json.dumps(
        {
            "plain view": outcome(lambda: browser.get("/hello")),
            "session": outcome(lambda: browser.get("/remember")),
            "login page of the admin": outcome(
                lambda: browser.post("/admin/login/", {"username": "root", "password": "x"})
            ),
            "user": outcome(lambda: User.objects.create_user("clerk")),
        }
    )
)
