"""`Cors(...)` on a route: the exact headers of simple requests and of preflights."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from pagesapi.testing import route_tree
from tests.cors.conftest import UseMiddleware
from tests.cors.telling import APP, DEFAULT_HEADERS, EVIL, GET, may_read, preflight, told, varies_by, with_cors
from tests.machinery.asking import Ask

ONE = 'Cors(origins=["https://app.example"])'
BOTH = "def GET(request): return 1\nasync def POST(request): return 2"
HANDLER = "def handler(req, res): res.set_header('X-Answered', req.method).json(req.method)"
TREE = {
    "methods.py": with_cors(ONE, BOTH),
    "amethods.py": with_cors(ONE, "async def GET(request): return 1\nasync def POST(request): return 2"),
    "handled.py": with_cors(ONE, HANDLER),
    "listed.py": with_cors(ONE, HANDLER, methods='["GET", "POST"]'),
    "all.py": with_cors('Cors(origins="*")', BOTH),
    "none.py": with_cors("Cors(origins=[])", BOTH),
    "pattern.py": with_cors(r'Cors(origins=[re.compile(r"https://\w+\.app\.example")])', GET),
    "plain.py": BOTH,
}


@pytest.mark.parametrize("name", ["methods", "amethods", "handled", "listed"])
def test_an_allowed_origin_is_named_and_nothing_else_is_said(ask: Ask, name: str) -> None:
    with route_tree(TREE):
        response = ask(f"/api/{name}", headers={"Origin": APP})
    assert response.status_code == 200
    assert told(response) == {"allow-origin": APP}
    assert varies_by(response) == ["origin"]


@pytest.mark.parametrize("headers", [{}, {"Origin": EVIL}, {"Origin": ""}, {"Origin": "http://testserver"}])
def test_without_an_allowed_origin_there_is_the_vary_alone(ask: Ask, headers: dict[str, str]) -> None:
    with route_tree(TREE):
        for name in ("methods", "handled", "none"):
            response = ask(f"/api/{name}", headers=headers)
            assert response.status_code == 200
            assert (told(response), varies_by(response)) == ({}, ["origin"])


def test_a_policy_for_all_says_so(ask: Ask) -> None:
    with route_tree(TREE):
        for origin in (APP, EVIL, "null", "file://"):
            response = ask("/api/all", headers={"Origin": origin})
            assert (told(response), varies_by(response)) == ({"allow-origin": "*"}, ["origin"])
        assert told(ask("/api/all")) == {}


def test_a_pattern_has_to_match_the_whole_origin(ask: Ask) -> None:
    with route_tree(TREE):
        assert may_read(ask("/api/pattern", headers={"Origin": "https://a.app.example"}), "https://a.app.example")
        for origin in (
            "https://a.app.example.evil.example",
            "xhttps://a.app.example",
            "https://a.app.example:81",
            APP,
        ):
            assert told(ask("/api/pattern", headers={"Origin": origin})) == {}


def test_a_policy_is_for_its_route_alone(ask: Ask) -> None:
    with route_tree(TREE):
        for path in ("/api/plain", "/api/nothing", "/api/methods/x"):
            assert told(ask(path, headers={"Origin": APP})) == {}
            assert told(preflight(ask, path)) == {}


OPTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "credentials": ("credentials=True", {"allow-credentials": "true"}),
    "exposed headers": ('expose_headers=["X-One", "X-Two"]', {"expose-headers": "X-One, X-Two"}),
    "max_age": ("max_age=5", {}),
    "headers": ('headers=["X-Own"]', {}),
    "methods": ('methods=["GET"]', {}),
    "a private network that nobody asks for": ("private_network=True", {}),
}


@pytest.mark.parametrize(("given", "more"), OPTIONS.values(), ids=OPTIONS)
def test_what_an_option_adds_to_a_simple_answer(ask: Ask, given: str, more: dict[str, str]) -> None:
    with route_tree({"a.py": with_cors(f"Cors(origins=['{APP}'], {given})", BOTH)}):
        response = ask("/api/a", headers={"Origin": APP})
        other = ask("/api/a", headers={"Origin": EVIL})
    assert told(response) == {"allow-origin": APP, **more}
    assert (told(other), varies_by(other)) == ({}, ["origin"])


# Preflights

ALLOWED = {"allow-origin": APP, "allow-headers": DEFAULT_HEADERS, "max-age": "86400"}
EVERY_METHOD = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"


@pytest.mark.parametrize(
    ("name", "methods"),
    [
        ("methods", "GET, HEAD, OPTIONS, POST"),
        ("amethods", "GET, HEAD, OPTIONS, POST"),
        ("handled", EVERY_METHOD),
        ("listed", "GET, HEAD, POST"),
    ],
)
def test_a_preflight_names_the_methods_that_the_module_answers(ask: Ask, name: str, methods: str) -> None:
    with route_tree(TREE):
        response = preflight(ask, f"/api/{name}")
    assert (response.status_code, response.content) == (204, b"")
    assert told(response) == {**ALLOWED, "allow-methods": methods}
    assert varies_by(response) == ["origin"]
    assert "X-Answered" not in response
    assert "Content-Type" not in response


@pytest.mark.parametrize("method", ["DELETE", "PUT", "POKE", "get", ""])
def test_a_method_that_the_module_has_not_is_not_among_them(ask: Ask, method: str) -> None:
    with route_tree(TREE):
        response = preflight(ask, "/api/methods", method)
    assert response.status_code == 204
    assert told(response) == {**ALLOWED, "allow-methods": "GET, HEAD, OPTIONS, POST"}


@pytest.mark.parametrize("origin", [EVIL, "null", "http://app.example", "https://app.example.evil.example"])
def test_a_preflight_of_another_origin_learns_nothing(ask: Ask, origin: str) -> None:
    with route_tree(TREE):
        for name in ("methods", "handled", "none"):
            response = preflight(ask, f"/api/{name}", origin=origin)
            assert (response.status_code, response.content) == (204, b"")
            assert (told(response), varies_by(response)) == ({}, ["origin"])


PREFLIGHTS: dict[str, tuple[str, dict[str, str]]] = {
    "methods": ('methods=["POST"]', {"allow-methods": "POST"}),
    "methods that the module has not": ('methods=["POST", "DELETE"]', {"allow-methods": "POST"}),
    "headers": ('headers=["X-Own", "content-type"]', {"allow-headers": "X-Own, content-type"}),
    "credentials": ("credentials=True", {"allow-credentials": "true"}),
    "max_age": ("max_age=5", {"max-age": "5"}),
    "no remembering": ("max_age=0", {"max-age": "0"}),
    "a private network that nobody asks for": ("private_network=True", {}),
}


@pytest.mark.parametrize(("given", "more"), PREFLIGHTS.values(), ids=PREFLIGHTS)
def test_what_an_option_changes_in_a_preflight(ask: Ask, given: str, more: dict[str, str]) -> None:
    with route_tree({"a.py": with_cors(f"Cors(origins=['{APP}'], {given})", BOTH)}):
        response = preflight(ask, "/api/a")
        other = preflight(ask, "/api/a", origin=EVIL)
    assert told(response) == {**ALLOWED, "allow-methods": "GET, HEAD, OPTIONS, POST", **more}
    assert told(other) == {}


def test_a_browser_may_be_left_to_remember_as_long_as_it_likes(ask: Ask) -> None:
    with route_tree({"a.py": with_cors(f"Cors(origins=['{APP}'], max_age=None)", BOTH)}):
        assert "max-age" not in told(preflight(ask, "/api/a"))


def test_any_header_means_authorization_too_which_a_star_does_not(ask: Ask) -> None:
    with route_tree({"a.py": with_cors(f"Cors(origins=['{APP}'], headers='*')", BOTH)}):
        names = told(preflight(ask, "/api/a", headers="authorization, x-own"))["allow-headers"].lower()
    assert set(names.split(", ")) == {"*", "authorization"}


@pytest.mark.parametrize(
    ("origin", "asked", "opened"),
    [(APP, "true", True), (APP, "TRUE", False), (APP, "", False), (EVIL, "true", False)],
)
def test_a_private_network_is_opened_to_whom_may_call_and_asks(
    ask: Ask, origin: str, asked: str, opened: bool
) -> None:
    with route_tree({"a.py": with_cors(f"Cors(origins=['{APP}'], private_network=True)", BOTH)}):
        response = preflight(ask, "/api/a", origin=origin, private_network=asked)
    assert (told(response).get("allow-private-network") == "true") is opened


def test_a_private_network_stays_closed_by_default(ask: Ask) -> None:
    with route_tree(TREE):
        assert "allow-private-network" not in told(preflight(ask, "/api/methods", private_network="true"))


def test_a_preflight_for_all(ask: Ask) -> None:
    with route_tree(TREE):
        response = preflight(ask, "/api/all", origin=EVIL)
    assert told(response) == {**ALLOWED, "allow-origin": "*", "allow-methods": "GET, HEAD, OPTIONS, POST"}


def test_options_that_is_no_preflight_reaches_the_route(ask: Ask) -> None:
    with route_tree(TREE):
        handled = ask("/api/handled", method="OPTIONS", headers={"Origin": APP})
        methods = ask("/api/methods", method="OPTIONS", headers={"Origin": APP})
        nobody = ask("/api/handled", method="OPTIONS", headers={"Access-Control-Request-Method": "PUT"})
    assert (handled["X-Answered"], told(handled)) == ("OPTIONS", {"allow-origin": APP})
    assert (methods["Allow"], told(methods)) == ("GET, HEAD, OPTIONS, POST", {"allow-origin": APP})
    assert (nobody["X-Answered"], told(nobody), varies_by(nobody)) == ("OPTIONS", {}, ["origin"])


class Maintenance(MiddlewareMixin):
    def process_request(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("later", status=503)


CLOSED = """
from pagesapi import HTTPError
def closed(get_response):
    def middleware(request):
        raise HTTPError(401, "Sign in.")
    return middleware
middleware = [closed]
"""


def test_a_preflight_is_answered_before_all_middleware_guards_and_handlers(
    ask: Ask, use_middleware: UseMiddleware
) -> None:
    tree = {"in/_middleware.py": CLOSED, "in/a.py": with_cors(ONE, BOTH)}
    with route_tree(tree):
        guarded = ask("/api/in/a", headers={"Origin": APP})
        open_to_ask = preflight(ask, "/api/in/a")
    use_middleware(Maintenance, before="django.middleware.security.SecurityMiddleware")
    with route_tree(tree):
        busy = ask("/api/in/a", headers={"Origin": APP})
        open_still = preflight(ask, "/api/in/a")
    assert [(answer.status_code, may_read(answer)) for answer in (guarded, busy)] == [(401, True), (503, True)]
    for answer in (open_to_ask, open_still):
        assert (answer.status_code, told(answer)["allow-methods"]) == (204, "GET, HEAD, OPTIONS, POST")
