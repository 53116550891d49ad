"""Anyone may write here, since it is a demo: look at `request.user` before you copy it."""

from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import slugify

from api._lib.posts import post_as_json, published_posts, save_post
from pagesapi import JsonResponse
from project.blog.models import Post

SHOWN = 50


def list_posts() -> list[dict[str, Any]]:
    """The newest published posts. The page at / imports this."""
    return [post_as_json(post) for post in published_posts()[:SHOWN]]


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
