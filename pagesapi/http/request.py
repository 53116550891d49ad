"""`Request`: what an endpoint asks about a request. Everything is read when first asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from asgiref.sync import sync_to_async
from django.http import HttpRequest

from pagesapi.http.body import Limit, LimitedStream, Parsed, open_body, read_body, readable
from pagesapi.http.cookies import decoded
from pagesapi.http.fields import Fields, flat
from pagesapi.http.schema import convert
from pagesapi.http.site import get_site
from pagesapi.http.source import Source

if TYPE_CHECKING:
    from django.contrib.auth.models import _AnyUser
    from django.contrib.sessions.backends.base import SessionBase
    from django.contrib.sites.models import Site
    from django.core.files.uploadedfile import UploadedFile
    from django.http.request import _ImmutableQueryDict
    from django.urls import ResolverMatch
    from django.utils.datastructures import MultiValueDict

T = TypeVar("T")
UNREAD = object()


class Policy(Protocol):
    """What a route says about the bodies that it takes."""

    @property
    def limit(self) -> Limit: ...
    @property
    def parse_body(self) -> bool: ...


class Request:
    """The `req` of `handler(req, res)`, and `request.api` of a method function.

    >>> def handler(req, res):
    ...     new = req.parse(NewPost)
    ...     res.status(201).json({"id": req.query["id"], "title": new.title, "by": req.user.username})

    Any attribute that is not listed here is looked up on Django's request: `req.user`, `req.session`, `req.META`.
    Type checkers know those that Django sets. What a middleware of yours sets, say in a subclass, and annotate `req`
    with it: `class TenantRequest(Request): tenant: Tenant`. The request of a method function is Django's, so there
    `class MethodRequest(HttpRequest): api: Request`.
    """

    # Class attributes: an instance costs three assignments, and is made for every request.
    _query: Fields[Any] | None = None
    _cookies: Fields[str] | None = None
    _parsed: Parsed | None = None
    _body: Any = UNREAD  # of `_parsed`, made when it is asked for: `parse` does without
    _stream: LimitedStream | None = None

    def __init__(self, source: Source, params: Mapping[str, Any], policy: Policy) -> None:
        self._source = source
        self._policy = policy
        self.params = params
        """The path parameters alone: `str`, a converter's value, or a list of `str` for a catch-all."""

    @property
    def method(self) -> str:
        """In upper case: "GET"."""
        return self._source.method

    @property
    def path(self) -> str:
        """Percent-decoded, without the query: "/api/posts/3" (Django's `path`)."""
        return self._source.path

    @property
    def url(self) -> str:
        """Percent-encoded, with the query: "/api/posts/3?a=1" (Django's `get_full_path()`)."""
        return self._source.url

    @property
    def headers(self) -> Mapping[str, str]:
        """By name, in upper or lower case: `req.headers["accept"]` (Django's `headers`)."""
        return self._source.headers

    @property
    def query(self) -> Fields[Any]:
        """Query string and path parameters in one, as Next.js has them; the parameters win.

        `req.query["id"]` → the value, or a 400 that names the key (`MissingField`, a `KeyError`)
        `req.query.id` → the value, or None; `req.query.get("id", default)` as in any dict

        A value is a `str` ("" for `a` and `a=`), a list of them where a name is repeated, or what a path's converter
        made of it.
        """
        if self._query is None:
            if self._source.meta.get("QUERY_STRING"):
                self._query = flat(self._source.query)
                self._query.update(self.params)
            else:
                self._query = Fields(self.params)
        return self._query

    @property
    def cookies(self) -> Fields[str]:
        """By name, percent-decoded, as Next.js has them; read as `query` is. Django's own reading is `req.COOKIES`."""
        if self._cookies is None:
            self._cookies = Fields(decoded(self._source.cookies))
        return self._cookies

    @property
    def body(self) -> Any:
        """The parsed body, by its content type: a JSON value, a form's fields, `str` for text/*, else `bytes`.

        `{}` without a body. Objects and forms are read as `query` is: `req.body["email"]`. None with
        `RouteConfig(parse_body=False)`. Raises `HTTPError`: 400 for what cannot be read, 411 for a chunked body that
        the server does not end, 413 past `body_limit`, 415 for an unusual charset.
        """
        if self._body is UNREAD and self._policy.parse_body:
            self._body = readable(self.load().value)
        return None if self._body is UNREAD else self._body

    @property
    def raw(self) -> bytes:
        """The body's bytes, as they came; raises what `body` does. For the signature of a webhook, say."""
        return self.load().raw

    @property
    def files(self) -> Fields[UploadedFile[Any] | list[UploadedFile[Any]]]:
        """The uploaded files of a multipart form: Django's `UploadedFile`, a list where a name is repeated."""
        files = self.load().files
        return Fields() if files is None else flat(files)

    def load(self) -> Parsed:
        """Read and parse the body, once."""
        if self._parsed is None:
            source = self._source
            nothing = source.length == -1 and not source.content_type and not source.too_large
            self._parsed = Parsed(Fields()) if nothing else read_body(source, self._policy.limit)
        return self._parsed

    def parse(self, type: type[T]) -> T:
        """The body as a dataclass, msgspec struct or TypedDict, its values checked by their annotations.

        >>> req.parse(NewPost)
        NewPost(title='Hello', tags=[])

        Raises `HTTPError` 400 with `errors: {field: [text]}`, for every field that is wrong. JSON has to have the very
        types ("3" is no int); a form's texts become numbers, dates and lists where the type wants them.
        """
        parsed = self.load()
        return convert(parsed.value, type, strict=parsed.post is None)

    def read(self, size: int = -1) -> bytes:
        """The next bytes of an unparsed body, at most `size` (-1: all); `b""` at its end.

        For `RouteConfig(parse_body=False)`. Raises `HTTPError` 413 past `body_limit`, 400 for a body that breaks off.
        """
        if self._stream is None:
            self._stream = open_body(self._source, self._policy.limit)
        return self._stream.read(size)

    async def aread(self, size: int = -1) -> bytes:
        """`read` for async functions."""
        return await sync_to_async(self.read)(size)

    @property
    def preview(self) -> bool:
        """Whether an editor sees previews: there is a valid cookie of `res.set_preview_data` or `set_draft_mode`."""
        return get_site().preview(self._source) is not None

    @property
    def preview_data(self) -> Any:
        """The JSON value that `res.set_preview_data` was given; `{}` without data, and without preview."""
        data = get_site().preview(self._source)
        return {} if data is None else data

    @property
    def draft(self) -> bool:
        """Another name for `preview`, as Next.js's draft mode."""
        return self.preview

    @property
    def django(self) -> HttpRequest:
        """Django's request; after `body`, its `body`, `POST` and `FILES` hold the same data."""
        return self._source.django  # type: ignore[attr-defined, no-any-return]

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.url}>"

    if TYPE_CHECKING:
        # What Django's request has besides, each by name: with a `__getattr__` a misspelt `req.sesion` would pass.
        GET: _ImmutableQueryDict
        POST: _ImmutableQueryDict
        FILES: MultiValueDict[str, UploadedFile[Any]]
        COOKIES: dict[str, str]
        META: dict[str, Any]
        LANGUAGE_CODE: str
        auser: Callable[[], Awaitable[_AnyUser]]
        content_params: dict[str, str] | None
        content_type: str | None
        encoding: str | None
        path_info: str
        resolver_match: ResolverMatch | None
        scheme: str | None
        session: SessionBase
        site: Site
        user: _AnyUser

        def accepts(self, media_type: str) -> bool: ...
        def build_absolute_uri(self, location: str | None = None) -> str: ...
        def get_full_path(self, force_append_slash: bool = False) -> str: ...
        def get_host(self) -> str: ...
        def get_port(self) -> str: ...
        def get_preferred_type(self, media_types: Sequence[str]) -> str | None: ...
        def get_signed_cookie(
            self, key: str, default: Any = ..., salt: str = "", max_age: int | timedelta | None = None
        ) -> str | None: ...
        def is_secure(self) -> bool: ...
    else:

        def __getattr__(self, name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            return getattr(self.django, name)
