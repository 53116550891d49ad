"""What a front end elsewhere shows of the blog."""

from typing import Any

from django.http import HttpRequest

from api.posts.index import list_posts


def GET(request: HttpRequest) -> dict[str, Any]:
    """The newest posts, for everybody."""
    return {"posts": list_posts()}
