"""One request by either of Django's test clients, written the same way."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Callable
from typing import Any

from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client

Ask = Callable[..., Any]


def asking(kind: type[Client] | type[AsyncClient]) -> Ask:
    """`ask("/api/x", method="POST", json={...}, headers={...}, user=user)` → the response.

    A client is made for each request, since it keeps the middleware of its first one.
    """

    def ask(
        path: str,
        *,
        method: str = "GET",
        json: Any = None,
        headers: dict[str, str] | None = None,
        user: Any = None,
        raises: bool = False,
        **options: Any,
    ) -> Any:
        client = kind(raise_request_exception=raises)
        if user is not None:
            client.force_login(user)
        if json is not None:
            options.update(data=jsonlib.dumps(json), content_type="application/json")
        if isinstance(client, AsyncClient):
            return async_to_sync(_awaited)(client, method, path, headers, options)
        response: Any = client.generic(method, path, headers=headers, **options)
        if response.streaming:
            list(response)  # to its end, so that it is closed
        return response

    return ask


async def _awaited(
    client: AsyncClient, method: str, path: str, headers: dict[str, str] | None, options: dict[str, Any]
) -> Any:
    response: Any = await client.generic(method, path, headers=headers, **options)
    if response.streaming:
        [part async for part in response]  # while its event loop is there
    return response
