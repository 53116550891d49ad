from collections.abc import AsyncIterator

from django.http import HttpRequest

from tests.servers.gate import async_pieces, held


def GET(request: HttpRequest) -> AsyncIterator[str]:
    return held(async_pieces(int(request.GET["gate"])))
