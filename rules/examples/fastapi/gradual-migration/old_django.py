"""Stands for the Django site that you have; nothing in it changes."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path, reverse

settings.configure(
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    ROOT_URLCONF=__name__,
)


def hello(request: HttpRequest) -> JsonResponse:
    name = request.POST.get("name", "")
    me = reverse("hello")
    return JsonResponse({"from": "Django", "me": me, "name": name})


urlpatterns = [path("hello", hello, name="hello")]
application = get_wsgi_application()
