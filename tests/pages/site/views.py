"""Pages of every kind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from pagesapi.pages import Props, StaticContext, StaticPage, static_page

POSTS = {"first": "The first post", "second": "The second post"}


class HomePage(StaticPage):
    template_name = "site/home.html"

    def get_static_props(self, context: StaticContext) -> Mapping[str, Any]:
        return {"title": "Home"}


class PostPage(StaticPage):
    template_name = "site/post.html"
    revalidate = 60
    tags = ("posts",)

    def get_static_paths(self) -> Iterator[dict[str, Any]]:
        return ({"slug": slug} for slug in POSTS)

    def get_static_props(self, context: StaticContext) -> Props:
        slug = context.params["slug"]
        if slug not in POSTS:
            raise Http404(f"There is no post {slug}.")
        text = f"{POSTS[slug]}, a draft" if context.draft else POSTS[slug]
        return Props({"title": text}, tags=[f"post-{slug}"])


class AsyncPostPage(PostPage):
    async def get_static_paths(self) -> AsyncIterator[dict[str, Any]]:  # type: ignore[override]
        for slug in POSTS:
            yield {"slug": slug}

    async def get_static_props(self, context: StaticContext) -> Props:  # type: ignore[override]
        return super().get_static_props(context)


@static_page
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "site/home.html", {"title": "About"})


@static_page
def headers(request: HttpRequest) -> HttpResponse:
    return HttpResponse("x", headers={"X-Own": "1", "Content-Type": "text/plain"})
