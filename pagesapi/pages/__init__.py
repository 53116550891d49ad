"""Static pages. These are the names that a user types."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pagesapi.pages.building.prerendering import prerender
    from pagesapi.pages.context import Props, StaticContext
    from pagesapi.pages.discover import KnownPage, iter_pages
    from pagesapi.pages.invalidate import arevalidate, arevalidate_tag, revalidate, revalidate_tag
    from pagesapi.pages.render import Rendered, arender_page, render_page
    from pagesapi.pages.views import StaticPage, static_page

# Imported on first use: the models that a page's module imports need Django's registry.
ORIGINS = {
    "KnownPage": "discover",
    "Props": "context",
    "Rendered": "render",
    "StaticContext": "context",
    "StaticPage": "views",
    "arender_page": "render",
    "arevalidate": "invalidate",
    "arevalidate_tag": "invalidate",
    "iter_pages": "discover",
    "prerender": "building.prerendering",
    "render_page": "render",
    "revalidate": "invalidate",
    "revalidate_tag": "invalidate",
    "static_page": "views",
}
__all__ = [
    "KnownPage",
    "Props",
    "Rendered",
    "StaticContext",
    "StaticPage",
    "arender_page",
    "arevalidate",
    "arevalidate_tag",
    "iter_pages",
    "prerender",
    "render_page",
    "revalidate",
    "revalidate_tag",
    "static_page",
]


if not TYPE_CHECKING:  # to a type checker every name would then be one of ours

    def __getattr__(name: str) -> Any:
        if name not in ORIGINS:
            raise AttributeError(f"module 'pagesapi.pages' has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(f"pagesapi.pages.{ORIGINS[name]}"), name)
        return value


def __dir__() -> list[str]:
    return sorted([*globals(), *ORIGINS])
