# /// script
# requires-python = ">=3.11"
# dependencies = ["django>=5.2,<7", "gunicorn>=25", "whitenoise>=6.9,<7"]
# ///
"""A back office for staff in Django: the admin is in core.

The class below is all there is to write for a model. Login, permissions for
each model, a history of changes and CSRF protection come with it; settings.py
and urls.py are what a new project has.
"""

import os
import sys

import django
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from gunicorn.app.wsgiapp import run as gunicorn

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
django.setup()  # models can be imported from here on

from django.contrib import admin
from django.contrib.auth.models import User
from shop.models import Product


@admin.register(Product)  # usually in shop/admin.py, which Django finds
class ProductAdmin(admin.ModelAdmin):
    list_display = ["name", "price", "stock"]
    list_editable = ["stock"]
    search_fields = ["name"]


application = get_wsgi_application()

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    if not User.objects.exists():  # usually: manage.py createsuperuser
        User.objects.create_superuser("ada", password="analytical-engine")
        Product.objects.create(name="Teapot", price="24.00", stock=3)
    # In production: gunicorn --threads=8 app:application
    sys.argv[1:] = ["--threads=8", f"{__name__}:application"]
    gunicorn()
