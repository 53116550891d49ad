"""Endpoints asked by the names of their routes, through the project's middleware, as by Django's test client."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from functools import partialmethod
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import NoReverseMatch, reverse

from pagesapi.endpoints.calling import content_of, url_of
from pagesapi.endpoints.tree import get_tree

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.test.client import _MonkeyPatchedWSGIResponse as ClientResponse

    class Ask(Protocol):
        """`RouteClient.request`, its method given: what mypy and an editor do not read from a `partialmethod`."""

        def __call__(
            self,
            *,
            body: Any = None,
            form: Mapping[str, Any] | None = None,
            query: Mapping[str, Any] | None = None,
            headers: Mapping[str, str] | None = None,
            user: AbstractBaseUser | None = None,
            params: Mapping[str, Any] | None = None,
            **path: Any,
        ) -> ClientResponse: ...


class ApiClient:
    """Asks endpoints by name.

    >>> api = ApiClient()
    >>> api("posts/[id]").get(id=5).json()
    {'id': 5, 'title': 'First post'}

    `client`: a Django test client whose cookies and headers go along; without it, one of its own. With pytest, the
    fixture `api` is one.
    """

    def __init__(self, client: Client | None = None) -> None:
        self.client = client or Client()

    def __call__(self, name: str) -> RouteClient:
        """The endpoint of a route: "posts/[id]". Raises `RouteNotFound` (a `LookupError`) that names similar ones."""
        get_tree().route(name)
        return RouteClient(self.client, name)


class RouteClient:
    """One endpoint; `get`, `head`, `post`, `put`, `patch`, `delete` and `options` ask it.

    Keyword arguments are the path's parameters, but for these:

    - `body`: bytes as they are, text as text/plain, anything else as JSON
    - `form`: fields and open files, sent as multipart/form-data
    - `query`: the query string's; a list is a repeated name
    - `headers`: by name, as "Authorization"
    - `user`: a user who is signed in for this request alone
    - `params`: path parameters that have one of these names

    The answer is that of Django's test client, with `json()`. Errors of the program are raised, as it raises them.
    """

    def __init__(self, client: Client, name: str) -> None:
        self.client = client
        self.name = name

    def url(self, /, **params: Any) -> str:
        """Its URL: `api("posts/[id]").url(id=5)` is "/api/posts/5". Raises `TypeError` or `ValueError` for others."""
        try:
            return reverse(f"pagesapi:{self.name}", kwargs=params)
        except NoReverseMatch as error:
            url_of(get_tree().route(self.name), params)  # raises what is wrong with the route's own
            raise LookupError(
                f'No URL leads to the route {self.name!r}: put path("", include("pagesapi.urls")) into the URLconf.'
            ) from error

    def request(
        self,
        method: str,
        /,
        *,
        body: Any = None,
        form: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        user: AbstractBaseUser | None = None,
        params: Mapping[str, Any] | None = None,
        **path: Any,
    ) -> ClientResponse:
        """Ask with any method, `"POST"`."""
        if body is not None and form is not None:
            raise TypeError("A request has a body or a form, not both.")
        client: Any = self.client if user is None else _signed_in(self.client, user)
        content, content_type = content_of(body) if form is None else _multipart(form)
        url = self.url(**(params or {}), **path)
        answer: ClientResponse = client.generic(
            method, url, content, content_type, headers=headers, query_params=query
        )
        return answer

    if TYPE_CHECKING:
        get: Ask
        head: Ask
        post: Ask
        put: Ask
        patch: Ask
        delete: Ask
        options: Ask
    else:
        get = partialmethod(request, "GET")
        head = partialmethod(request, "HEAD")
        post = partialmethod(request, "POST")
        put = partialmethod(request, "PUT")
        patch = partialmethod(request, "PATCH")
        delete = partialmethod(request, "DELETE")
        options = partialmethod(request, "OPTIONS")


def _multipart(form: Mapping[str, Any]) -> tuple[bytes, str]:
    return encode_multipart(BOUNDARY, dict(form)), MULTIPART_CONTENT


def _signed_in(client: Client, user: Any) -> Client:
    """The same client in all but this: who is signed in, in a session of its own."""
    other = copy(client)
    other.cookies = copy(client.cookies)
    other.cookies.pop(settings.SESSION_COOKIE_NAME, None)
    other.force_login(user)
    return other
