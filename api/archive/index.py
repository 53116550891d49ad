"""A static endpoint: made once, stored, and renewed like a page; `prerender` writes it into a file."""

from typing import Any

from django.db.models import Count
from django.db.models.functions import ExtractYear
from django.http import HttpRequest
from django.urls import reverse

from api._lib.posts import published_posts
from pagesapi import RouteConfig

config = RouteConfig(static=True, revalidate=60, tags=("posts",))


def list_years() -> list[dict[str, Any]]:
    """Each year with posts and how many there are, the newest first."""
    years = published_posts().annotate(year=ExtractYear("created")).values("year")
    return list(years.annotate(posts=Count("pk")).order_by("-year"))


def GET(request: HttpRequest) -> dict[str, Any]:
    return {"years": [{**row, "url": url_of_year(row["year"])} for row in list_years()]}


def url_of_year(year: int) -> str:
    return reverse("pagesapi:archive/[year=int]", kwargs={"year": year})
