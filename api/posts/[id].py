from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from api._lib.posts import post_as_json, published_posts, save_post
from project.blog.models import Post


@dataclass
class PostChange:
    title: str | None = None
    body: str | None = None
    slug: str | None = None
    published: bool | None = None


async def GET(request: HttpRequest, id: str) -> dict[str, Any]:
    return post_as_json(found(await with_number(published_posts(), id).afirst(), id))


def PATCH(request: HttpRequest, id: str) -> dict[str, Any]:
    change: PostChange = request.api.parse(PostChange)  # type: ignore[attr-defined]
    post = found(with_number(Post.objects.all(), id).first(), id)
    for name, value in asdict(change).items():
        if value is not None:
            setattr(post, name, value)
    save_post(post)
    return post_as_json(post)


async def DELETE(request: HttpRequest, id: str) -> None:
    post = found(await with_number(Post.objects.all(), id).afirst(), id)
    await post.adelete()


def with_number(posts: QuerySet[Post], id: str) -> QuerySet[Post]:
    """A plain parameter is any text: one that is no number finds nothing."""
    try:
        number = int(id)
    except ValueError:
        number = 0  # no row has it
    matching: QuerySet[Post] = posts.filter(pk=number)
    return matching


def found(post: Post | None, id: str) -> Post:
    if post is None:
        raise Http404(f"There is no post {id}.")
    return post
