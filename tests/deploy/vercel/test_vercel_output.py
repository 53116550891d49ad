"""The folder that is written for Vercel."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from pagesapi.deploy.verify.question import Question
from pagesapi.deploy.verify.vercel_output import Output
from pagesapi.deploy.verify.vercel_router import Router
from pagesapi.deploy.writing.order import Order
from pagesapi.deploy.writing.pages import Pages
from pagesapi.deploy.writing.plan import Function, Plan, make_plan
from pagesapi.deploy.writing.vercel_functions import link_folder
from pagesapi.deploy.writing.vercel_headers import middleware_headers
from pagesapi.deploy.writing.vercel_pages import PageFiles, put_static_files
from pagesapi.deploy.writing.vercel_routes import Routing, escaped
from pagesapi.exceptions import DeployError
from pagesapi.pages.building.built import BuiltPage
from pagesapi.routing.segments import Kind
from pagesapi.testing import route_tree
from tests.deploy.vercel.conftest import ENVIRONMENT, PYTHON, SETTINGS, Deployed


def read(file: Path) -> Any:
    return json.loads(file.read_bytes())


def test_one_function_serves_the_whole_project(grouped: Deployed) -> None:
    names = sorted(path.name for path in (grouped.folder / "functions" / "_pagesapi").glob("*.func"))
    assert names == ["pages.func", "site.func", "slash.html.func"]
    assert read(grouped.function("site") / ".vc-config.json") == {
        "runtime": f"python{PYTHON}",
        "handler": "vc__handler__python.vc_handler",
        "architecture": "x86_64",
        "supportsResponseStreaming": True,
        "memory": 512,
        "maxDuration": 30,
        "environment": {
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "PAGESAPI_FUNCTION": "site",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": "_vendor",
        },
    }


def test_a_function_a_route_has_that_routes_bounds(per_route: Deployed) -> None:
    echo = read(per_route.function("api-echo-path") / ".vc-config.json")
    assert (echo["memory"], echo["maxDuration"]) == (512, 30)
    assert echo["environment"]["PAGESAPI_FUNCTION"] == "api-echo-path"
    assert not {"memory", "maxDuration"} & read(per_route.function("api-leave") / ".vc-config.json").keys()


def test_functions_share_their_files_on_the_disk(per_route: Deployed) -> None:
    for name in ("vercel_site_urls.py", "_vendor/django/__init__.py"):
        files = [per_route.function(function) / name for function in ("site", "pages", "api-leave")]
        assert len({file.stat().st_ino for file in files}) == 1


def test_only_the_sites_function_has_the_built_pages(per_route: Deployed) -> None:
    assert (per_route.function("site") / "_pagesapi/out/about/index.html").is_file()
    for name in ("pages", "api-leave"):
        assert not (per_route.function(name) / "_pagesapi/out").exists()
        assert (per_route.function(name) / "_pagesapi/build.json").is_file()


def test_a_page_that_is_renewed_is_a_link_to_the_function_that_makes_it(grouped: Deployed) -> None:
    folder = grouped.folder / "functions/_pagesapi/plain/api/years"
    assert (folder / "2026.html.func").resolve() == grouped.function("pages").resolve()
    assert not (folder / "2026.html.func").readlink().is_absolute()
    assert read(folder / "2026.html.prerender-config.json") == {
        "expiration": 10,
        "allowQuery": [],
        "fallback": "2026.html.prerender-fallback.json",
        "initialStatus": 200,
        "initialHeaders": {"content-type": "application/json"},
    }
    assert read(folder / "2026.html.prerender-fallback.json") == {"year": 2026}


def test_a_redirect_is_kept_for_ever(grouped: Deployed) -> None:
    config = read(grouped.folder / "functions/_pagesapi/slash/moved.html.prerender-config.json")
    assert (config["expiration"], config["initialStatus"]) == (False, 301)
    assert config["initialHeaders"]["location"] == "/about/"


def test_a_type_that_the_name_does_not_say_is_overridden(grouped: Deployed) -> None:
    assert read(grouped.folder / "config.json")["overrides"] == {
        "_pagesapi/plain/api/years.html": {"contentType": "application/json"},
        "_pagesapi/plain/feed.xml.html": {"contentType": "application/atom+xml"},
    }


def test_no_secret_is_in_the_folder(grouped: Deployed) -> None:
    secret = ENVIRONMENT["SECRET_KEY"].encode()
    files = (file for file in grouped.folder.rglob("*") if file.is_file() and "_vendor" not in file.parts)
    assert not [file for file in files if secret in file.read_bytes()]


def test_an_earlier_folder_is_replaced_and_another_is_not(project: Path, grouped: Deployed, tmp_path: Path) -> None:
    from pagesapi.deploy.writing.vercel import write_vercel  # noqa: PLC0415 - needs Python 3.12

    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "config.json").write_text("{}")
    with pytest.raises(DeployError, match="has not written it"):
        write_vercel(Order(target=tmp_path / "output", base=project), grouped.plan)
    assert [file.name for file in (tmp_path / "output").iterdir()] == ["config.json"]


def test_a_python_that_vercel_has_not_is_refused(project: Path, grouped: Deployed, tmp_path: Path) -> None:
    from pagesapi.deploy.writing.vercel import write_vercel  # noqa: PLC0415 - needs Python 3.12

    with pytest.raises(DeployError, match=r"no runtime python3\.11"):
        write_vercel(Order(target=tmp_path / "output", base=project), replace(grouped.plan, python="3.11"))


# Routing


def routing_of(plan: Plan, **changes: Any) -> Routing:
    given = {
        "start": "",
        "static": "/static/",
        "is_hashed": False,
        "has_slashed": True,
        "has_plain": True,
        "headers": {},
    }
    return Routing(plan=plan, **{**given, **changes})


def plan_of(sources: list[str], *, per_route: bool = True) -> Plan:
    with route_tree(dict.fromkeys(sources, "def GET(request, **params): return params")):
        return make_plan(per_route=per_route, interface="asgi", python="3.13")


def destination(routing: Routing, target: str) -> str:
    """The function that is asked for a URL."""
    router = Router(routing.routes(), lambda path: Path(path) if path.startswith("/_pagesapi/") else None)
    return router.route(Question("POST", target)).path.removeprefix("/_pagesapi/")


TREE = [
    "index.py",
    "posts/index.py",
    "posts/[id=int].py",
    "posts/[slug]/comments.py",
    "docs/[...path].py",
    "shop/[[...path]].py",
    "größe/a+b.py",
    "[section].py",
]


@pytest.mark.parametrize(
    ("target", "function"),
    [
        ("/api", "api-index"),
        ("/api/", "api-index"),
        ("/api/posts", "api-posts"),
        ("/api/posts/7", "api-posts-id-int"),
        ("/api/posts/7/", "api-posts-id-int"),
        ("/api/posts/seven", "site"),
        ("/api/posts/7/comments", "api-posts-slug-comments"),
        ("/api/docs", "api-section"),
        ("/api/docs/a", "api-docs-path"),
        ("/api/docs/a/b/c", "api-docs-path"),
        ("/api/shop", "api-shop-path"),
        ("/api/shop/a/b", "api-shop-path"),
        ("/api/gr%C3%B6%C3%9Fe/a+b", "api-gr-e-a-b"),
        ("/api/gr%c3%b6%c3%9fe/a+b", "api-gr-e-a-b"),
        ("/api/gr%C3%B6%C3%9Fe/aab", "site"),
        ("/api/anything", "api-section"),
        ("/API/posts", "site"),
        ("/apiposts", "site"),
        ("/elsewhere", "site"),
    ],
)
def test_an_endpoints_rule_stands_before_those_that_it_goes_before(target: str, function: str) -> None:
    assert destination(routing_of(plan_of(TREE)), target) == function


def test_a_converter_that_vercel_could_not_read_is_left_to_the_function() -> None:
    plan = plan_of(["posts/[id=int].py"])
    endpoint = plan.endpoints[0]
    typed = endpoint.segments[-1]
    assert typed.kind is Kind.TYPED
    for regex, pattern in (("[0-9]{4}", "^/api/posts/(?:[0-9]{4})/?$"), (r"\d+(?P<x>.)", "^/api/posts/[^/]+/?$")):
        converter = type("Own", (type(typed.converter),), {"regex": regex})()
        changed = replace(endpoint, segments=(*endpoint.segments[:-1], replace(typed, converter=converter)))
        assert routing_of(plan).source(changed) == pattern


def test_a_site_below_a_path_has_all_of_its_rules_there() -> None:
    routing = routing_of(plan_of(["posts.py"]), start="/app")
    assert destination(routing, "/app/api/posts") == "api-posts"
    assert destination(routing, "/api/posts") == "site"
    assert "/app/static/" in json.dumps(routing.routes())


def test_static_files_that_say_what_is_in_them_never_change() -> None:
    plan = plan_of([], per_route=False)
    found = routing_of(plan, is_hashed=True)
    router = Router(found.routes(), lambda path: Path(path) if path.startswith(("/static/", "/_pagesapi/s")) else None)
    hashed = router.route(Question("GET", "/static/blog/site.0123456789ab.css"))
    plain = router.route(Question("GET", "/static/blog/site.css"))
    assert hashed.headers == {"cache-control": "public, max-age=31536000, immutable"}
    assert plain.headers == {}


def test_a_site_without_pages_has_no_rules_for_them() -> None:
    plan = plan_of([], per_route=False)
    routes = routing_of(plan, has_slashed=False, has_plain=False, headers={"a": "b"}).routes()
    assert [route.get("dest", route.get("handle")) for route in routes] == [
        "/_pagesapi/site",
        "filesystem",
        "/_pagesapi/site",
    ]
    only_slashed = routing_of(plan, has_plain=False, static=None).routes()
    assert "_pagesapi/plain" not in json.dumps(only_slashed)
    assert "_pagesapi/plain" in json.dumps(routing_of(plan, has_slashed=False, static=None).routes())


def test_more_rules_than_vercel_takes_are_refused_with_what_to_do() -> None:
    plan = plan_of(["posts.py"])
    endpoint = plan.endpoints[0]
    endpoints = tuple(replace(endpoint, file=f"{number}.py") for number in range(2050))
    functions = (Function("site", endpoints), *(Function(f"f{each.file}", (each,)) for each in endpoints))
    with pytest.raises(DeployError, match=r"2,050 functions need .* Deploy without --per-route"):
        routing_of(replace(plan, functions=functions)).routes()


def test_text_of_a_url_stands_for_itself() -> None:
    assert escaped("/a.b+c(d)/é") == r"/a\.b\+c\(d\)/%[Cc]3%[Aa]9"


# Pages


def page(path: str, **changes: Any) -> BuiltPage:
    given: dict[str, Any] = {
        "path": path,
        "file": "page.html",
        "status": 200,
        "content_type": "text/html; charset=utf-8",
        "headers": (),
        "etag": "",
        "revalidate": None,
    }
    return BuiltPage(**{**given, **changes})


Files = Callable[..., PageFiles]


@pytest.fixture
def files(tmp_path: Path) -> PageFiles:
    (tmp_path / "built").mkdir()
    (tmp_path / "built" / "page.html").write_text("page")
    return PageFiles(tmp_path / "output", tmp_path / "built", "/app")


def names(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if not file.is_dir())


@pytest.mark.parametrize(
    "left_out",
    [
        page("/gone/", status=404, file="", body=b""),
        page("/framed/", attributes={"xframe_options_exempt": True}),
        page("/" + "x" * 250),
        page("/a.func/b"),
    ],
)
def test_what_cannot_be_a_file_there_is_the_functions(files: PageFiles, left_out: BuiltPage) -> None:
    files.write(left_out)
    assert not files.output.exists()
    assert (files.has_slashed, files.has_plain, files.is_renewed) == (False, False, False)


def test_pages_of_a_site_below_a_path_are_named_with_it(files: PageFiles) -> None:
    for path in ("/", "/about/", "/imprint"):
        files.write(page(path))
    assert names(files.output) == [
        "static/_pagesapi/plain/app/imprint.html",
        "static/_pagesapi/slash/app.html",
        "static/_pagesapi/slash/app/about.html",
    ]


def test_values_of_one_header_are_joined(files: PageFiles) -> None:
    links = (("Link", "</a>"), ("link", "</b>"))
    files.write(page("/linked", headers=links, content_type="", body=b"", status=303))
    config = read(files.output / "functions/_pagesapi/plain/app/linked.html.prerender-config.json")
    assert config["initialHeaders"] == {"link": "</a>, </b>"}


def test_static_files_on_another_host_are_not_written(tmp_path: Path) -> None:
    assert put_static_files(tmp_path, None, tmp_path / "output", "") == 0
    assert put_static_files(tmp_path, "/", tmp_path / "output", "") == 0


# Headers


@override_settings(SECURE_HSTS_SECONDS=60, X_FRAME_OPTIONS="SAMEORIGIN")
def test_the_security_middleware_speaks_for_https() -> None:
    headers = middleware_headers()
    assert headers["strict-transport-security"] == "max-age=60"
    assert headers["x-frame-options"] == "SAMEORIGIN"


@override_settings(
    MIDDLEWARE=["django.middleware.gzip.GZipMiddleware", "tests.deploy.vercel.test_vercel_output.marking"]
)
def test_what_other_middleware_says_is_left_out() -> None:
    assert middleware_headers() == {}


def marking(get_response: Any) -> Any:
    raise AssertionError("nobody asked for it")


# Reading it


def test_a_folders_index_answers_for_the_folder(tmp_path: Path) -> None:
    for name in ("static/a/index.html", "static/b/index", "functions/c/index.func/.vc-config.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    (tmp_path / "config.json").write_text('{"overrides": {"a/index.html": {"contentType": "text/x"}}}')
    output = Output(tmp_path)
    assert [output.find(path) is not None for path in ("/a", "/a/", "/b", "/c", "/d")] == [
        True,
        True,
        True,
        True,
        False,
    ]


def test_rules_are_followed_as_they_are_documented() -> None:
    routes: list[dict[str, Any]] = [
        {"src": "/old/(?<name>.*)", "dest": "/new/$name?x=$2", "continue": True, "headers": {"X-Was": "$name"}},
        {"src": "/gone", "status": 410},
        {"src": "/asked", "has": [{"type": "query", "key": "a", "value": "1|2"}, {"type": "host"}], "dest": "/file"},
        {"src": "/told", "has": [{"type": "header", "key": "x-a", "value": "b"}], "dest": "/file"},
        {"handle": "filesystem"},
        {"src": "/check/(.*)", "dest": "/$1", "check": True},
        {"src": "/wrong", "dest": "/nothing"},
        {"handle": "hit"},
        {"src": "/file", "headers": {"x-hit": "1"}, "continue": True},
        {"handle": "error"},
        {"src": "/.*", "dest": "/file", "status": 404},
    ]
    router = Router(routes, lambda path: Path(path) if path == "/file" else None)

    def found(target: str, *headers: tuple[str, str]) -> tuple[str, int | None, dict[str, str]]:
        routed = router.route(Question("GET", target, headers))
        return routed.path, routed.status, routed.headers

    assert found("/file") == ("/file", None, {"x-hit": "1"})
    assert found("/FILE") != found("/file")
    assert found("/check/file") == ("/file", None, {"x-hit": "1"})
    assert found("/GONE") == ("/GONE", 410, {})
    assert found("/asked?a=2", ("Host", "x")) == ("/file", None, {"x-hit": "1"})
    assert found("/asked?a=3", ("Host", "x"))[1] == 404
    assert found("/told", ("X-A", "b")) == ("/file", None, {"x-hit": "1"})
    assert found("/wrong") == ("/file", 404, {"x-hit": "1"})
    assert found("/check/nothing")[:2] == ("/file", 404)
    assert found("/old/page")[2]["x-was"] == "page"


# What does not happen every day


@pytest.fixture
def writer(grouped: Deployed, project: Path, tmp_path: Path) -> Any:
    from pagesapi.deploy.writing.vercel import Writer  # noqa: PLC0415 - needs the extra `vercel`

    return Writer(tmp_path / "output", Order(target=tmp_path / "output", base=project), grouped.plan)


def test_pages_that_are_too_many_stay_out_of_the_functions(writer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pagesapi.deploy.writing.vercel.LIMIT", 10)
    out = writer.site / "_pagesapi/out"
    (out / "static").mkdir(parents=True)
    (out / "index.html").write_text("more than five bytes")
    writer._make_room()
    assert not out.exists()
    assert "go without them" in writer.notes[0]


@override_settings(STATIC_URL="https://cdn.example/")
def test_a_project_without_pages_and_with_static_files_elsewhere_has_neither(writer: Any, tmp_path: Path) -> None:
    (tmp_path / "built").mkdir()
    writer._write_pages(Pages(tmp_path / "built", None))
    writer.site.mkdir(parents=True)
    writer._make_room()
    assert writer.paths == ()
    assert names(writer.output) == []


def test_where_there_are_no_hard_links_files_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: str, target: str) -> None:
        raise OSError("no links here")

    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "a.py").write_text("a")
    monkeypatch.setattr("os.link", refuse)
    link_folder(tmp_path / "source", tmp_path / "target")
    assert (tmp_path / "target" / "a.py").read_text() == "a"
