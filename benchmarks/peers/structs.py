"""An order as msgspec structs, for those who validate with msgspec."""

from __future__ import annotations

import msgspec


class Address(msgspec.Struct):
    name: str
    street: str
    city: str
    country: str


class Line(msgspec.Struct):
    sku: str
    title: str
    count: int
    price: int


class Order(msgspec.Struct):
    number: str
    email: str
    paid: bool
    total: int
    note: str
    tags: list[str]
    address: Address
    lines: list[Line]
