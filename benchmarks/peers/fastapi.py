"""FastAPI: async functions, with pydantic models for the body and the answer."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from benchmarks.peers.cases import MESSAGE, TITLE, posts


class Message(BaseModel):
    message: str


class Title(BaseModel):
    id: int
    title: str


class Post(BaseModel):
    id: int
    slug: str
    title: str
    author: str
    published: bool
    views: int
    tags: list[str]


class Address(BaseModel):
    name: str
    street: str
    city: str
    country: str


class Line(BaseModel):
    sku: str
    title: str
    count: int
    price: int


class Order(BaseModel):
    number: str
    email: str
    paid: bool
    total: int
    note: str
    tags: list[str]
    address: Address
    lines: list[Line]


application = FastAPI()


@application.get("/api/hello")
async def hello() -> Message:
    return Message(message=MESSAGE)


@application.get("/api/posts/{id}")
async def post(id: int) -> Title:
    return Title(id=id, title=TITLE)


@application.post("/api/orders")
async def echo(order: Order) -> Order:
    return order


@application.get("/api/posts", response_model=list[Post])
async def every_post() -> Any:
    return posts()
