"""Static pages: classes and decorated views, sync and async, with and without parameters."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any

from asked import PageRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path
from people.models import Post
from typing_extensions import TypedDict, assert_type

from pagesapi.pages import Props, StaticContext, StaticPage, static_page


class PostProps(TypedDict):
    post: Post


class PostPage(StaticPage):
    template_name = "post.html"
    revalidate = 60
    fallback = "blocking"
    tags = ["posts"]

    def get_static_paths(self) -> Iterator[dict[str, str]]:
        return ({"slug": post.slug} for post in Post.objects.all())

    def get_static_props(self, context: StaticContext) -> PostProps:
        assert_type(context.preview, bool)
        assert_type(context.draft, bool)
        assert_type(context.params, Mapping[str, Any])
        if context.reason == "stale" and self.request.path == "/":
            raise Http404
        return {"post": Post.objects.get(slug=context.params["slug"])}


class RowsPage(StaticPage):
    revalidate = None
    fallback = False
    tags = ("rows",)

    def get_static_paths(self) -> list[dict[str, int | str]]:
        return [{"year": 2026, "slug": "a"}]

    def get_static_props(self, context: StaticContext) -> Props | HttpResponseRedirect:
        if "slug" not in context.params:
            return HttpResponseRedirect("/")
        return Props({"rows": []}, revalidate=10, tags=["rows-3"])


class AsyncPage(StaticPage):
    async def get_static_paths(self) -> AsyncIterator[dict[str, str]]:
        async for post in Post.objects.all():
            yield {"slug": post.slug}

    async def get_static_props(self, context: StaticContext) -> dict[str, Any]:
        return {"post": await Post.objects.aget(slug=context.params["slug"])}


class PostOfYearPage(PostPage):
    def get_static_props(self, context: StaticContext) -> PostProps:
        return {**super().get_static_props(context)}


@static_page
def about(request: HttpRequest, language: str = "en") -> HttpResponse:
    return render(request, "about.html", {"language": language})


@static_page(paths=lambda: [{"year": 2026}], revalidate=3600, fallback=False, tags=["archive"])
def archive(request: PageRequest, year: int) -> HttpResponse:
    assert_type(request.static_context, StaticContext)
    return render(request, "archive.html", {"year": year})


async def slugs() -> list[dict[str, str]]:
    return [{"slug": post.slug} async for post in Post.objects.all()]


@static_page(paths=slugs)
async def post_page(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "post.html", {"post": await Post.objects.aget(slug=slug)})


@static_page(paths=lambda: Post.objects.values("slug"))
def post_feed(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse(slug)


# The view's own parameters; and its answer, which is never awaited: a page's view is sync.
about_view: Callable[[HttpRequest], HttpResponseBase] = about
archive_view: Callable[[PageRequest, int], HttpResponseBase] = archive
post_view: Callable[[HttpRequest, str], HttpResponseBase] = post_page

urlpatterns = [
    path("blog/<slug:slug>/", PostPage.as_view(revalidate=10), name="post"),
    path("about/", about, name="about"),
    path("about/<str:language>/", about),
    path("archive/<int:year>/", archive),
    path("posts/<slug:slug>/", post_page),
    path("robots.txt", static_page(lambda request: HttpResponse("User-agent: *", "text/plain"))),
]
