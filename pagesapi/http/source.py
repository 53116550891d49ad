"""Where a `Request` comes from: a few plain things, and a reader of the body's bytes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any, Protocol

from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, QueryDict
from django.http.request import RawPostDataException
from django.utils.datastructures import MultiValueDict

from pagesapi.exceptions import HTTPError

# The key of the ASGI scope under which `pagesapi.asgi` says that it cut a body off at its limit.
TOO_LARGE = "pagesapi.body_too_large"


class Source(Protocol):
    """What `Request` needs to know of a request, whoever received it."""

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def url(self) -> str:
        """The path with the query string, percent-encoded."""

    @property
    def query(self) -> QueryDict: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def cookies(self) -> Mapping[str, str]: ...
    @property
    def content_type(self) -> str:
        """Lower case, without parameters; empty without one."""

    @property
    def charset(self) -> str | None: ...
    @property
    def length(self) -> int | None:
        """Bytes of the body as announced; None for a chunked one, -1 if there is none."""

    @property
    def too_large(self) -> bool:
        """Whether the body was cut off at its limit on the way here."""

    @property
    def already_parsed(self) -> tuple[QueryDict, MultiValueDict[str, Any]] | None:
        """Fields and files of a form, where something before us has read it and its bytes are gone."""

    @property
    def upload_handlers(self) -> list[FileUploadHandler]: ...
    @property
    def meta(self) -> Mapping[str, Any]: ...
    def open(self) -> IO[bytes]:
        """The body's bytes from their beginning."""

    def keep(self, raw: bytes, post: QueryDict | None, files: MultiValueDict[str, Any] | None) -> None:
        """Make what was read available to others who look at the same request."""


class DjangoSource:
    """A Django request as a `Source`."""

    __slots__ = ("django",)

    def __init__(self, request: HttpRequest) -> None:
        self.django: Any = request

    @property
    def method(self) -> str:
        return self.django.method or ""

    @property
    def path(self) -> str:
        return self.django.path  # type: ignore[no-any-return]

    @property
    def url(self) -> str:
        return self.django.get_full_path()  # type: ignore[no-any-return]

    @property
    def query(self) -> QueryDict:
        # Not `request.GET`: that one is decoded by the charset of the body.
        text = self.django.META.get("QUERY_STRING", "")
        raw = text.encode("latin-1", "replace") if hasattr(self.django, "environ") else text.encode()
        return QueryDict(raw, encoding="utf-8")

    @property
    def headers(self) -> Mapping[str, str]:
        return self.django.headers  # type: ignore[no-any-return]

    @property
    def cookies(self) -> Mapping[str, str]:
        return self.django.COOKIES  # type: ignore[no-any-return]

    @property
    def content_type(self) -> str:
        kind = (self.django.content_type or "").strip().lower()
        meta = self.django.META
        if kind == "text/plain" and not meta.get("CONTENT_LENGTH") and "WSGIServer" in meta.get("SERVER_SOFTWARE", ""):
            return ""  # wsgiref, so `runserver`, says this where the caller says nothing
        return kind

    @property
    def charset(self) -> str | None:
        return (self.django.content_params or {}).get("charset")

    @property
    def length(self) -> int | None:
        meta = self.django.META
        if "chunked" in meta.get("HTTP_TRANSFER_ENCODING", "").lower():
            return None
        announced = meta.get("CONTENT_LENGTH")
        if not announced:
            return self._spooled()
        try:
            return max(0, int(announced))
        except ValueError:
            return 0  # as Django does

    def _spooled(self) -> int:
        """HTTP/2 needs no length; then Django's temporary file knows how much arrived."""
        stream = getattr(self.django, "_stream", None)
        if not hasattr(self.django, "scope") or stream is None or stream.closed or not _seekable(stream):
            return -1
        position = stream.tell()
        size: int = stream.seek(0, os.SEEK_END)
        stream.seek(position)
        return size or -1

    @property
    def announces_body(self) -> bool:
        """Whether there may be a body; quick, and sure if it says no."""
        meta = self.django.META
        return bool(meta.get("CONTENT_LENGTH") or meta.get("HTTP_TRANSFER_ENCODING") or "wsgi.input" not in meta)

    @property
    def too_large(self) -> bool:
        return bool(getattr(self.django, "scope", {}).get(TOO_LARGE))

    @property
    def already_parsed(self) -> tuple[QueryDict, MultiValueDict[str, Any]] | None:
        request = self.django
        if request._read_started and not hasattr(request, "_body") and hasattr(request, "_post"):
            return request.POST, request.FILES
        return None

    @property
    def upload_handlers(self) -> list[FileUploadHandler]:
        return self.django.upload_handlers  # type: ignore[no-any-return]

    @property
    def meta(self) -> Mapping[str, Any]:
        return self.django.META  # type: ignore[no-any-return]

    def open(self) -> IO[bytes]:
        request = self.django
        if hasattr(request, "_body"):
            return BytesIO(request._body)
        if request._read_started:
            raise RawPostDataException("The body was read, and not kept, before this endpoint asked for it.")
        if self.length is None and hasattr(request, "environ"):
            request._stream = self._chunked(request.environ)
        request._read_started = True
        return request._stream  # type: ignore[no-any-return]

    def _chunked(self, environ: Mapping[str, Any]) -> IO[bytes]:
        # Django's WSGIRequest takes a body without a length for empty, even where the server ends the stream.
        if not environ.get("wsgi.input_terminated"):
            raise HTTPError(411, "This server takes no chunked bodies: send a Content-Length.")
        return environ["wsgi.input"]  # type: ignore[no-any-return]

    def keep(self, raw: bytes, post: QueryDict | None, files: MultiValueDict[str, Any] | None) -> None:
        request = self.django
        request._body = raw
        request._read_started = True
        request._stream = BytesIO(raw)
        if post is not None:
            request._post, request._files = post, files


def _seekable(stream: Any) -> bool:
    # SpooledTemporaryFile can, and says so from Python 3.11 on.
    return not hasattr(stream, "seekable") or stream.seekable()
