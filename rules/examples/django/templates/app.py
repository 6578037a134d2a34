# /// script
# requires-python = ">=3.11"
# dependencies = ["django>=5.2,<7", "gunicorn>=25"]
# ///
"""A page with a form in Django: templates, forms and CSRF are in core.

The form checks, shows its own mistakes and renders itself; the middleware
refuses a post from another site and sets the usual security headers.
"""

import os
import secrets
import sys

from django import forms
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from gunicorn.app.wsgiapp import run as gunicorn

settings.configure(
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    ROOT_URLCONF=__name__,
    SECRET_KEY=os.environ.get("SECRET_KEY") or secrets.token_hex(32),
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": ["templates"],
        }
    ],
)


class Entry(forms.Form):
    name = forms.CharField(max_length=40)


ENTRIES: list[str] = ["Ada"]


def guest_book(request: HttpRequest) -> HttpResponse:
    form = Entry(request.POST or None)
    if form.is_valid():
        ENTRIES.append(form.cleaned_data["name"])
        return redirect("guest-book")
    context = {"entries": ENTRIES, "form": form}
    return render(request, "guest_book.html", context)


urlpatterns = [path("", guest_book, name="guest-book")]
application = get_wsgi_application()

if __name__ == "__main__":
    # In production: gunicorn --threads=8 app:application
    sys.argv[1:] = ["--threads=8", f"{__name__}:application"]
    gunicorn()
