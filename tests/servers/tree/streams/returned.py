from collections.abc import Iterator

from django.http import HttpRequest

from tests.servers.gate import held, pieces


async def GET(request: HttpRequest) -> Iterator[str]:
    return held(pieces(int(request.GET["gate"])))
