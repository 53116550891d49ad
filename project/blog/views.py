"""The pages. They call what the files below `api/` export, never the site's own URLs."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from api._lib.posts import published_posts
from api.index import list_endpoints
from api.posts.index import find_post, list_posts, page_of_posts, pages_of_posts
from pagesapi.pages import Props, StaticContext, StaticPage, static_page

NEWEST = 3


class HomePage(StaticPage):
    template_name = "blog/home.html"
    revalidate = 60
    tags = ("posts",)

    def get_static_props(self, context: StaticContext) -> Mapping[str, Any]:
        return {"posts": list_posts(drafts=context.draft)[:NEWEST], "endpoints": list_endpoints()}


class PostsPage(StaticPage):
    """/blog/: the newest posts."""

    template_name = "blog/posts.html"
    revalidate = 60
    tags = ("posts",)

    def get_static_props(self, context: StaticContext) -> Mapping[str, Any] | HttpResponse:
        return {"page": page_of_posts(1, drafts=context.draft)}


class FurtherPostsPage(PostsPage):
    """/blog/page/2/ and so on. The first page has an address of its own, to which /blog/page/1/ leads."""

    def get_static_paths(self) -> Iterator[dict[str, Any]]:
        return ({"number": number} for number in pages_of_posts().page_range)

    def get_static_props(self, context: StaticContext) -> Mapping[str, Any] | HttpResponse:
        number = context.params["number"]
        if number == 1:
            return HttpResponsePermanentRedirect(reverse("posts"))
        return {"page": page_of_posts(number, drafts=context.draft)}


class PostPage(StaticPage):
    template_name = "blog/post.html"
    revalidate = 60
    fallback = True  # a post that is younger than the build is made when it is first asked for

    def get_static_paths(self) -> Iterator[dict[str, Any]]:
        return ({"slug": slug} for slug in published_posts().values_list("slug", flat=True).iterator())

    def get_static_props(self, context: StaticContext) -> Props:
        post = find_post(context.params["slug"], drafts=context.draft)
        text = (context.draft and post.draft) or post.body
        return Props({"post": post, "text": text}, tags=[post.tag])


@static_page
def about(request: HttpRequest) -> HttpResponse:
    """As old as the build, since nothing that it shows changes in between."""
    return render(request, "blog/about.html")


@never_cache
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """An ordinary Django view, made on every request: it speaks to one visitor."""
    return render(request, "blog/thanks.html")
