from __future__ import annotations

import asyncio
from io import BytesIO
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.core.handlers.wsgi import WSGIHandler

from pagesapi.asgi import get_asgi_application
from pagesapi.testing import route_tree

QUERY = "a=嘍&b=%E5&c=//x?y#"


def wsgi(path: str, query: str) -> str:
    headers: dict[str, str] = {}
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query.encode().decode("latin-1"),
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    }
    response: Any = WSGIHandler()(environ, lambda status, given: headers.update(given))
    response.close()
    return headers["Location"]


def asgi(path: str, query: str) -> str:
    async def main() -> Any:
        scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": []}
        communicator: Any = ApplicationCommunicator(get_asgi_application(), scope)  # type: ignore[no-untyped-call]
        await communicator.send_input({"type": "http.request"})
        start = await communicator.receive_output(20)
        await communicator.wait(20)
        return dict(start["headers"])[b"Location"].decode()

    return str(asyncio.run(main()))


@pytest.mark.parametrize("ask", [wsgi, asgi])
@pytest.mark.parametrize("path", ["/api/a/", "//api/a", "/api//a"])
def test_the_query_is_kept_as_it_was_meant(ask: Any, path: str) -> None:
    with route_tree({"a.py": "def GET(request): return 1"}):
        assert ask(path, QUERY) == "/api/a?a=%E5%98%8D&b=%E5&c=//x?y#"
