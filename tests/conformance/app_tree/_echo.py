"""What the echo functions answer: the request as Django sees it. Private, so not a route."""

from typing import Any

from django.http import HttpRequest

from pagesapi import JsonResponse


def echo(file: str, request: HttpRequest, params: dict[str, Any]) -> JsonResponse:
    query = request.META.get("QUERY_STRING", "")
    return JsonResponse(
        {
            "file": file,
            "method": request.method,
            "url": request.build_absolute_uri(),
            "pathname": request.get_full_path().partition("?")[0],
            "search": f"?{query}" if query else "",
            "q": [[name, value] for name, values in request.GET.lists() for value in values],
            "params": params or "<undefined>",
            "cookies": [{"name": name, "value": value} for name, value in request.api.cookies.items()],
            "body": request.body.decode(),
        }
    )
