from django.http import HttpRequest


def GET(request: HttpRequest) -> dict[str, object]:
    return {"method": "GET"}


async def POST(request: HttpRequest) -> dict[str, object]:
    return {"method": "POST"}


def DELETE(request: HttpRequest) -> None:
    pass
