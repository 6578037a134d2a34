# /// script
# requires-python = ">=3.11"
# dependencies = ["flask>=3.1,<4", "flask-sock>=0.7", "gunicorn>=25"]
# ///
"""A chat room over WebSockets in Flask: flask-sock, one thread per socket.

Flask alone has no WebSockets. flask-sock keeps the style of a view, and every
open socket holds one of gunicorn's threads (or, without threads, a whole
worker): fine for dozens, not thousands.
Many sockets: Flask-SocketIO with gevent, Quart, or another framework.
"""

import sys
from threading import Lock

from flask import Flask
from flask_sock import Sock
from gunicorn.app.wsgiapp import run as gunicorn
from simple_websocket import ConnectionClosed, Server

app = Flask(__name__)
sock = Sock(app)
room: set[Server] = set()
room_lock = Lock()  # sockets come and go in different threads


@sock.route("/chat")
def chat(socket: Server) -> None:
    with room_lock:
        room.add(socket)
    try:
        while True:  # ends with ConnectionClosed when the client leaves
            tell_everybody(socket.receive())
    finally:
        with room_lock:
            room.discard(socket)


def tell_everybody(text: str) -> None:
    with room_lock:
        for member in list(room):
            try:
                member.send(text)
            except ConnectionClosed:
                room.discard(member)


if __name__ == "__main__":
    # In production: gunicorn --threads=100 app:app
    sys.argv[1:] = ["--threads=100", f"{__name__}:app"]
    gunicorn()
