"""Server-sent events (WHATWG HTML §9.2): events as text, and a comment when there are none."""

from __future__ import annotations

from collections.abc import AsyncIterable, Mapping
from typing import Any

from pagesapi.exceptions import ResponseError
from pagesapi.http.json import encode
from pagesapi.http.stream import IDLE, Source, mapped, with_idle_async, with_idle_sync

# Proxies drop connections that are silent for long; the standard advises a comment every 15 seconds (§9.2.7).
KEEP_ALIVE = 15.0
COMMENT = b": keep-alive\n\n"
FIELDS = frozenset({"data", "event", "id", "retry"})


def event_stream(events: Source, keep_alive: float = KEEP_ALIVE) -> Source:
    """The bytes of events: text, `{"data", "event", "id", "retry"}`, or any other JSON value as data."""
    if isinstance(events, AsyncIterable):
        return mapped(with_idle_async(events, keep_alive), event_bytes)
    return mapped(with_idle_sync(events, keep_alive), event_bytes)


def event_bytes(event: Any) -> bytes:
    """One event as it is sent.

    >>> event_bytes({"event": "price", "data": {"eur": 3}})
    b'event: price\\ndata: {"eur":3}\\n\\n'
    """
    if event is IDLE:
        return COMMENT
    fields = event if isinstance(event, Mapping) and "data" in event and FIELDS.issuperset(event) else {"data": event}
    lines = [f"{name}: {_one_line(name, fields[name])}" for name in ("event", "id", "retry") if name in fields]
    data = fields["data"]
    text = data if isinstance(data, str) else encode(data).decode()
    # A stream's line ends with any of these three.
    lines += [f"data: {line}" for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return ("\n".join(lines) + "\n\n").encode()


def _one_line(name: str, value: object) -> str:
    text = str(value)
    if any(char in text for char in "\r\n\0"):
        raise ResponseError(f"The {name!r} of a server-sent event must be one line, not {text!r}.")
    return text
