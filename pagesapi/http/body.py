"""A request's body: read up to its limit, and parsed by its content type."""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass
from types import FunctionType, SimpleNamespace
from typing import IO, Any, NamedTuple

import msgspec
from django.conf import settings
from django.http import QueryDict, multipartparser
from django.utils.datastructures import MultiValueDict

from pagesapi.exceptions import HTTPError
from pagesapi.http.fields import Fields, flat, with_fields
from pagesapi.http.source import Source

CHUNK = 64 * 1024  # as Django reads uploads
DEEP = 200  # levels that are read without a doubt
TOO_DEEP = "Invalid JSON: it is nested too deep."
# Encodings that decode in linear time; `punycode`, say, takes minutes for a megabyte.
CHARSETS = {
    "utf-8": "utf-8-sig",
    "utf8": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "iso-8859-1": "iso-8859-1",
    "latin1": "iso-8859-1",
    "latin-1": "iso-8859-1",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "us-ascii": "ascii",
    "ascii": "ascii",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """The largest body: `bytes` inclusive (None: no limit), and the text that names it in errors."""

    bytes: int | None
    text: str = ""

    def check(self, length: int) -> None:
        if self.bytes is not None and length > self.bytes:
            raise self.exceeded()

    def allows_more_than(self, size: int | None, length: int | None) -> bool:
        """Whether a body of this length (None: unknown) may be beyond `size`, and is within this limit."""
        if size is None or (self.bytes is not None and self.bytes <= size):
            return False
        return length is None or length > size

    def exceeded(self) -> HTTPError:
        return HTTPError(413, f"The body exceeds the limit of {self.text}.")


class Parsed(NamedTuple):
    """A body as the handler sees it. `post` and `files` are those of a form."""

    value: Any
    raw: bytes = b""
    post: QueryDict | None = None
    files: MultiValueDict[str, Any] | None = None


class LimitedStream(io.RawIOBase):
    """A stream that raises a 413 as soon as more than its limit was read from it."""

    def __init__(self, stream: IO[bytes], limit: Limit) -> None:
        self.stream = stream
        self.limit = limit
        self.count = 0
        self.ahead = b""  # read for a line, and not part of it

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0:
            return b"".join(iter(lambda: self.read(CHUNK), b""))
        if self.ahead:
            chunk, self.ahead = self.ahead[:size], self.ahead[size:]
            return chunk
        return self._fetch(size)

    def _fetch(self, size: int) -> bytes:
        if self.limit.bytes is not None:
            size = min(size, self.limit.bytes - self.count + 1)
        try:
            chunk = self.stream.read(size)
        except HTTPError:
            raise
        except Exception as error:  # bad chunks are a plain Exception in gunicorn
            raise HTTPError(400, "The body could not be read to its end.") from error
        self.count += len(chunk)
        self.limit.check(self.count)
        return chunk

    def readline(self, size: int | None = -1) -> bytes:
        while b"\n" not in self.ahead and (chunk := self._fetch(CHUNK)):
            self.ahead += chunk
        end = self.ahead.find(b"\n") + 1 or len(self.ahead)
        return self.read(end if size is None or size < 0 else min(end, size))


def check_length(source: Source, limit: Limit) -> None:
    """413 before a byte is read, where the announced length is over the limit."""
    if source.too_large:
        raise limit.exceeded()
    limit.check(source.length or 0)


def open_body(source: Source, limit: Limit) -> LimitedStream:
    check_length(source, limit)
    return LimitedStream(source.open(), limit)


def read_body(source: Source, limit: Limit) -> Parsed:
    """Read and parse; what was read is left with the source for others. Raises `HTTPError` 400, 411, 413 or 415."""
    check_length(source, limit)
    parsed = source.already_parsed
    if parsed is not None:
        return Parsed(flat(parsed[0]), b"", *parsed)
    charset = _charset(source)
    length = source.length
    raw = b"" if length == -1 else LimitedStream(source.open(), limit).read()
    if len(raw) < (length or 0):
        raise HTTPError(400, "The body could not be read to its end.")
    result = _parse(source, raw, charset)
    source.keep(raw, result.post, result.files)
    return result


def _charset(source: Source) -> str:
    name = source.charset
    if name is None:
        return "utf-8-sig"
    codec = CHARSETS.get(name.strip().lower().replace("_", "-"))
    if codec is None:
        raise HTTPError(415, f"The charset {name[:40]!r} is not supported; send UTF-8.")
    return codec


def _parse(source: Source, raw: bytes, charset: str) -> Parsed:
    kind = source.content_type
    if kind == "application/json" or kind.endswith("+json"):
        return Parsed(_json(raw, charset), raw)
    if kind == "application/x-www-form-urlencoded":
        return _form(raw, charset)
    if kind == "multipart/form-data":
        return _multipart(source, raw, charset)
    if kind.startswith("text/"):
        return Parsed(_text(raw, charset, "body"), raw)
    return Parsed(raw, raw)


def _text(raw: bytes, charset: str, what: str) -> str:
    if charset == "utf-8-sig":  # Python's own takes twenty times as long
        raw, charset = raw.removeprefix(codecs.BOM_UTF8), "utf-8"
    try:
        return raw.decode(charset)
    except UnicodeDecodeError as error:
        raise HTTPError(400, f"Invalid {what}: byte {error.start} is not {charset} ({error.reason}).") from None


def _json(raw: bytes, charset: str) -> Any:
    if not raw:
        return Fields()
    text = _text(raw, charset, "JSON")
    try:
        value = msgspec.json.decode(text)
        if text.count("[") + text.count("{") > DEEP:  # perhaps too deep: told before a handler runs
            readable(value)
        return value
    except RecursionError:
        raise HTTPError(400, TOO_DEEP) from None
    except ValueError as error:  # msgspec.DecodeError among them
        reason = str(error).removeprefix("JSON is malformed: ")
        place = "" if "(byte " in reason else f" (of {len(raw)} bytes)"
        raise HTTPError(400, f"Invalid JSON: {reason}{place}.") from None


def readable(value: Any) -> Any:
    """A parsed body as handlers read it: every JSON object is `Fields`. `HTTPError` 400 if it is nested too deep."""
    try:
        return with_fields(value)
    except RecursionError:
        raise HTTPError(400, TOO_DEEP) from None


def _form(raw: bytes, charset: str) -> Parsed:
    # Percent-encoded bytes are in an encoding that has ASCII in it, so never in UTF-16 (URL standard §5.1).
    encoding = "utf-8" if charset.startswith("utf") else charset
    post = QueryDict(_text(raw, charset, "form"), encoding=encoding)
    return Parsed(flat(post), raw, post, MultiValueDict())


class FormParser(multipartparser.MultiPartParser):
    """Django's parser; but `DATA_UPLOAD_MAX_MEMORY_SIZE` is replaced by the route's `body_limit`, checked before.

    The method is Django's own, with another `settings` among its globals: there is no other seam.
    """

    class Settings(SimpleNamespace):
        DATA_UPLOAD_MAX_MEMORY_SIZE = None

        def __getattr__(self, name: str) -> Any:
            return getattr(settings, name)

    _parse = FunctionType(
        multipartparser.MultiPartParser._parse.__code__,  # type: ignore[attr-defined]
        {**vars(multipartparser), "settings": Settings()},
    )


def _multipart(source: Source, raw: bytes, charset: str) -> Parsed:
    # Django knows the type in lower case only, and takes a form without a length for empty.
    _, _, parameters = source.meta["CONTENT_TYPE"].partition(";")
    meta = {"CONTENT_TYPE": f"multipart/form-data;{parameters}", "CONTENT_LENGTH": str(len(raw))}
    encoding = charset.removesuffix("-sig")
    try:
        post, files = FormParser(meta, io.BytesIO(raw), source.upload_handlers, encoding).parse()
    except multipartparser.MultiPartParserError as error:
        raise HTTPError(400, f"Invalid form: {error}") from None
    return Parsed(flat(post), raw, post, files)
