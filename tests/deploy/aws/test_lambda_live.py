"""The application of this process, asked without a server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from pagesapi.conf import conf
from pagesapi.deploy.verify.live import LiveSite
from pagesapi.deploy.verify.question import Question
from pagesapi.deploy.writing.plan import Interface
from pagesapi.testing import route_tree
from tests.deploy.aws.lambda_project import FILES

HOST = ("Host", "example.com")
TREE = {name.removeprefix("api/"): source for name, source in FILES.items() if name.startswith("api/")}
TREE["page.py"] = """
    import itertools

    from pagesapi import RouteConfig

    config = RouteConfig(static=True)
    numbers = itertools.count()


    def GET(request):
        return {"number": next(numbers)}
"""


@pytest.fixture(params=["wsgi", "asgi"])
def live(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[LiveSite]:
    interface: Interface = request.param
    settings.DEBUG = False
    settings.BASE_DIR = tmp_path
    settings.ALLOWED_HOSTS = ["example.com"]
    settings.MIDDLEWARE = ["pagesapi.middleware.ApiMiddleware", "django.middleware.common.CommonMiddleware"]
    settings.ASGI_APPLICATION = "project.asgi.application"
    with route_tree(TREE, SITE_URL="https://example.com"):
        site = LiveSite(interface)
        yield site
        site.close()


def test_it_sees_what_a_function_behind_the_gateway_sees(live: LiveSite) -> None:
    headers = (
        HOST,
        ("X-Forwarded-For", "192.0.2.66"),
        ("X_Forwarded_For", "192.0.2.66"),
        ("Content-Type", "text/plain"),
    )
    answer = live.ask(Question("PUT", "/api/echo/a%20b?x=1", headers, b"body"))
    told = json.loads(answer.body)
    assert (told["method"], told["path"], told["query"]) == ("PUT", "/api/echo/a b", "x=1")
    assert (told["client"], told["url"], told["port"]) == ("203.0.113.7", "https://example.com/", "443")
    assert told["headers"]["x-forwarded-for"] == "192.0.2.66, 203.0.113.7"
    assert told["headers"]["content-length"] == "4"


def test_head_and_304_have_no_body_and_cookies_stay_apart(live: LiveSite) -> None:
    got = live.ask(Question("GET", "/api/text", (HOST,)))
    head = live.ask(Question("HEAD", "/api/text", (HOST,)))
    assert (got.body, head.body, head.status) == ("Grüße".encode(), b"", 200)
    same = live.ask(Question("GET", "/api/text", (HOST, ("If-None-Match", got.values("ETag")[0]))))
    assert (same.status, same.body) == (304, b"")
    assert len(live.ask(Question("GET", "/api/cookies", (HOST,))).values("set-cookie")) == 3


def test_another_host_is_refused_as_in_production(live: LiveSite) -> None:
    assert live.ask(Question("GET", "/api/text", (("Host", "evil.example"),))).status == 400
    assert live.ask(Question("GET", "/api/text")).status == 400  # no host, so none that is allowed


def test_pages_are_rendered_now_and_nothing_is_written_into_the_project(live: LiveSite, tmp_path: Path) -> None:
    answers = [live.ask(Question("GET", "/api/page", (HOST,))) for _ in range(2)]
    assert [answer.body for answer in answers] == [b'{"number":0}'] * 2
    assert [answer.values("x-pagesapi-cache") for answer in answers] == [["MISS"], ["HIT"]]
    assert list(tmp_path.iterdir()) == []
    live.close()
    assert conf.store.backend == "pagesapi.pages.store.FileStore"


@pytest.mark.parametrize("interface", ["wsgi", "asgi"])
def test_without_a_setting_django_itself_is_the_application(settings: Settings, interface: Interface) -> None:
    settings.WSGI_APPLICATION = None
    settings.ALLOWED_HOSTS = ["example.com"]
    with route_tree({"hello.py": "def GET(request): return 'hello'"}):
        site = LiveSite(interface)
        assert site.ask(Question("GET", "/api/hello", (HOST,))).body == b"hello"
        site.close()


def test_an_application_that_cannot_be_imported_leaves_the_settings_as_they_were(settings: Settings) -> None:
    settings.WSGI_APPLICATION = "nowhere.application"
    before = conf.given
    with pytest.raises(ImportError, match="nowhere"):
        LiveSite("wsgi")
    assert conf.given == before


def plain_application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode("latin-1"), b" plain"]


def test_an_application_of_another_kind_will_do(settings: Settings) -> None:
    settings.WSGI_APPLICATION = f"{__name__}.plain_application"
    site = LiveSite("wsgi")
    assert site.ask(Question("GET", "/%C3%BC", (HOST,))).body == "/ü plain".encode()
    site.close()
