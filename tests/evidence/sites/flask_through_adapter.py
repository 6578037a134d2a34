"""The bare Flask site behind the adapter that Flask's documentation names for asynchronous servers."""

from __future__ import annotations

from asgiref.wsgi import WsgiToAsgi
from bare_flask import app

application = WsgiToAsgi(app)
