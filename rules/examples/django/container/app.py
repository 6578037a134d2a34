import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path

settings.configure(
    # The health check asks by address; name your own hosts in the environment.
    ALLOWED_HOSTS=["127.0.0.1", *os.environ["ALLOWED_HOSTS"].split(",")],
    ROOT_URLCONF=__name__,
)


def hello(_: HttpRequest) -> JsonResponse:
    return JsonResponse({"hello": os.environ.get("GREETED", "container")})


def health(_: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


urlpatterns = [path("", hello), path("healthz", health)]
application = get_wsgi_application()
