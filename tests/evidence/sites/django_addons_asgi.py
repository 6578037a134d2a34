"""The project with Channels in front, so that WebSockets reach it."""

from __future__ import annotations

import os
import threading

os.environ["DJANGO_SETTINGS_MODULE"] = "django_addons_settings"

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path


class Echo(AsyncWebsocketConsumer):
    async def receive(self, text_data: str) -> None:
        await self.send(f"{text_data} {threading.active_count()}")


application = ProtocolTypeRouter(
    {"http": get_asgi_application(), "websocket": URLRouter([path("socket", Echo.as_asgi())])}
)
