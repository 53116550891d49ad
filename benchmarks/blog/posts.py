"""The posts, made from their numbers, so that every process has the same; no database."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

COUNT = int(os.environ.get("BENCHMARKS_POSTS", "2000"))
FIRST_DAY = date(2020, 1, 1)
TAGS = ("django", "python", "http", "caching", "templates", "deployment", "testing")
SENTENCES = (
    "A page that is built once is read many times, and nobody waits for a database.",
    "Whoever writes “a < b && b > c” in a template wants it escaped, on every page alike.",
    "The cache is the easy part; knowing when to throw it away is what takes an afternoon.",
    "We moved the list of posts into a function, and the page and the endpoint both call it.",
    "On Monday the old site was still up, since the new one had not been built to its end.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    slug: str
    title: str
    published: date
    tags: tuple[str, ...]
    paragraphs: tuple[str, ...]


def _post(number: int) -> Post:
    tag, other = TAGS[number % 7], TAGS[(number + 1 + number % 5) % 7]
    sentences = [SENTENCES[(number + at * at) % 5] for at in range(6)]
    return Post(
        slug=f"post-{number:04}-on-{tag}",
        title=f"Post {number} on {tag} & {other}",
        published=FIRST_DAY + timedelta(days=number),
        tags=tuple(dict.fromkeys((tag, other))),
        paragraphs=tuple(" ".join(sentences[at : at + 2]) for at in range(0, 6, 2)),
    )


POSTS = {post.slug: post for post in map(_post, range(COUNT))}
SLUGS = tuple(POSTS)
NUMBERS = {slug: number for number, slug in enumerate(SLUGS)}


def context_of(slug: str) -> dict[str, Any]:
    """What the template of a post reads."""
    number = NUMBERS[slug]
    at = [SLUGS[(number + step) % COUNT] for step in (-1, 1, 7, 14, 21, 28)]
    before, after, *related = (POSTS[other] for other in at)
    return {"post": POSTS[slug], "related": related, "before": before, "after": after}


def posts_json(count: int = COUNT) -> str:
    """So many of them, as the Next.js project in `benchmarks/nextjs_blog` reads them."""
    return json.dumps([asdict(post) for post in list(POSTS.values())[:count]], default=str)
