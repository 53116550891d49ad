from typing import Any

from django.http import Http404, HttpRequest

from api._lib.posts import published_posts
from api.archive.index import list_years
from pagesapi import RouteConfig

config = RouteConfig(static=True, revalidate=60, tags=("posts",))


def get_static_paths() -> list[dict[str, Any]]:
    """The years that `prerender` writes. Another one is looked for when somebody first asks for it."""
    return [{"year": row["year"]} for row in list_years()]


def GET(request: HttpRequest, year: int) -> dict[str, Any]:
    if {"year": year} not in get_static_paths():
        raise Http404(f"Nothing was published in {year}.")
    posts = published_posts().filter(created__year=year)
    return {
        "year": year,
        "posts": [{"title": post.title, "url": post.get_absolute_url(), "created": post.created} for post in posts],
    }
