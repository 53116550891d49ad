"""Policies of folders: who inherits them, who overrides them, and where they stand in URLs."""

from __future__ import annotations

import pytest

from pagesapi.testing import route_tree
from tests.cors.telling import APP, GET, preflight, told, with_cors
from tests.machinery.asking import Ask

OUTER, INNER, OWN = "https://outer.example", "https://inner.example", "https://own.example"
EVERYONE = (OUTER, INNER, OWN)


def only(origin: str, more: str = "") -> str:
    return f"Cors(origins=['{origin}']{more})"


def readers(ask: Ask, url: str) -> list[str]:
    """Who may read a URL, and, so that it is the same, who may ask for more."""
    simple = [origin for origin in EVERYONE if told(ask(url, headers={"Origin": origin}))]
    asked = [origin for origin in EVERYONE if told(preflight(ask, url, "GET", origin))]
    assert simple == asked, url
    return simple


NESTED = {
    "_middleware.py": with_cors(only(OUTER)),
    "top.py": GET,
    "own.py": with_cors(only(OWN), GET),
    "other.py": "from pagesapi import RouteConfig\nconfig = RouteConfig(etag=False)\n" + GET,
    "deep/down/here.py": GET,
    "deep/inner/_middleware.py": with_cors(only(INNER)),
    "deep/inner/a.py": GET,
    "deep/inner/own.py": with_cors(only(OWN), GET),
    "deep/inner/closed/_middleware.py": with_cors("False"),
    "deep/inner/closed/a.py": GET,
    "deep/inner/closed/open.py": with_cors(only(OWN), GET),
    "deep/inner/quiet/_middleware.py": "middleware = []",
    "deep/inner/quiet/a.py": GET,
    "deep/inner/none/_middleware.py": with_cors("None"),
    "deep/inner/none/a.py": GET,
}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/api/top", [OUTER]),
        ("/api/own", [OWN]),
        ("/api/other", [OUTER]),
        ("/api/deep/down/here", [OUTER]),
        ("/api/deep/inner/a", [INNER]),
        ("/api/deep/inner/own", [OWN]),
        ("/api/deep/inner/closed/a", []),
        ("/api/deep/inner/closed/open", [OWN]),
        ("/api/deep/inner/quiet/a", [INNER]),
        ("/api/deep/inner/none/a", []),
    ],
)
def test_the_innermost_word_counts_and_replaces_the_whole_policy(ask: Ask, url: str, expected: list[str]) -> None:
    with route_tree(NESTED):
        assert readers(ask, url) == expected


def test_nothing_of_an_outer_policy_is_mixed_into_an_inner_one(ask: Ask) -> None:
    more = ", credentials=True, expose_headers=['X-One'], private_network=True, max_age=1, headers=['x-one']"
    tree = {"_middleware.py": with_cors(only(OUTER, more)), "a.py": with_cors(only(INNER), GET), "b.py": GET}
    with route_tree(tree):
        outer = told(ask("/api/b", headers={"Origin": OUTER}))
        inner = told(ask("/api/a", headers={"Origin": INNER}))
        asked = told(preflight(ask, "/api/a", "GET", INNER, private_network="true"))
    assert outer == {"allow-origin": OUTER, "allow-credentials": "true", "expose-headers": "X-One"}
    assert inner == {"allow-origin": INNER}
    assert asked.keys() == {"allow-origin", "allow-methods", "allow-headers", "max-age"}
    assert (asked["max-age"], "x-one" in asked["allow-headers"]) == ("86400", False)


def test_a_policy_of_a_folder_names_the_methods_of_each_route(ask: Ask) -> None:
    tree = {
        "_middleware.py": with_cors(only(APP)),
        "reads.py": GET,
        "writes.py": "def POST(request): return 1\ndef DELETE(request): return 1",
        "some.py": with_cors(only(APP, ", methods=['POST', 'PUT']"), "def handler(req, res): res.json(1)"),
    }
    with route_tree(tree):
        names = {url: told(preflight(ask, f"/api/{url}"))["allow-methods"] for url in ("reads", "writes", "some")}
    assert names == {"reads": "GET, HEAD, OPTIONS", "writes": "DELETE, OPTIONS, POST", "some": "POST, PUT"}


