# /// script
# requires-python = ">=3.11"
# dependencies = ["django>=5.2,<7", "django-ninja>=1.7,<2", "gunicorn>=25"]
# ///
"""Typed requests and responses in Django: django-ninja's schemas.

Django's own Form and ModelForm check browser forms very well, JSON bodies
they do not read. A ninja Schema is a Pydantic model: the same checks, and
the same 422 with the place of each mistake, as in FastAPI.
"""

import sys
from decimal import Decimal
from typing import Annotated

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest
from django.urls import path
from gunicorn.app.wsgiapp import run as gunicorn

settings.configure(
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    ROOT_URLCONF=__name__,
)

# ninja reads the settings while it is imported, so they come first.
from ninja import NinjaAPI, Schema, Status
from pydantic import ConfigDict, Field

api = NinjaAPI(title="Orders")


class Order(Schema):
    # A misspelt field is an error instead of being dropped silently.
    model_config = ConfigDict(extra="forbid")

    sku: Annotated[str, Field(pattern=r"^[A-Z]{2}-\d{3}$")]
    quantity: Annotated[int, Field(gt=0, le=100)]
    price: Annotated[Decimal, Field(gt=0, decimal_places=2)]


class Receipt(Schema):
    sku: str
    total: Decimal


@api.post("/orders", response={201: Receipt})
def place_order(request: HttpRequest, order: Order) -> Status:
    # Only a valid order gets here, and only a Receipt's fields get out.
    total = order.quantity * order.price
    return Status(201, Receipt(sku=order.sku, total=total))


urlpatterns = [path("", api.urls)]
application = get_wsgi_application()

if __name__ == "__main__":
    # In production: gunicorn --threads=8 app:application
    sys.argv[1:] = ["--threads=8", f"{__name__}:application"]
    gunicorn()
