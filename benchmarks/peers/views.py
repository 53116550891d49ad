"""Hand-written Django views. They parse, and check nothing."""

from __future__ import annotations

import json

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from benchmarks.peers.cases import MESSAGE, TITLE, posts


def hello(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"message": MESSAGE})


def post(request: HttpRequest, id: int) -> JsonResponse:
    return JsonResponse({"id": id, "title": TITLE})


@csrf_exempt
def echo(request: HttpRequest) -> JsonResponse:
    return JsonResponse(json.loads(request.body))


def every_post(request: HttpRequest) -> JsonResponse:
    return JsonResponse(posts(), safe=False)


urlpatterns = [
    path("api/hello", hello),
    path("api/posts/<int:id>", post),
    path("api/orders", echo),
    path("api/posts", every_post),
]
