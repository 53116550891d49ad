"""What `req` and `res` ask of the pages."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase

from pagesapi import pages  # imports what is asked of it: most APIs have no page
from pagesapi.http.source import Source
from pagesapi.pages.preview import COOKIE, disable, enable, read_preview


class PagesSite:
    """A `pagesapi.http.site.Site`."""

    def preview(self, source: Source) -> Any | None:
        context = getattr(getattr(source, "django", None), "static_context", None)
        if context is not None:  # a static endpoint, whose request has no cookies
            return context.preview_data if context.preview else None
        preview = read_preview(source.cookies.get(COOKIE), source.path)
        return None if preview is None else preview.data

    def enable_preview(self, response: HttpResponseBase, data: Any, max_age: int | None, path: str | None) -> None:
        enable(response, data, max_age=max_age, path=path)

    def disable_preview(self, response: HttpResponseBase, path: str | None) -> None:
        disable(response, path=path)

    def revalidate(self, path: str) -> None:
        pages.revalidate(path)

    async def arevalidate(self, path: str) -> None:
        await pages.arevalidate(path)
