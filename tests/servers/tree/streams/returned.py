from collections.abc import Iterator

from django.http import HttpRequest

from tests.servers.gate import pieces


async def GET(request: HttpRequest) -> Iterator[str]:
    return pieces(int(request.GET["gate"]))
