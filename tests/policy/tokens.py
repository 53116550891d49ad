"""Checks of bearer tokens, of every kind that `require_bearer` takes."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

TOKEN = "s3cret-token_1.2~3+4/5="
OLD = "the-old-token"


def check(request: HttpRequest, token: str) -> bool:
    return token == TOKEN


async def acheck(request: HttpRequest, token: str) -> bool:
    await asyncio.sleep(0)
    return token == TOKEN


def user_check(request: HttpRequest, token: str) -> Any:
    return User.objects.filter(username=token).first()


async def auser_check(request: HttpRequest, token: str) -> Any:
    return await User.objects.filter(username=token).afirst()


def awaitable_check(request: HttpRequest, token: str) -> Awaitable[bool]:
    """A plain function that gives a coroutine, as an old decorator makes of an async one."""
    return acheck(request, token)


class ObjectCheck:
    def __call__(self, request: HttpRequest, token: str) -> bool:
        return token == TOKEN


class AsyncObjectCheck:
    async def __call__(self, request: HttpRequest, token: str) -> bool:
        return token == TOKEN

    async def method(self, request: HttpRequest, token: str) -> bool:
        return token == TOKEN


def compared(request: HttpRequest, token: str, known: str) -> bool:
    return token == known


async def acompared(request: HttpRequest, token: str, known: str) -> bool:
    return token == known


CHECKS: dict[str, Any] = {
    "a function": check,
    "a coroutine function": acheck,
    "a function that gives a coroutine": awaitable_check,
    "an object": ObjectCheck(),
    "an async object": AsyncObjectCheck(),
    "an async method": AsyncObjectCheck().method,
    "a partial": functools.partial(compared, known=TOKEN),
    "an async partial": functools.partial(acompared, known=TOKEN),
    "a lambda around a coroutine": lambda request, token: acheck(request, token),  # noqa: PLW0108 - that is the point
    "a text": TOKEN,
    "a list of texts": [OLD, TOKEN],
    "a tuple of texts": (TOKEN, OLD),
}

# What a check may return for somebody who is not to be let in.
NOBODY: dict[str, Callable[[], Any]] = {
    "False": lambda: False,
    "None": lambda: None,
    "zero": lambda: 0,
    "an empty text": lambda: "",
    "an anonymous user": AnonymousUser,
    "a lazy anonymous user": lambda: SimpleLazyObject(AnonymousUser),
    "a lazy nobody": lambda: SimpleLazyObject(lambda: None),
    "an inactive user": lambda: User(username="gone", is_active=False),
}
