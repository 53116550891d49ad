"""A client that keeps its cookies, and whose CSRF checks are not turned off, as Django's test clients do."""

from __future__ import annotations

from typing import Any

from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client


class Visitor:
    def __init__(self, kind: type[Client] | type[AsyncClient], *, user: Any = None) -> None:
        self.client = kind(enforce_csrf_checks=True, raise_request_exception=False)
        if user is not None:
            self.client.force_login(user)

    def send(self, method: str, path: str, **options: Any) -> Any:
        return self._finished(self.client.generic, method, path, **options)

    def post(self, path: str, data: Any = None, **options: Any) -> Any:
        """`data` as a form, with files."""
        return self._finished(self.client.post, path, data, **options)

    def _finished(self, call: Any, *args: Any, **options: Any) -> Any:
        if not isinstance(self.client, AsyncClient):
            return call(*args, **options)

        async def answer() -> Any:
            return await call(*args, **options)

        return async_to_sync(answer)()
