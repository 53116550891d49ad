from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from pagesapi.exceptions import ResponseError
from pagesapi.http.sse import COMMENT, event_bytes, event_stream


@pytest.mark.parametrize(
    ("event", "text"),
    [
        ("hi", "data: hi\n\n"),
        ("", "data: \n\n"),
        ("a\nb\r\nc\rd", "data: a\ndata: b\ndata: c\ndata: d\n\n"),
        ({"n": 1}, 'data: {"n":1}\n\n'),
        ({"data": "x", "other": 1}, 'data: {"data":"x","other":1}\n\n'),
        ([1, 2], "data: [1,2]\n\n"),
        (None, "data: null\n\n"),
        (
            {"data": {"eur": 3}, "event": "price", "id": 7, "retry": 500},
            'event: price\nid: 7\nretry: 500\ndata: {"eur":3}\n\n',
        ),
    ],
)
def test_an_event_has_its_lines(event: Any, text: str) -> None:
    assert event_bytes(event) == text.encode()


@pytest.mark.parametrize("name", ["event", "id", "retry"])
@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\0b"])
def test_a_field_cannot_break_out_of_its_line(name: str, value: str) -> None:
    with pytest.raises(ResponseError, match=name):
        event_bytes({"data": "x", name: value})


def test_a_silent_source_is_kept_alive_by_comments_and_closed_in_the_end() -> None:
    proceed, closed = threading.Event(), threading.Event()

    def source() -> Iterator[str]:
        try:
            yield "first"
            proceed.wait(20)
            yield "second"
            proceed.wait(20)
            yield "third"
        finally:
            closed.set()

    stream: Any = event_stream(source(), keep_alive=0.01)
    assert next(stream) == b"data: first\n\n"
    assert next(stream) == COMMENT
    proceed.set()
    assert next(part for part in stream if part != COMMENT) == b"data: second\n\n"
    stream.close()
    assert closed.wait(20)


def test_a_source_that_ends_ends_the_stream() -> None:
    assert b"".join(event_stream(["a", "b"])) == b"data: a\n\ndata: b\n\n"  # type: ignore[arg-type]


def test_a_source_that_breaks_breaks_the_stream() -> None:
    def source() -> Iterator[str]:
        yield "first"
        raise ValueError("broken")

    stream: Any = event_stream(source())
    assert next(stream) == b"data: first\n\n"
    with pytest.raises(ValueError, match="broken"):
        next(stream)


class Asynchronous:
    """An async source that waits for the test between its events."""

    def __init__(self, *, error: bool = False) -> None:
        self.proceed = asyncio.Event()
        self.closed = False
        self.error = error

    async def events(self) -> AsyncIterator[str]:
        try:
            yield "first"
            await self.proceed.wait()
            if self.error:
                raise ValueError("broken")
            yield "second"
        finally:
            self.closed = True


def test_an_async_source_is_kept_alive_too() -> None:
    async def main() -> list[bytes]:
        source = Asynchronous()
        stream: Any = event_stream(source.events(), keep_alive=0.01)
        parts = [await anext(stream), await anext(stream)]
        source.proceed.set()
        parts += [part async for part in stream if part != COMMENT]
        assert source.closed
        return parts

    assert asyncio.run(main()) == [b"data: first\n\n", COMMENT, b"data: second\n\n"]


def test_an_async_source_is_closed_when_nobody_listens() -> None:
    async def main() -> None:
        source = Asynchronous()
        stream: Any = event_stream(source.events(), keep_alive=0.01)
        assert await anext(stream) == b"data: first\n\n"
        await stream.aclose()
        assert source.closed

    asyncio.run(main())


def test_an_async_source_that_breaks_breaks_the_stream() -> None:
    async def main() -> None:
        source = Asynchronous(error=True)
        stream: Any = event_stream(source.events())
        assert await anext(stream) == b"data: first\n\n"
        source.proceed.set()
        with pytest.raises(ValueError, match="broken"):
            await anext(stream)

    asyncio.run(main())


def test_a_source_that_is_ahead_of_a_reader_who_leaves_is_closed() -> None:
    taken, closed = threading.Semaphore(0), threading.Event()

    def source() -> Iterator[int]:
        try:
            for number in range(1000):
                taken.release()
                yield number
        finally:
            closed.set()

    stream: Any = event_stream(source())
    assert next(stream) == b"data: 0\n\n"
    for _ in range(3):  # the third is asked for while the second waits in the queue
        assert taken.acquire(timeout=20)
    stream.close()
    assert closed.wait(20)
