"""Static endpoints with a policy: one stored answer, whoever asked first, and each caller's own headers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from pagesapi.pages import prerender
from pagesapi.testing import route_tree
from tests.cors.telling import APP, EVIL, may_read, preflight, told, varies_by, with_cors
from tests.machinery.asking import Ask

OTHER = "https://other.example"
NUMBERS = "from itertools import count\nnumbers = count(1)\n"
ONE = NUMBERS + "def GET(request): return next(numbers)\ndef POST(request): return 'posted'"
STATIC = {"static": "True", "revalidate": "60"}
TREE = {
    "own.py": with_cors(f"Cors(origins=['{APP}', '{OTHER}'], credentials=True)", ONE, **STATIC),
    "all.py": with_cors("Cors(origins='*')", ONE, **STATIC),
    "denied.py": with_cors("False", ONE, **STATIC),
    "in/_middleware.py": with_cors(f"Cors(origins=['{APP}'])"),
    "in/a.py": NUMBERS + "from pagesapi import RouteConfig\nconfig = RouteConfig(static=True)\n"
    "async def GET(request): return next(numbers)",
    "gone.py": with_cors(
        f"Cors(origins=['{APP}'])", "def GET(request): raise HTTPError(404, 'not there')", static="True"
    ),
    "boom.py": with_cors(f"Cors(origins=['{APP}'])", "def GET(request): raise RuntimeError('boom')", static="True"),
    "plain.py": "from pagesapi import RouteConfig\nconfig = RouteConfig(static=True)\ndef GET(request): return 1",
}


@pytest.fixture(autouse=True)
def _tree(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.DEBUG = False
    settings.BASE_DIR = tmp_path
    settings.ROOT_URLCONF = "tests.conformance.urls"
    settings.ALLOWED_HOSTS = ["testserver", "site.example"]
    options = {"STORE": {"BACKEND": "pagesapi.pages.store.MemoryStore"}, "SITE_URL": "https://site.example"}
    with route_tree(TREE, **options, OUTPUT_DIR=tmp_path / "out", REGENERATE="sync"):
        yield


@pytest.mark.parametrize("first", [APP, OTHER, EVIL, None])
def test_a_stored_answer_says_nothing_of_who_asked_first(ask: Ask, first: str | None) -> None:
    made = ask("/api/own", headers={} if first is None else {"Origin": first})
    assert made["X-Pagesapi-Cache"] == "MISS"
    assert told(made).get("allow-origin") == (None if first in (None, EVIL) else first)
    for origin in (APP, OTHER, EVIL, None):
        kept = ask("/api/own", headers={} if origin is None else {"Origin": origin})
        assert (kept["X-Pagesapi-Cache"], kept.json()) == ("HIT", 1)
        allowed = {"allow-origin": origin, "allow-credentials": "true"}
        assert told(kept) == ({} if origin in (None, EVIL) else allowed)
        assert varies_by(kept) == ["origin"]


def test_the_same_holds_for_head_and_304(ask: Ask) -> None:
    tag = ask("/api/own")["ETag"]
    for origin, readable in {APP: True, EVIL: False}.items():
        head = ask("/api/own", method="HEAD", headers={"Origin": origin})
        same = ask("/api/own", headers={"Origin": origin, "If-None-Match": tag})
        assert [(answer.status_code, may_read(answer, origin)) for answer in (head, same)] == [
            (200, readable),
            (304, readable),
        ]


def test_everybody_no_one_and_a_folders_policy(ask: Ask, settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = [EVIL]
    for _ in ("MISS", "HIT"):
        assert told(ask("/api/all", headers={"Origin": EVIL})) == {"allow-origin": "*"}
        assert told(ask("/api/denied", headers={"Origin": EVIL})) == {}
        assert told(ask("/api/in/a", headers={"Origin": APP})) == {"allow-origin": APP}
        assert told(ask("/api/in/a", headers={"Origin": EVIL})) == {}
        assert told(ask("/api/plain", headers={"Origin": EVIL})) == {"allow-origin": EVIL}
        assert told(ask("/api/plain", headers={"Origin": APP})) == {}


@pytest.mark.parametrize(("name", "status"), [("gone", 404), ("boom", 500)])
def test_errors_carry_the_headers(ask: Ask, name: str, status: int) -> None:
    for origin, readable in {EVIL: False, APP: True}.items():
        response = ask(f"/api/{name}", headers={"Origin": origin})
        assert (response.status_code, may_read(response, origin)) == (status, readable)


def test_preflights_and_other_methods(ask: Ask) -> None:
    assert told(preflight(ask, "/api/own"))["allow-methods"] == "GET, HEAD, OPTIONS, POST"
    assert preflight(ask, "/api/own").status_code == 204
    assert told(preflight(ask, "/api/own", origin=EVIL)) == {}
    posted = ask("/api/own", method="POST", headers={"Origin": APP})
    assert (posted.status_code, may_read(posted)) == (200, True)
    assert may_read(ask("/api/own", method="DELETE", headers={"Origin": APP}))


def test_what_the_build_wrote_names_no_origin(ask: Ask, tmp_path: Path) -> None:
    report = prerender(only=["/api/all", "/api/denied", "/api/in/a", "/api/own", "/api/plain"], workers=1)
    assert not report.failures
    served = ask("/api/own", headers={"Origin": APP})
    assert served["X-Pagesapi-Cache"] == "HIT"
    assert told(served) == {"allow-origin": APP, "allow-credentials": "true"}
    for file in (tmp_path / "out").rglob("*"):
        assert file.is_dir() or APP.encode() not in file.read_bytes()


def test_a_static_host_lets_everybody_read_where_the_policy_does(tmp_path: Path) -> None:
    assert prerender(workers=1, static=False, only=["/api/all", "/api/own"]).ok
    said = (tmp_path / "out" / "_headers").read_text()
    assert "/api/all\n  Access-Control-Allow-Origin: *\n" in said.replace("  Content-Type: application/json\n", "")
    assert "/api/own\n  Access" not in said
    assert (
        'add_header "Access-Control-Allow-Origin" "*" always;' in (tmp_path / "out" / "nginx.conf.example").read_text()
    )


def test_a_stored_answer_for_everybody_names_nobody_to_who_did_not_ask(ask: Ask) -> None:
    assert told(ask("/api/all")) == {}
    assert told(ask("/api/all", headers={"Origin": EVIL})) == {"allow-origin": "*"}
