"""What was written for Vercel, asked as a visitor asks it: routing, kept pages, and functions in the real runtime."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pagesapi.deploy.verify.answer import NETWORK, Answer
from pagesapi.deploy.verify.question import Question
from pagesapi.deploy.verify.vercel_site import VercelSite
from pagesapi.exceptions import DeployError

HOST = ("Host", "example.com")
ORIGIN = "https://app.example"


def ask(site: VercelSite, method: str, target: str, *headers: tuple[str, str], body: bytes = b"") -> Answer:
    return site.ask(Question(method, target, (HOST, *headers), body))


def json_of(answer: Answer) -> Any:
    return json.loads(answer.body)


@pytest.mark.parametrize(
    ("target", "content_type", "body"),
    [
        ("/about/", "text/html; charset=utf-8", b"about us"),
        ("/imprint", "text/html; charset=utf-8", b"about us"),
        ("/feed.xml", "application/atom+xml", b"<feed/>"),
        ("/blog/first/", "text/html; charset=utf-8", b"post first"),
        ("/blog/zweite-gr%C3%B6%C3%9Fe/", "text/html; charset=utf-8", "post zweite-größe".encode()),
        ("/headed/", "text/html; charset=utf-8", b"with a header"),
        ("/api/years", "application/json", b'{"years":[2025,2026]}'),
        ("/api/years/2026", "application/json", b'{"year":2026}'),
    ],
)
def test_a_built_page_comes_from_the_network(site: VercelSite, target: str, content_type: str, body: bytes) -> None:
    answer = ask(site, "GET", target)
    assert (answer.status, answer.function) == (200, NETWORK)
    assert (answer.values("content-type"), answer.body) == ([content_type], body)


def test_the_network_says_of_a_page_what_the_security_middleware_says(site: VercelSite) -> None:
    answer = ask(site, "GET", "/about/")
    assert answer.values("x-frame-options") == ["DENY"]
    assert answer.values("x-content-type-options") == ["nosniff"]
    assert answer.values("referrer-policy") == ["same-origin"]


def test_a_page_that_may_be_framed_is_the_functions(site: VercelSite) -> None:
    answer = ask(site, "GET", "/framed/")
    assert (answer.status, answer.function, answer.body) == (200, "site", b"may be framed")
    assert answer.values("x-frame-options") == []


def test_a_page_keeps_the_headers_that_its_view_set(site: VercelSite) -> None:
    assert ask(site, "GET", "/headed/").values("x-own") == ["yes"]


def test_a_query_makes_no_other_page(site: VercelSite) -> None:
    assert ask(site, "GET", "/about/?utm_source=letter").body == b"about us"


def test_head_has_the_headers_of_get_and_no_body(site: VercelSite) -> None:
    answer = ask(site, "HEAD", "/about/")
    assert (answer.status, answer.body, answer.values("content-length")) == (200, b"", ["8"])


def test_who_has_a_page_is_told_so(site: VercelSite) -> None:
    etag = ask(site, "GET", "/about/").values("etag")[0]
    answer = ask(site, "GET", "/about/", ("If-None-Match", etag))
    assert (answer.status, answer.body) == (304, b"")


def test_a_static_file_is_the_networks(site: VercelSite) -> None:
    answer = ask(site, "GET", "/static/site.css")
    assert (answer.status, answer.function, answer.body) == (200, NETWORK, b"body { color: black }\n")
    assert ask(site, "POST", "/static/site.css").status == 405


def test_a_redirect_is_kept_as_the_page_that_it_is(site: VercelSite) -> None:
    answer = ask(site, "GET", "/moved/?asked=1")
    assert (answer.status, answer.function, answer.values("location")) == (301, NETWORK, ["/about/"])


def test_a_url_without_its_slash_is_djangos_to_answer(site: VercelSite) -> None:
    answer = ask(site, "GET", "/about?a=1")
    assert (answer.status, answer.function, answer.values("location")) == (301, "site", ["/about/?a=1"])


def test_an_endpoints_url_with_a_slash_is_sent_to_the_one_without(site: VercelSite) -> None:
    answer = ask(site, "GET", "/api/years/")
    assert (answer.status, answer.values("location")) == (308, ["/api/years"])


@pytest.mark.parametrize(
    "target",
    ["/about/index.html", "/about.html", "/imprint.html", "/index.html", "/_pagesapi/slash/about.html", "/_pagesapi"],
)
def test_the_name_of_a_file_is_no_url(site: VercelSite, target: str) -> None:
    answer = ask(site, "GET", target)
    assert (answer.status, answer.function) == (404, "site")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_page_takes_no_other_method(site: VercelSite, method: str) -> None:
    answer = ask(site, method, "/about/")
    assert (answer.status, answer.values("allow")) == (405, ["GET, HEAD"])


def test_an_endpoint_that_is_a_page_to_get_still_takes_post(site: VercelSite) -> None:
    assert json_of(ask(site, "POST", "/api/years")) == {"added": True}


def test_a_visitor_in_preview_gets_a_page_of_their_own(site: VercelSite) -> None:
    answer = ask(site, "GET", "/about/", ("Cookie", "a=b; pagesapi_preview=forged"))
    assert (answer.status, answer.function, answer.body) == (200, "site", b"about us")


def test_another_origin_is_answered_by_the_endpoint_itself(site: VercelSite) -> None:
    answer = ask(site, "GET", "/api/years", ("Origin", ORIGIN))
    assert answer.function != NETWORK
    assert answer.values("access-control-allow-origin") == [ORIGIN]


def test_a_preflight_is_answered_by_the_endpoint_itself(site: VercelSite) -> None:
    headers = (("Origin", ORIGIN), ("Access-Control-Request-Method", "POST"))
    answer = ask(site, "OPTIONS", "/api/years", *headers)
    assert answer.values("access-control-allow-origin") == [ORIGIN]
    assert answer.values("access-control-allow-methods") == ["GET, HEAD, OPTIONS, POST"]


def test_a_page_that_was_not_built_is_made_by_the_function(site: VercelSite) -> None:
    answer = ask(site, "GET", "/blog/third/")
    assert (answer.status, answer.function, answer.body) == (200, "site", b"post third")


def test_what_there_is_not_is_djangos_404(site: VercelSite) -> None:
    assert (ask(site, "GET", "/nope").status, ask(site, "GET", "/nope").function) == (404, "site")
    answer = ask(site, "GET", "/api/nope")
    assert (answer.status, answer.values("content-type")) == (404, ["application/problem+json"])


def test_a_page_that_is_too_old_is_made_anew_each_time(site: VercelSite) -> None:
    built = ask(site, "GET", "/")
    first, second = (site.renew(Question("GET", "/", (HOST,))) for _ in range(2))
    assert first.function == "pages"
    assert len({built.body, first.body, second.body}) == 3
    assert first.values("cache-control") == ["s-maxage=60, stale-while-revalidate=31535940"]
    assert ask(site, "GET", "/").body == second.body


def test_a_static_endpoint_is_made_anew_too(site: VercelSite) -> None:
    answer = site.renew(Question("GET", "/api/years/2026", (HOST,)))
    assert (answer.status, answer.function, json_of(answer)) == (200, "pages", {"year": 2026})


def test_a_redirect_and_a_page_with_headers_are_made_anew_as_they_were(site: VercelSite) -> None:
    assert site.renew(Question("GET", "/moved/", (HOST,))).values("location") == ["/about/"]
    assert site.renew(Question("GET", "/headed/", (HOST,))).values("x-own") == ["yes"]


def test_a_page_that_is_kept_for_all_knows_nothing_of_the_visitor_who_had_it_made(site: VercelSite) -> None:
    personal = (
        ("Cookie", "pagesapi_preview=forged; sessionid=1"),
        ("Accept-Encoding", "gzip"),
        ("If-None-Match", "*"),
        ("Authorization", "Bearer secret"),
    )
    path = "/_pagesapi/slash.html"
    process = site.process("_pagesapi/pages")
    answer = process.ask(Question("GET", path, (HOST, *personal)))
    assert (answer.status, answer.values("content-encoding")) == (200, [])
    assert answer.body.startswith(b"made at")
    assert b"gzip" not in ask(site, "GET", "/about/", ("Accept-Encoding", "gzip")).body


def test_a_page_that_fails_stays_as_it_was(site: VercelSite) -> None:
    assert site.renew(Question("GET", "/fragile/", (HOST,))).status == 500
    answer = ask(site, "GET", "/fragile/")
    assert (answer.status, answer.body) == (200, b"as it was built")


def test_what_no_rule_leads_to_is_vercels_404(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"version": 3}')
    answer = VercelSite(tmp_path, {}).ask(Question("GET", "/nope"))
    assert (answer.status, answer.function) == (404, NETWORK)


def test_only_a_page_that_is_kept_can_be_renewed(site: VercelSite) -> None:
    with pytest.raises(DeployError, match="leads to no page"):
        site.renew(Question("GET", "/about/", (HOST,)))


def test_a_body_that_is_too_large_is_refused_before_the_function(site: VercelSite) -> None:
    answer = ask(site, "POST", "/api/echo", body=b"x" * 6_000_000)
    assert (answer.status, answer.function) == (413, NETWORK)


@pytest.mark.parametrize(
    ("target", "function", "status"),
    [
        ("/api/echo", "api-echo-path", 200),
        ("/api/echo/a/b", "api-echo-path", 200),
        ("/api/echo/", "api-echo-path", 308),
        ("/api/years/1999", "api-years-year-int", 200),
        ("/api/years/last", "api-years-year-int", 200),  # one for both: other gateways know no types
        ("/api/years/a%2Fb", "api-years-year-int", 404),
        ("/api/Echo", "site", 404),
        ("/api/%65cho", "site", 200),
        ("/api", "site", 404),
        ("/", NETWORK, 200),
    ],
)
def test_each_route_has_its_function(per_route_site: VercelSite, target: str, function: str, status: int) -> None:
    answer = ask(per_route_site, "GET", target)
    assert (answer.function, answer.status) == (function, status)


def test_a_function_that_has_ended_is_started_again(per_route_site: VercelSite) -> None:
    before = per_route_site.process("_pagesapi/api-leave")
    before.close()
    assert ask(per_route_site, "GET", "/api/leave").status == 200
    assert per_route_site.process("_pagesapi/api-leave") is not before
