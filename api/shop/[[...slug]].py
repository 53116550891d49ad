from typing import Any

from django.http import HttpRequest


def GET(request: HttpRequest, slug: tuple[str, ...] | list[str] = ()) -> dict[str, Any]:
    """/api/shop is the shop itself, /api/shop/shoes/red a shelf in it."""
    return {"shelf": list(slug), "depth": len(slug)}
