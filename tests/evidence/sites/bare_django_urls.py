"""The URLs of a new Django project: `startproject` wrote the rest."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import JsonResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from shop.models import Product

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from django.http import HttpRequest

ran_later: list[str] = []
tasks: list[Any] = []


def hello(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"hello": "world"})


def item(request: HttpRequest, number: int) -> JsonResponse:
    return JsonResponse({"number": number})


@csrf_exempt
@require_POST
def echo(request: HttpRequest) -> JsonResponse:
    return JsonResponse(json.loads(request.body))


def form(request: HttpRequest) -> JsonResponse:
    return JsonResponse(request.POST.dict())


def held(request: HttpRequest) -> JsonResponse:
    time.sleep(0.3)
    return JsonResponse({"threads": threading.active_count()})


async def held_async(request: HttpRequest) -> JsonResponse:
    await asyncio.sleep(0.3)
    return JsonResponse({"threads": threading.active_count()})


def wait(request: HttpRequest) -> JsonResponse:
    time.sleep(0.1)
    return JsonResponse({})


async def wait_async(request: HttpRequest) -> JsonResponse:
    await asyncio.sleep(0.1)
    return JsonResponse({})


async def wait_blocking(request: HttpRequest) -> JsonResponse:
    time.sleep(0.1)  # the mistake that the evidence is about
    return JsonResponse({})


async def later(request: HttpRequest) -> JsonResponse:
    async def work() -> None:
        await asyncio.sleep(0.05)
        ran_later.append("ran")

    tasks.append(asyncio.create_task(work()))
    return JsonResponse({})


def later_ran(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"ran": len(ran_later)})


async def ticks() -> AsyncIterator[str]:
    for _ in range(2):
        yield "tick\n"


async def stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(ticks())


def rows(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"rows": [{"id": row.id, "name": row.name} for row in Product.objects.all()[:20]]})


def used(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"seconds": time.process_time()})


urlpatterns = [
    path("admin/", admin.site.urls),
    path("hello", hello),
    path("item/<int:number>", item),
    path("echo", echo),
    path("form", form),
    path("held", held),
    path("held-async", held_async),
    path("wait", wait),
    path("wait-async", wait_async),
    path("wait-blocking", wait_blocking),
    path("later", later),
    path("later/ran", later_ran),
    path("stream", stream),
    path("rows", rows),
    path("used", used),
]
