"""Threads and an event loop at once."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.test import AsyncClient, Client

from pagesapi.endpoints.tree import forget_tree
from pagesapi.testing import route_tree

# Each import writes a line, and lets every other thread go on in the middle of it.
COUNTING = """
    import threading
    from pathlib import Path

    with (Path(__file__).parent / "imports.txt").open("a") as file:
        file.write(f"{__name__}\\n")
    threading.Event().wait(0.05)
    KEY = object()

    def answer(): return id(KEY)
"""
TREE = {
    "sync.py": f"{COUNTING}\n    def GET(request): return answer()\n",
    "async.py": f"{COUNTING}\n    async def GET(request): return answer()\n",
    "rows/[id].py": f"{COUNTING}\n    def handler(req, res): return answer()\n",
}
URLS = ["/api/sync", "/api/async", "/api/rows/1"]
THREADS, COROUTINES = 16, 50


def asked_by_threads(start: threading.Barrier) -> list[Any]:
    def ask(number: int) -> Any:
        start.wait()
        return [Client().get(url).json() for url in (URLS if number % 2 else reversed(URLS))][
            :: 1 if number % 2 else -1
        ]

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(ask, range(THREADS)))


async def asked_by_coroutines() -> list[Any]:
    async def ask() -> Any:
        return [(await AsyncClient().get(url)).json() for url in URLS]

    return list(await asyncio.gather(*(ask() for _ in range(COROUTINES))))


def test_an_endpoint_first_asked_for_by_many_at_once_is_imported_once() -> None:
    start = threading.Barrier(THREADS + 1)
    with route_tree(TREE) as folder, ThreadPoolExecutor(1) as pool:
        answers = pool.submit(asked_by_threads, start)
        start.wait()
        by_coroutines = asyncio.run(asked_by_coroutines())
        by_threads = answers.result()
        imports = (folder / "imports.txt").read_text().split()
        rows = (folder / "rows" / "imports.txt").read_text().split()
    assert len(imports) == len(set(imports)) == 2
    assert len(rows) == 1
    assert len({tuple(answer) for answer in by_threads + by_coroutines}) == 1


def test_requests_at_once_do_not_see_each_other() -> None:
    tree = {
        "sync/[id].py": "def handler(req, res): res.set_header('X-Id', req.query.id).json([req.query.id, req.body])",
        "async/[id].py": """
            import asyncio
            async def handler(req, res):
                res.set_header("X-Id", req.query.id)
                await asyncio.sleep(0)
                res.json([req.query.id, req.body])
        """,
    }

    def expected(number: int) -> list[Any]:
        return [str(number), {"number": number}]

    def ask(number: int) -> None:
        for kind in ("sync", "async"):
            response = Client().post(f"/api/{kind}/{number}", {"number": number}, content_type="application/json")
            assert (response.json(), response["X-Id"]) == (expected(number), str(number))

    async def aask(number: int) -> None:
        for kind in ("sync", "async"):
            response = await AsyncClient().post(
                f"/api/{kind}/{number}", {"number": number}, content_type="application/json"
            )
            assert (response.json(), response["X-Id"]) == (expected(number), str(number))

    async def many() -> None:
        await asyncio.gather(*(aask(number) for number in range(30)))

    with route_tree(tree), ThreadPoolExecutor(8) as pool:
        answers = pool.map(ask, range(50))
        asyncio.run(many())
        assert len(list(answers)) == 50


def test_the_tree_is_scanned_once_by_many_at_once() -> None:
    start = threading.Barrier(THREADS)

    def ask(number: int) -> int:
        start.wait()
        return Client().get(f"/api/{number}").status_code

    tree = {f"{number}.py": "def GET(request): return 1" for number in range(THREADS)}
    with route_tree(tree), ThreadPoolExecutor(THREADS) as pool:
        forget_tree()
        assert set(pool.map(ask, range(THREADS))) == {200}
