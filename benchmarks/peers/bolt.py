"""django-bolt: async functions with annotations, which its own server calls."""

from __future__ import annotations

import os
from typing import Any

import msgspec
from django_bolt import BoltAPI

from benchmarks.peers.cases import MESSAGE, TITLE, posts
from benchmarks.peers.structs import Order


class Message(msgspec.Struct):
    message: str


class Title(msgspec.Struct):
    id: int
    title: str


class Post(msgspec.Struct):
    id: int
    slug: str
    title: str
    author: str
    published: bool
    views: int
    tags: list[str]


# The settings' middleware only where it is asked for: without it, Django has no part in a request. Its documentation
# leaves this one out, since it asks an API's caller for a token.
NOT_FOR_AN_API = "django.middleware.csrf.CsrfViewMiddleware"
has_middleware = os.environ["BENCHMARKS_MIDDLEWARE"] == "default"
api = BoltAPI(django_middleware={"exclude": [NOT_FOR_AN_API]} if has_middleware else None)


@api.get("/api/hello", response_model=Message)
async def hello() -> Any:
    return {"message": MESSAGE}


@api.get("/api/posts/{id}", response_model=Title)
async def post(id: int) -> Any:
    return {"id": id, "title": TITLE}


@api.post("/api/orders", response_model=Order)
async def echo(order: Order) -> Any:
    return order


@api.get("/api/posts", response_model=list[Post])
async def every_post() -> Any:
    return posts()
