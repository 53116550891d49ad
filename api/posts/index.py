"""Anyone may write here, since it is a demo: look at `request.user` before you copy it."""

from dataclasses import asdict, dataclass
from typing import Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.text import slugify

from api._lib.posts import post_as_json, published_posts, save_post, visible_posts
from pagesapi import JsonResponse
from project.blog.models import Post

SHOWN = 50
PER_PAGE = 5


def list_posts(*, drafts: bool = False) -> list[dict[str, Any]]:
    """The newest posts, as this endpoint shows them. The page at / imports this."""
    return [post_as_json(post) for post in visible_posts(drafts=drafts)[:SHOWN]]


def pages_of_posts(*, drafts: bool = False) -> "Paginator[Post]":
    """All posts, for the pages below /blog/."""
    return Paginator(visible_posts(drafts=drafts), PER_PAGE)


def page_of_posts(number: int, *, drafts: bool = False) -> "Page[Post]":
    """`Http404` if there are not so many."""
    try:
        return pages_of_posts(drafts=drafts).page(number)
    except EmptyPage:
        raise Http404(f"There is no page {number}.") from None


def find_post(slug: str, *, drafts: bool = False) -> Post:
    """`Http404` if no post has this slug, or if it is a draft and drafts are not asked for."""
    post: Post | None = visible_posts(drafts=drafts).filter(slug=slug).first()
    if post is None:
        raise Http404(f"There is no post {slug}.")
    return post


@dataclass
class NewPost:
    title: str
    body: str = ""
    slug: str = ""
    published: bool = True


async def GET(request: HttpRequest) -> dict[str, Any]:
    return {"posts": [post_as_json(post) async for post in published_posts()[:SHOWN]]}


def POST(request: HttpRequest) -> JsonResponse:
    new: NewPost = request.api.parse(NewPost)  # type: ignore[attr-defined]
    post = Post(**{**asdict(new), "slug": new.slug or slugify(new.title)})
    save_post(post)
    location = reverse("pagesapi:posts/[id]", kwargs={"id": post.pk})
    return JsonResponse(post_as_json(post), status=201, headers={"Location": location})
