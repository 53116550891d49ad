"""The posts as a user of pagesapi writes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.blog.posts import SLUGS, context_of
from pagesapi.pages import StaticContext, StaticPage


class PostPage(StaticPage):
    template_name = "post.html"

    def get_static_paths(self) -> Iterator[dict[str, str]]:
        return ({"slug": slug} for slug in SLUGS)

    def get_static_props(self, context: StaticContext) -> dict[str, Any]:
        return context_of(context.params["slug"])
