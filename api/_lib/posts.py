"""Private to the tree: a folder or file that begins with an underscore is no route."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from pagesapi import HTTPError
from project.blog.models import Post


def published_posts() -> QuerySet[Post]:
    posts: QuerySet[Post] = Post.objects.filter(published=True)
    return posts


def visible_posts(*, drafts: bool) -> QuerySet[Post]:
    """What a visitor sees; with `drafts`, what an editor in preview sees."""
    return Post.objects.all() if drafts else published_posts()


def post_as_json(post: Post) -> dict[str, Any]:
    return {
        "id": post.pk,
        "title": post.title,
        "slug": post.slug,
        "body": post.body,
        "published": post.published,
        "created": post.created,
    }


def save_post(post: Post) -> None:
    """Checked, then saved. Between the two another request may have taken the slug."""
    post.full_clean()
    try:
        with transaction.atomic():
            post.save()
    except IntegrityError:
        raise HTTPError(409, f"Another post has the slug {post.slug}.") from None