PLACES = {
    "(group)/_middleware.py": with_cors(only(OUTER)),
    "(group)/grouped.py": GET,
    "(group)/shared/a.py": GET,
    "shared/b.py": GET,
    "(other)/free.py": GET,
    "shops/[shop]/_middleware.py": with_cors(only(INNER)),
    "shops/[shop]/index.py": "def GET(request, shop): return shop",
    "shops/[shop]/items/[id=int].py": "def GET(request, shop, id): return id",
    "shops/new.py": GET,
    "docs/_middleware.py": with_cors(only(OWN)),
    "docs/[...slug].py": "def GET(request, slug): return slug",
    "all/[[...rest]].py": with_cors(only(OUTER), "def GET(request, rest=()): return rest"),
}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/api/grouped", [OUTER]),
        ("/api/shared/a", [OUTER]),
        ("/api/shared/b", []),
        ("/api/free", []),
        ("/api/shops/3", [INNER]),
        ("/api/shops/a%20b", [INNER]),
        ("/api/shops/new", []),
        ("/api/shops/new/items/4", [INNER]),
        ("/api/shops/3/items/4", [INNER]),
        ("/api/docs/a", [OWN]),
        ("/api/docs/a/b/c", [OWN]),
        ("/api/all", [OUTER]),
        ("/api/all/a/b", [OUTER]),
    ],
)
def test_groups_parameters_and_catch_alls_have_the_policies_of_their_folders(
    ask: Ask, url: str, expected: list[str]
) -> None:
    with route_tree(PLACES):
        assert readers(ask, url) == expected


BELOW = {
    "public/_middleware.py": with_cors(only(OUTER)),
    "public/a.py": GET,
    "public/closed/_middleware.py": with_cors("False"),
    "public/closed/a.py": GET,
    "shops/[shop]/_middleware.py": with_cors(only(INNER)),
    "shops/[shop]/a.py": "def GET(request, shop): return shop",
    "(group)/grouped/_middleware.py": with_cors(only(OWN)),
    "(group)/grouped/a.py": GET,
    "plain/a.py": GET,
}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/api/public", [OUTER]),
        ("/api/public/nothing", [OUTER]),
        ("/api/public/a/b/c", [OUTER]),
        ("/api/publicity", []),
        ("/api/public/closed/nothing", []),
        ("/api/shops/3/nothing", [INNER]),
        ("/api/shops", []),
        ("/api/grouped/nothing", [OWN]),
        ("/api/plain/nothing", []),
        ("/api/nothing", []),
        ("/api", []),
    ],
)
def test_an_unknown_url_has_the_policy_of_the_folder_that_it_lies_in(ask: Ask, url: str, expected: list[str]) -> None:
    with route_tree(BELOW):
        for origin in EVERYONE:
            response = ask(url, headers={"Origin": origin})
            asked = preflight(ask, url, "DELETE", origin)  # so that the page learns of the 404, not of a network error
            assert response.status_code == 404
            assert [(origin in expected)] * 2 == ["allow-origin" in told(answer) for answer in (response, asked)]


@pytest.mark.parametrize(
    ("url", "expected"),
    [("/api/public/a/", [OUTER]), ("/api//public/a", [OUTER]), ("/api/public/closed/a/", []), ("/api/plain/a/", [])],
)
def test_a_redirect_to_another_spelling_has_the_policy_of_its_target(ask: Ask, url: str, expected: list[str]) -> None:
    with route_tree(BELOW):
        for origin in EVERYONE:
            response = ask(url, headers={"Origin": origin})
            asked = preflight(ask, url, "GET", origin)
            assert response.status_code == 308
            assert [(origin in expected)] * 2 == ["allow-origin" in told(answer) for answer in (response, asked)]
