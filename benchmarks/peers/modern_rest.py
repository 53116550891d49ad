"""django-modern-rest: controllers with msgspec, as its documentation recommends for speed."""

from __future__ import annotations

from http import HTTPStatus
from typing import TypedDict

from dmr import Body, Controller, Path, modify
from dmr.plugins.msgspec import MsgspecSerializer
from dmr.routing import Router, path

from benchmarks.peers.cases import MESSAGE, TITLE, posts
from benchmarks.peers.structs import Order


class Message(TypedDict):
    message: str


class Key(TypedDict):
    id: int


class Title(TypedDict):
    id: int
    title: str


class Post(TypedDict):
    id: int
    slug: str
    title: str
    author: str
    published: bool
    views: int
    tags: list[str]


class HelloController(Controller[MsgspecSerializer]):
    def get(self) -> Message:
        return {"message": MESSAGE}


class PostController(Controller[MsgspecSerializer]):
    def get(self, parsed_path: Path[Key]) -> Title:
        return {"id": parsed_path["id"], "title": TITLE}


class OrderController(Controller[MsgspecSerializer]):
    @modify(status_code=HTTPStatus.OK)
    def post(self, parsed_body: Body[Order]) -> Order:
        return parsed_body


class PostsController(Controller[MsgspecSerializer]):
    def get(self) -> list[Post]:
        return posts()  # type: ignore[return-value]  # dictionaries of that form


router = Router(
    "api/",
    [
        path("hello", HelloController.as_view()),
        path("posts/<int:id>", PostController.as_view()),
        path("orders", OrderController.as_view()),
        path("posts", PostsController.as_view()),
    ],
)
urlpatterns = [router.to_urlpatterns(namespace="api")]
