"""What a request or a response asks of the site, which is built above them: previews, and pages made anew."""

from __future__ import annotations

from typing import Any, Protocol

from django.http.response import HttpResponseBase

from pagesapi.http.source import Source


class Site(Protocol):
    def preview(self, source: Source) -> Any | None:
        """The preview data of a request; None if it is no preview."""

    def enable_preview(self, response: HttpResponseBase, data: Any, max_age: int | None, path: str | None) -> None: ...
    def disable_preview(self, response: HttpResponseBase, path: str | None) -> None: ...
    def revalidate(self, path: str) -> None: ...
    async def arevalidate(self, path: str) -> None: ...


_site: Site | None = None


def register_site(site: Site) -> None:
    """Called once, when Django's apps are ready."""
    global _site  # noqa: PLW0603 - the one seam through which this layer reaches up
    _site = site


def get_site() -> Site:
    assert _site is not None, 'Add "pagesapi" to INSTALLED_APPS.'
    return _site
