"""`Request`: what an endpoint asks about a request. Everything is read when first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from asgiref.sync import sync_to_async
from django.http import HttpRequest

from pagesapi.http.body import Limit, LimitedStream, Parsed, open_body, read_body
from pagesapi.http.cookies import decoded
from pagesapi.http.fields import Fields, flat
from pagesapi.http.schema import convert
from pagesapi.http.site import get_site
from pagesapi.http.source import Source

T = TypeVar("T")


class Policy(Protocol):
    """What a route says about the bodies that it takes."""

    @property
    def limit(self) -> Limit: ...
    @property
    def parse_body(self) -> bool: ...


class Request:
    """The `req` of `handler(req, res)`, and `request.api` of a method function.

    Any attribute that is not listed here is looked up on Django's request: `req.user`, `req.session`, `req.META`.
    """

    # Class attributes: an instance costs three assignments, and is made for every request.
    _query: Fields | None = None
    _cookies: dict[str, str] | None = None
    _parsed: Parsed | None = None
    _stream: LimitedStream | None = None

    def __init__(self, source: Source, params: Mapping[str, Any], policy: Policy) -> None:
        self._source = source
        self._policy = policy
        self.params = params
        """The path parameters: `str`, a converter's value, or a list for a catch-all."""

    @property
    def method(self) -> str:
        """Upper case: "GET"."""
        return self._source.method

    @property
    def path(self) -> str:
        """Decoded, without the query: "/api/posts/3"."""
        return self._source.path

    @property
    def url(self) -> str:
        """Percent-encoded, with the query: "/api/posts/3?a=1" (Django's `get_full_path()`)."""
        return self._source.url

    @property
    def headers(self) -> Mapping[str, str]:
        """By name, in upper or lower case."""
        return self._source.headers

    @property
    def query(self) -> Fields:
        """Query string and path parameters in one; the parameters win. Repeated → list, `a` and `a=` → ""."""
        if self._query is None:
            if self._source.meta.get("QUERY_STRING"):
                self._query = flat(self._source.query)
                self._query.update(self.params)
            else:
                self._query = Fields(self.params)
        return self._query

    @property
    def cookies(self) -> dict[str, str]:
        """Percent-decoded, as Next.js; Django's own reading of them is `req.COOKIES`."""
        if self._cookies is None:
            self._cookies = decoded(self._source.cookies)
        return self._cookies

    @property
    def body(self) -> Any:
        """The parsed body: a JSON value, a form's fields, text, or bytes; `{}` without one.

        Raises `HTTPError` 400, 411, 413 or 415. None with `RouteConfig(parse_body=False)`.
        """
        return self.load().value if self._policy.parse_body else None

    @property
    def raw(self) -> bytes:
        """The body's bytes."""
        return self.load().raw

    @property
    def files(self) -> Fields:
        """The uploaded files of a form: Django's `UploadedFile`, a list where a name is repeated."""
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
        """The body as a dataclass, msgspec struct or TypedDict; raises a 400 that names every field that is wrong."""
        parsed = self.load()
        return convert(parsed.value, type, strict=parsed.post is None)

    def read(self, size: int = -1) -> bytes:
        """The next bytes of an unparsed body, at most `size`; `b""` at its end. `HTTPError` 413 past the limit."""
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
        """What `res.set_preview_data` was given; `{}` without data, and without preview."""
        data = get_site().preview(self._source)
        return {} if data is None else data

    @property
    def draft(self) -> bool:
        """Another name for `preview`."""
        return self.preview

    @property
    def django(self) -> HttpRequest:
        """Django's request."""
        return self._source.django  # type: ignore[attr-defined, no-any-return]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.django, name)

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.url}>"
