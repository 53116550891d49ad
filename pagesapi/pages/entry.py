"""A page as it is stored."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from pagesapi.pages.clock import now

# A clock of another host may be ahead by so much; one that was set back by more makes a page stale, not eternal.
SKEW = 5.0  # seconds
MISSING_MAX_AGE = 10  # seconds that a 404 lives at most
NO_RENEWAL = 31536000  # seconds, a year: what Next.js says for a page that is not renewed by time


class Entry(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """Bytes and what is to be said of them. `marks`: the tokens that its path and tags had when it was begun."""

    path: str
    status: int
    content_type: str
    headers: tuple[tuple[str, str], ...]
    etag: str
    body: bytes
    rendered_at: float  # seconds since the epoch
    revalidate: int | None  # seconds
    tags: tuple[str, ...]
    marks: tuple[str, ...]
    attributes: dict[str, Any]  # of the response, for Django's middleware
    listed: bool  # whether a get_static_paths lists it; the others are bounded in number

    @property
    def is_missing(self) -> bool:
        return self.status == 404

    @property
    def lifetime(self) -> int | None:
        """Seconds until it is stale."""
        return lifetime_of(self.status, self.revalidate)

    def is_fresh(self) -> bool:
        return is_young(self.rendered_at, self.lifetime)

    @property
    def names(self) -> tuple[str, ...]:
        """What it depends on, in the order of `marks`."""
        return names_of(self.path, self.tags)

    def postponed(self, seconds: int, marks: tuple[str, ...]) -> Entry:
        """The same bytes, for so much longer: a renewal failed, or is under way elsewhere."""
        return msgspec.structs.replace(self, rendered_at=now(), revalidate=seconds, marks=marks)


def lifetime_of(status: int, revalidate: int | None) -> int | None:
    """Seconds that an answer of this status may be shown; None: as long as nothing is revalidated."""
    return min(revalidate or MISSING_MAX_AGE, MISSING_MAX_AGE) if status == 404 else revalidate


def is_young(rendered_at: float, lifetime: int | None) -> bool:
    return lifetime is None or -SKEW <= now() - rendered_at < lifetime


def names_of(path: str, tags: tuple[str, ...]) -> tuple[str, ...]:
    return ("all", f"path:{path}", *[f"tag:{tag}" for tag in tags])


class CacheControl(NamedTuple):
    """How long shared caches may keep an answer."""

    entry: Entry
    longest: int | None  # seconds: SHARED_MAX_AGE

    def __str__(self) -> str:
        seconds = self.entry.lifetime
        shown = NO_RENEWAL if seconds is None else seconds
        age = shown if self.longest is None else min(shown, self.longest)
        if seconds is None or self.entry.is_missing:
            return f"s-maxage={age}"
        return f"s-maxage={age}, stale-while-revalidate={max(NO_RENEWAL - seconds, 0)}"


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Entry)


def encode_entry(entry: Entry) -> bytes | None:
    """None for a path with half a surrogate pair: no request has one, and no file of bytes can."""
    try:
        return _encoder.encode(entry)
    except UnicodeEncodeError:
        return None


def decode_entry(data: bytes) -> Entry | None:
    """None for bytes that are no entry, or one of another version of this package."""
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
