# /// script
# requires-python = ">=3.11"
# dependencies = ["django>=5.2,<7", "django-ninja>=1.7,<2", "gunicorn>=25"]
# ///
"""Documentation from the code in Django: django-ninja adds /docs.

Django alone has no API documentation. With django-ninja the type hints and
docstrings below are the OpenAPI document; projects on Django REST framework
get the same from drf-spectacular with a few lines of settings.
"""

import sys

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest
from django.urls import path
from gunicorn.app.wsgiapp import run as gunicorn

settings.configure(
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    ROOT_URLCONF=__name__,
    # For the page at /docs, whose scripts come from a public CDN; add "ninja"
    # to INSTALLED_APPS to serve them yourself.
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)

# ninja reads the settings while it is imported, so they come first.
from ninja import NinjaAPI, Path, Schema

api = NinjaAPI(title="Exchange", version="1.0.0")


class Conversion(Schema):
    currency: str
    amount: float


@api.get("/convert/{currency}", response=Conversion, tags=["money"])
def convert(
    request: HttpRequest,
    currency: Path[str],
    euros: float = 1.0,
) -> Conversion:
    """Convert euros into another currency."""
    rate = {"usd": 1.25, "gbp": 0.8}.get(currency.lower(), 1.0)
    return Conversion(currency=currency, amount=euros * rate)


urlpatterns = [path("", api.urls)]  # /docs and /openapi.json come with it
application = get_wsgi_application()

if __name__ == "__main__":
    # In production: gunicorn --threads=8 app:application
    sys.argv[1:] = ["--threads=8", f"{__name__}:application"]
    gunicorn()
