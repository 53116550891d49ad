"""What a host of static files cannot answer, though the project does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from pagesapi.deploy.writing.plan import Plan
from pagesapi.pages.discover import iter_addresses
from pagesapi.pages.page import PAGE

SHOWN = 10
STATIC_FILES = {"django.views.static", "django.contrib.staticfiles.views"}
READ = {"GET", "HEAD", "OPTIONS"}


def unanswered(plan: Plan) -> list[str]:
    """A sentence for each kind of thing that is not in the folder."""
    notes = [
        _said("endpoints", "run on every request", _endpoints(plan)),
        _said("pages", "are made at the first visit of a path that is not listed (fallback)", _with_fallback()),
        _said("pages", "are renewed (revalidate); here the next deployment does it", _renewed()),
        _said("URLs", "belong to views that are no static pages", _views()),
    ]
    return [note for note in notes if note]


def _said(things: str, what: str, found: Iterator[str]) -> str:
    names = list(dict.fromkeys(found))
    if not names:
        return ""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"A static host cannot do it: these {things} {what}: {', '.join(names[:SHOWN])}{more}."


def _endpoints(plan: Plan) -> Iterator[str]:
    start = f"/{plan.prefix}" if plan.prefix else ""
    for endpoint in plan.endpoints:
        url = start + "".join(f"/{part.text}" for part in endpoint.segments) or "/"
        others = [method for method in endpoint.methods if method not in READ]
        if not endpoint.is_static:
            yield url
        elif others:
            yield f"{url} ({', '.join(others)})"


def _with_fallback() -> Iterator[str]:
    yield from (
        f"/{address.route}" for address, page in iter_addresses() if address.parameters and page.policy.fallback
    )


def _renewed() -> Iterator[str]:
    yield from (f"/{address.route}" for address, page in iter_addresses() if page.policy.revalidate is not None)


def _views() -> Iterator[str]:
    """Of an `include()`, such as the admin's, its beginning alone."""
    patterns: Sequence[Any] = get_resolver(settings.ROOT_URLCONF).url_patterns
    for pattern in patterns:
        if _has_view(pattern):
            below = "…" if isinstance(pattern, URLResolver) else ""
            yield f"/{str(pattern.pattern).removeprefix('^')}{below}"


def _has_view(pattern: URLPattern | URLResolver) -> bool:
    if isinstance(pattern, URLResolver):
        return any(_has_view(inner) for inner in pattern.url_patterns)
    view = pattern.callback
    is_file = getattr(view, "__module__", "") in STATIC_FILES
    return not (is_file or hasattr(view, PAGE) or hasattr(view, "pagesapi_route"))
