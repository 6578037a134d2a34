# /// script
# requires-python = ">=3.11"
# dependencies = ["django>=5.2,<7", "gunicorn>=25", "whitenoise>=6.9,<7"]
# ///
"""A back office for staff in Django: the admin is in core.

shop/admin.py is all there is to write. Login, permissions for each model, a
history of changes and CSRF protection come with it. Most settings below are
what `startproject` generates.
"""

import os
import sys

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import path
from gunicorn.app.wsgiapp import run as gunicorn

settings.configure(
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    ROOT_URLCONF=__name__,
    SECRET_KEY=os.environ.get("SECRET_KEY", "only for trying this out"),
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.messages",
        "django.contrib.sessions",
        "django.contrib.staticfiles",
        "shop",
    ],
    MIDDLEWARE=[
        "whitenoise.middleware.WhiteNoiseMiddleware",  # the admin's stylesheets
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db"}
    },
    STATIC_URL="static/",
    WHITENOISE_USE_FINDERS=True,  # serve them from the packages they are in
)
django.setup()  # models can be imported from here on

from django.contrib import admin
from django.contrib.auth.models import User
from shop.models import Product

urlpatterns = [path("admin/", admin.site.urls)]
application = get_wsgi_application()

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    if not User.objects.exists():  # usually: manage.py createsuperuser
        User.objects.create_superuser("ada", password="analytical-engine")
        Product.objects.create(name="Teapot", price="24.00", stock=3)
    # In production: gunicorn --threads=8 app:application
    sys.argv[1:] = ["--threads=8", f"{__name__}:application"]
    gunicorn()
