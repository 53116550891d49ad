from django.http import HttpRequest


async def GET(request: HttpRequest, id: int) -> dict[str, int]:
    return {"id": id}
