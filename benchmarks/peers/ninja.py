"""django-ninja: functions, with a schema for the body and one for the answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path
from ninja import NinjaAPI, Schema

from benchmarks.peers.cases import MESSAGE, TITLE, posts


class Message(Schema):
    message: str


class Title(Schema):
    id: int
    title: str


class Post(Schema):
    id: int
    slug: str
    title: str
    author: str
    published: bool
    views: int
    tags: list[str]


class Address(Schema):
    name: str
    street: str
    city: str
    country: str


class Line(Schema):
    sku: str
    title: str
    count: int
    price: int


class Order(Schema):
    number: str
    email: str
    paid: bool
    total: int
    note: str
    tags: list[str]
    address: Address
    lines: list[Line]


api = NinjaAPI()


@api.get("/hello", response=Message)
def hello(request: HttpRequest) -> Any:
    return {"message": MESSAGE}


@api.get("/posts/{int:id}", response=Title)
def post(request: HttpRequest, id: int) -> Any:
    return {"id": id, "title": TITLE}


@api.post("/orders", response=Order)
def echo(request: HttpRequest, order: Order) -> Any:
    return order


@api.get("/posts", response=list[Post])
def every_post(request: HttpRequest) -> Any:
    return posts()


urlpatterns = [path("api/", api.urls)]
