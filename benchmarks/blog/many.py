"""As many pages as BENCHMARKS_PAGES says, one at a time, of a template that is next to nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from django.urls import path

from benchmarks.blog.prerendering import build
from pagesapi.pages import StaticContext, StaticPage

__all__ = ["build", "urlpatterns"]

COUNT = int(os.environ["BENCHMARKS_PAGES"])


class NumberPage(StaticPage):
    template_name = "number.html"

    def get_static_paths(self) -> Iterator[dict[str, int]]:
        return ({"number": number} for number in range(COUNT))

    def get_static_props(self, context: StaticContext) -> dict[str, Any]:
        return {"number": context.params["number"]}


urlpatterns = [path("numbers/<int:number>/", NumberPage.as_view(), name="number")]
