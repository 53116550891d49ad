"""The feed and the sitemap: by Django's own frameworks, stored as pages are."""

from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse, reverse_lazy
from django.utils.html import linebreaks

from api._lib.posts import published_posts
from pagesapi.pages import static_page
from project.blog.models import Post

IN_THE_FEED = 20


class PostFeed(Feed):  # type: ignore[type-arg]  # at run time it takes none
    title = "pagesapi demo"
    description = "The blog of the demo of pagesapi."
    link = reverse_lazy("posts")
    language = "en"

    def items(self) -> Any:
        return published_posts()[:IN_THE_FEED]

    def item_description(self, item: Post) -> str:
        return linebreaks(item.body, autoescape=True)

    def item_pubdate(self, item: Post) -> datetime:
        return item.created


class PostSitemap(Sitemap):  # type: ignore[type-arg]
    def items(self) -> Any:
        return published_posts()

    def lastmod(self, item: Post) -> datetime:
        return item.created


class PageSitemap(Sitemap):  # type: ignore[type-arg]
    def items(self) -> list[str]:
        return ["home", "posts", "about"]

    def location(self, item: str) -> str:
        return reverse(item)


@static_page(revalidate=60, tags=("posts",))
def feed(request: HttpRequest) -> HttpResponseBase:
    return PostFeed()(request)


@static_page(revalidate=60, tags=("posts",))
def sitemap(request: HttpRequest) -> HttpResponseBase:
    return sitemap_view(request, {"pages": PageSitemap, "posts": PostSitemap})
