"""Other packages that walk the URLconf see the routes."""

from __future__ import annotations

import json
import re
from html import unescape
from io import StringIO
from urllib.parse import unquote

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, include, path
from pytest_django import Settings

from pagesapi.testing import route_tree
from tests.machinery.conftest import UseUrls

TREE = {
    "index.py": "def GET(request): return 1",
    "posts/[id=int].py": "def GET(request, id): return id",
    "docs/[...slug].py": "async def handler(req, res): res.end()",
    "shop/[[...slug]].py": "def handler(req, res): res.end()",
    "broken.py": "raise RuntimeError('never imported here')",
}
URLS = ["/api", "/api/posts/<int:id>", "/api/docs/<path:slug>", "/api/shop", "/api/shop/<path:slug>", "/api/broken"]


@pytest.mark.django_db
def test_admindocs_lists_the_routes(client: Client, settings: Settings, use_urls: UseUrls) -> None:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django.contrib.admindocs"]
    use_urls(
        path("admin/doc/", include("django.contrib.admindocs.urls")),
        path("admin/", admin.site.urls),
        path("", include("pagesapi.urls")),
    )
    client.force_login(User.objects.create_superuser("ann"))
    with route_tree(TREE):
        page = client.get("/admin/doc/views/")
        links = dict(re.findall(r'<a href="(/admin/doc/views/pagesapi[^"]+)">([^<]+)</a>', page.content.decode()))
        details = {unescape(url): client.get(unquote(unescape(link))) for link, url in links.items()}
    assert set(details) | {"/api/shop"} == set(URLS)
    assert all(detail.status_code == 200 for detail in details.values())
    assert "posts/[id=int].py" in details["/api/posts/<int:id>"].content.decode()


def test_show_urls_of_django_extensions_lists_the_routes(settings: Settings) -> None:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django_extensions"]
    out = StringIO()
    with route_tree(TREE):
        call_command("show_urls", "--format", "json", stdout=out)
    rows = {row["url"]: row for row in json.loads(out.getvalue())}
    assert set(URLS) <= set(rows)
    assert rows["/api/posts/<int:id>"]["name"] == "pagesapi:posts/[id=int]"


def patterns_of(resolver: URLResolver, prefix: str = "") -> dict[str, URLPattern]:
    found: dict[str, URLPattern] = {}
    for pattern in resolver.url_patterns:
        text = f"{prefix}{pattern.pattern}"
        found.update(patterns_of(pattern, text) if isinstance(pattern, URLResolver) else {text: pattern})
    return found


def test_the_views_in_the_urlconf_are_callable_and_named() -> None:
    with route_tree(TREE):
        patterns = patterns_of(get_resolver())
    pattern = patterns["api/posts/<int:id>"]
    assert pattern.name == "posts/[id=int]"
    assert "posts/[id=int].py" in str(pattern.callback.__doc__)
    assert pattern.lookup_str


def test_the_views_in_the_urlconf_answer_requests() -> None:
    with route_tree(TREE):
        view = patterns_of(get_resolver())["api/posts/<int:id>"].callback
        assert view(RequestFactory().get("/api/posts/3"), id=3).content == b"3"
