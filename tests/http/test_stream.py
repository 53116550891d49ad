from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from django.http import HttpResponse

from pagesapi.http.stream import FileStreamResponse, StreamResponse, iter_sync, mapped
from pagesapi.http.value_response import ValueResponse


async def read(response: StreamResponse | FileStreamResponse) -> list[bytes]:
    return [part async for part in response]


class Sync:
    def __init__(self) -> None:
        self.closed = False

    def __iter__(self) -> Iterator[str]:
        try:
            yield "a"
            yield "b"
        finally:
            self.closed = True


class Async:
    def __init__(self) -> None:
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[str]:
        try:
            yield "a"
            await asyncio.sleep(0)
            yield "b"
        finally:
            self.closed = True


@pytest.mark.parametrize("kind", [Sync, Async])
def test_each_kind_is_read_by_each_kind_of_server(kind: type[Any]) -> None:
    assert list(StreamResponse(kind())) == [b"a", b"b"]
    assert asyncio.run(read(StreamResponse(kind()))) == [b"a", b"b"]


def test_an_iterator_without_a_close_is_read_too() -> None:
    class Bare:
        left = 2

        def __aiter__(self) -> Bare:
            return self

        async def __anext__(self) -> bytes:
            if not self.left:
                raise StopAsyncIteration
            self.left -= 1
            return b"x"

    assert list(iter_sync(Bare())) == [b"x", b"x"]
    assert list(mapped(iter([1, 2]), str)) == ["1", "2"]  # type: ignore[arg-type]
    assert asyncio.run(read(StreamResponse([b"x"]))) == [b"x"]


@pytest.mark.parametrize("kind", [Sync, Async])
def test_who_leaves_in_the_middle_closes_the_iterator(kind: type[Any]) -> None:
    source = kind()
    response = StreamResponse(source if kind is Async else iter(source))
    parts = iter(response)
    assert next(parts) == b"a"
    getattr(parts, "close", response.close)()  # as WSGI servers do, in either order
    assert source.closed

    async def leave() -> None:
        response = StreamResponse(source if kind is Async else iter(source))
        parts: Any = aiter(response)
        assert await anext(parts) == b"a"
        await parts.aclose()
        response.close()

    source.closed = False
    asyncio.run(leave())
    assert source.closed


def test_a_file_is_read_under_asgi_without_being_held_whole() -> None:
    response = FileStreamResponse(io.BytesIO(b"x" * 10_000))
    parts = asyncio.run(read(response))
    assert b"".join(parts) == b"x" * 10_000
    assert len(parts) > 1
    assert response["Content-Length"] == "10000"


def test_a_quick_response_has_all_that_djangos_has() -> None:
    quick, ordinary = ValueResponse(b"x", "text/plain", 201), HttpResponse(b"x", content_type="text/plain", status=201)
    assert vars(quick).keys() == vars(ordinary).keys()
    assert quick.items() is not None
    assert list(quick.items()) == list(ordinary.items())
    assert quick.serialize() == ordinary.serialize()
    assert (quick.reason_phrase, quick.charset, quick.closed) == (ordinary.reason_phrase, "utf-8", False)
    quick.close()


def test_an_async_iterator_without_an_end_of_its_own_is_adapted_too() -> None:
    class Bare:
        def __init__(self) -> None:
            self.left = [1, 2]

        def __aiter__(self) -> Bare:
            return self

        async def __anext__(self) -> int:
            if not self.left:
                raise StopAsyncIteration
            return self.left.pop(0)

    async def main() -> list[Any]:
        return [item async for item in mapped(Bare(), str)]  # type: ignore[union-attr]

    assert asyncio.run(main()) == ["1", "2"]


def test_an_async_stream_that_breaks_breaks_under_wsgi_too() -> None:
    async def source() -> AsyncIterator[bytes]:
        yield b"a"
        raise ValueError("broken")

    parts = iter(StreamResponse(source()))
    assert next(parts) == b"a"
    with pytest.raises(ValueError, match="broken"):
        next(parts)
