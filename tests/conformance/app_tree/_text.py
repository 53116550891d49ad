"""`new Response("…")` of route handlers: Django's response, plain text."""

from typing import Any

from django.http import HttpResponse


def text(content: str = "", **options: Any) -> HttpResponse:
    response = HttpResponse(content, content_type="text/plain; charset=utf-8", **options)
    if not content:
        del response["Content-Type"]  # as new Response() has none
    return response
