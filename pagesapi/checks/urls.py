"""Where the tree stands in the URLconf, and what else answers there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Warning
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from pagesapi.checks.settings import configured, has_urls
from pagesapi.checks.swallowed import sample_of, swallowing_patterns, uses_converters_of_its_own
from pagesapi.checks.tree import check_app
from pagesapi.conf import conf
from pagesapi.endpoints.tree import get_tree
from pagesapi.resolver import ApiResolver, find


def check_urls(**kwargs: Any) -> list[CheckMessage]:
    if not configured() or not has_urls() or not _is_urlconf(get_resolver()):
        return []
    places = list(_places(get_resolver(), ""))
    if not places:
        hint = 'Add path("", include("pagesapi.urls")) to urlpatterns.'
        return [Warning("pagesapi.urls is included nowhere, so no endpoint has a URL.", hint=hint, id="pagesapi.W034")]
    messages: list[CheckMessage] = []
    prefix = conf.api_prefix
    for place in places:
        if prefix and place.rstrip("/").endswith(prefix) and re.search(rf"(^|/){re.escape(prefix)}/?$", place):
            hint = 'Write path("", include("pagesapi.urls")): the prefix is in PAGESAPI["API_PREFIX"].'
            text = f"pagesapi.urls is included under {place!r}, so its URLs begin with /{place}{prefix}."
            messages.append(Warning(text, hint=hint, id="pagesapi.W035"))
    doubles = dict(_doubles(places))
    messages += doubles.values()
    if not get_tree().errors and not check_app() and not uses_converters_of_its_own(get_resolver()):
        messages += swallowing_patterns(places, told=set(doubles))
    return messages


def _is_urlconf(resolver: URLResolver) -> bool:
    """Whether all that stands in it are patterns; what is none, Django names by itself (urls.E004)."""
    return all(
        isinstance(pattern, URLPattern) or (isinstance(pattern, URLResolver) and _is_urlconf(pattern))
        for pattern in resolver.url_patterns
    )


def _places(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, ApiResolver):
            yield prefix
        elif isinstance(pattern, URLResolver):
            yield from _places(pattern, prefix + str(pattern.pattern))


def _doubles(places: list[str]) -> Iterator[tuple[str, CheckMessage]]:
    """Patterns of the project that have a route's URL. Told by an example, so only for `path()` patterns."""
    tree = get_tree()
    for pattern, text in _project_patterns(get_resolver(), ""):
        sample = sample_of(text)
        for place in places:
            match = find(tree, sample.removeprefix(place)) if sample.startswith(place) else None
            if match is not None:
                named = f"the URL pattern {pattern.name or text!r}"
                yield (
                    text,
                    Warning(
                        f"Two answers for /{text}: the route {match[0].file} and {named}.",
                        hint="The one that stands first in the URLconf answers. Rename one of the two.",
                        id="pagesapi.W036",
                    ),
                )
                break


def _project_patterns(resolver: URLResolver, prefix: str) -> Iterator[tuple[URLPattern, str]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, ApiResolver) or not isinstance(pattern.pattern, RoutePattern):
            continue
        text = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _project_patterns(pattern, text)
        else:
            yield pattern, text
