"""The app under test: it asks a service outside for a price."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils.module_loading import import_string

settings.configure(
    ROOT_URLCONF=__name__,
    MARKET="app.Market",  # named in the settings, so that tests can change it
)


class Market:
    def price(self, symbol: str) -> int | None:
        raise ConnectionError("a test must never call the real market")


def price(_: HttpRequest, symbol: str) -> JsonResponse:
    market: Market = import_string(settings.MARKET)()
    try:
        found = market.price(symbol)
    except ConnectionError:
        return JsonResponse({"error": "no answer"}, status=502)
    if found is None:
        return JsonResponse({"error": "no such symbol"}, status=404)
    return JsonResponse({"price": found})


urlpatterns = [path("prices/<symbol>", price)]
