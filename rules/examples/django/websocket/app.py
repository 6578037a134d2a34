# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "channels>=4.3,<5", "django>=5.2,<7", "uvicorn>=0.50", "websockets>=15",
# ]
# ///
"""A chat room over WebSockets in Django: Channels, served over ASGI.

Django alone refuses a WebSocket. Channels adds consumers (a view for a
socket) and a channel layer that carries messages between consumers: in
memory here, in Redis (channels-redis) as soon as there are two processes.
"""

import os

import uvicorn
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    ROOT_URLCONF=__name__,
    CHANNEL_LAYERS={
        "default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    },
)


class Chat(AsyncWebsocketConsumer):
    groups = ["room"]  # joined on connect, left on disconnect

    async def receive(
        self, text_data: str | None = None, bytes_data: bytes | None = None
    ) -> None:
        message = {"type": "chat.message", "text": text_data}
        await self.channel_layer.group_send("room", message)

    async def chat_message(self, event: dict[str, str]) -> None:
        await self.send(text_data=event["text"])


urlpatterns: list[object] = []  # ordinary pages go here
application = ProtocolTypeRouter(
    {
        "http": get_asgi_application(),
        "websocket": URLRouter([path("chat", Chat.as_asgi())]),
    }
)

if __name__ == "__main__":
    # In production: uvicorn app:application
    uvicorn.run(application, port=int(os.environ.get("PORT", "8000")))
