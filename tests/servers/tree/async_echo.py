from django.http import HttpRequest

from pagesapi import RouteConfig

config = RouteConfig(body_limit="1kb")


async def POST(request: HttpRequest) -> dict[str, object]:
    return {"body": request.api.body}  # type: ignore[attr-defined]
