# /// script
# requires-python = ">=3.11"
# dependencies = ["django>=5.2,<7", "gevent>=25", "gunicorn[gevent]>=25"]
# ///
"""Many requests that wait at once in Django: ordinary views, gevent worker.

gevent lets another request run wherever Python code waits on a socket, so
one process holds hundreds of waits. It helps only if the libraries wait in
Python; a C driver that blocks still blocks everybody.

Why not ASGI? Django runs there, and `async def` views work, but each request
in flight still takes a thread: use it for streaming and WebSockets.
"""

from gevent import monkey

monkey.patch_all()  # first of all: what is imported below waits cooperatively

import sys
import time

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path
from gunicorn.app.wsgiapp import run as gunicorn

settings.configure(
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    ROOT_URLCONF=__name__,
)


def price(_: HttpRequest, symbol: str) -> JsonResponse:
    time.sleep(0.2)  # stands for a slow service that you call
    return JsonResponse({"symbol": symbol, "price": 42})


urlpatterns = [path("prices/<symbol>", price)]
application = get_wsgi_application()

if __name__ == "__main__":
    # In production: gunicorn --worker-class=gevent app:application
    sys.argv[1:] = ["--worker-class=gevent", f"{__name__}:application"]
    gunicorn()
