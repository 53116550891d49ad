"""What is easily got wrong: each of these was, once."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.http.response import BadHeaderError
from django.test import Client
from django.test import override_settings as override

from pagesapi import call_route, urls
from pagesapi.endpoints.tree import get_tree
from pagesapi.exceptions import ResponseError, RouteImportError
from pagesapi.testing import route_tree
from tests.endpoints.test_bodies import asgi, wsgi

FOREIGN = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
USERS = "from django.contrib.auth.models import User\n"
LOGIN = "django.contrib.auth.middleware.LoginRequiredMiddleware"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "code",
    [
        "def GET(request): return User.objects.values('username')",
        "async def GET(request): return User.objects.values('username')",
        "def handler(req, res): return User.objects.values('username')",
        "def handler(req, res): res.send(User.objects.values('username'))",
    ],
)
def test_a_queryset_is_json_and_no_stream(client: Client, code: str) -> None:
    User.objects.create(username="ann")
    with route_tree({"a.py": USERS + code}):
        response = client.get("/api/a")
    assert (response["Content-Type"], response.json()) == ("application/json", [{"username": "ann"}])


def test_functions_that_disagree_about_an_exemption_are_closed(client: Client, settings: Any) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, LOGIN]
    source = """
        from django.contrib.auth.decorators import login_not_required
        from django.views.decorators.csrf import csrf_exempt

        @csrf_exempt
        @login_not_required
        def POST(request): return 1

        def DELETE(request): return 1
    """
    with route_tree({"a.py": source}):
        assert client.delete("/api/a", headers=FOREIGN).status_code == 403
        assert client.post("/api/a", headers=FOREIGN).status_code == 403
        assert client.delete("/api/a").status_code == 401
        assert client.post("/api/a").status_code == 401


@pytest.mark.parametrize(
    "code",
    [
        "res.set_cookie('a', 'b', None, 'x\\r\\nSet-Cookie: c=d')",
        "res.set_cookie('a', 'b', expires='x\\r\\nSet-Cookie: c=d')",
        "res.delete_cookie('a', '/\\r\\nX-Evil: 1')",
        "res.delete_cookie('a', domain='/\\nX-Evil: 1')",
    ],
)
def test_a_cookie_cannot_add_a_header(client: Client, code: str) -> None:
    with route_tree({"a.py": f"def handler(req, res): {code}.end()"}), pytest.raises(BadHeaderError):
        client.get("/api/a")


def test_cookies_have_djangos_signatures_and_their_lines_are_sent_as_given(client: Client) -> None:
    source = """
        def handler(req, res):
            res.set_cookie("a", 3, 60).delete_cookie("gone", "/x")
            res.append_header("Set-Cookie", ["b=1; Path=/x", "b=2; Path=/y; Priority=High; HttpOnly; Partitioned"])
            res.end()
    """
    with route_tree({"a.py": source}):
        cookies = client.get("/api/a").cookies
    lines = [cookie.OutputString() for cookie in cookies.values()]
    assert lines[2:] == ["b=1; Path=/x", "b=2; Path=/y; Priority=High; HttpOnly; Partitioned"]
    assert (cookies["a"].value, cookies["a"]["max-age"], cookies["gone"]["path"]) == ("3", 60, "/x")


def test_a_text_of_djangos_own_is_shown_with_debug_only(client: Client, tmp_path: Path) -> None:
    source = f"""
        from django.http import Http404
        from django.utils.translation import gettext_lazy
        from django.views.static import serve

        def GET(request):
            if "own" in request.GET:
                raise Http404(gettext_lazy("There is none."))
            return serve(request, "nothing", document_root={str(tmp_path)!r})
    """
    with route_tree({"a.py": source}):
        assert client.get("/api/a?own").json()["detail"] == "There is none."
        assert str(tmp_path) not in client.get("/api/a").content.decode()
        with override(DEBUG=True):
            assert str(tmp_path) in client.get("/api/a").json()["detail"]


def read_form(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    def call(request: HttpRequest) -> HttpResponseBase:
        assert request.POST is not None
        return get_response(request)

    return call


def test_a_form_that_a_middleware_has_read_has_the_limit_too(client: Client, settings: Any) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.read_form"]
    source = "from pagesapi import RouteConfig\nconfig = RouteConfig(body_limit=1000)\ndef handler(req, res): return 1"
    with route_tree({"a.py": source}):
        form = {"file": SimpleUploadedFile("x.txt", b"x" * 5000)}
        assert client.post("/api/a", form).status_code == 413


LARGE = "from pagesapi import RouteConfig\nconfig = RouteConfig(body_limit={limit})\ndef POST(request): return {code}"


@pytest.mark.parametrize("limit", ["'20mb'", "None"])
def test_a_function_has_a_limit_above_djangos(client: Client, limit: str) -> None:
    body = "x" * 3_000_000
    form = LARGE.format(limit=limit, code="len(request.POST['a'])")
    with route_tree({"raw.py": LARGE.format(limit=limit, code="len(request.body)"), "form.py": form}):
        assert client.post("/api/raw", body, content_type="text/plain").json() == 3_000_000
        assert client.post("/api/form", {"a": body}).json() == 3_000_000
        assert (
            client.post("/api/form", f"a={body}", content_type="application/x-www-form-urlencoded").json() == 3_000_000
        )
        chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
        assert wsgi("/api/raw", BytesIO(body.encode()), **chunked) == ("200 OK", b"3000000")


def test_a_function_gets_a_chunked_form_of_several_parts() -> None:
    part = b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\nv\r\n--B--\r\n'
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    with route_tree({"a.py": "def POST(request): return request.POST.dict()"}):
        for kind in ("multipart/form-data", "Multipart/Form-Data"):
            asked = wsgi("/api/a", BytesIO(part), CONTENT_TYPE=f"{kind}; boundary=B", **chunked)
            assert asked == ("200 OK", b'{"a":"v"}')


def test_lines_of_a_chunked_body_are_cut_where_they_are_wanted() -> None:
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    reads = ("readline(2)", "readline()", "readline(9)", "read()")
    code = f"[{', '.join(f'request.{read}.decode()' for read in reads)}]"
    with route_tree({"a.py": f"def POST(request): return {code}"}):
        assert wsgi("/api/a", BytesIO(b"abc\nd"), **chunked)[1] == b'["ab","c\\n","d",""]'


def test_a_django_decorator_marks_what_a_handler_answers(client: Client) -> None:
    source = """
        from django.views.decorators.clickjacking import xframe_options_exempt

        @xframe_options_exempt
        def handler(req, res): return res.json(1)
    """
    with route_tree({"a.py": source, "b.py": "def handler(req, res): return res.json(1)"}):
        assert "X-Frame-Options" not in client.get("/api/a").headers
        assert "X-Frame-Options" in client.get("/api/b").headers


@pytest.mark.parametrize("name", ["request", "status_", "self_"])
def test_an_error_has_members_of_any_name(client: Client, name: str) -> None:
    source = f"from pagesapi import HTTPError\ndef GET(request): raise HTTPError(409, 'x', {name}='r-1')"
    with route_tree({"a.py": source}):
        response = client.get("/api/a")
    assert (response.status_code, response.json()[name]) == (409, "r-1")


@pytest.mark.django_db
def test_events_see_what_the_test_has_written(client: Client) -> None:
    User.objects.create(username="ann")
    source = USERS + "def handler(req, res): res.sse(user.username for user in User.objects.all())"
    with route_tree({"a.py": source}):
        assert b"".join(client.get("/api/a")) == b"data: ann\n\n"


@pytest.mark.parametrize(
    ("files", "options", "path", "version"),
    [
        (
            {"a.py": "def POST(request): return len(request.api.raw)"},
            {"FORCE_SCRIPT_NAME": "/app"},
            "/app/api/a",
            "1.1",
        ),
        ({"a.py": "def handler(req, res): return len(req.raw)"}, {}, "/api/a", "2"),
    ],
)
def test_a_body_is_counted_wherever_the_site_is_mounted(
    files: dict[str, str], options: dict[str, Any], path: str, version: str
) -> None:
    method = "GET" if version == "2" else "POST"
    scope: dict[str, Any] = {"path": path, "http_version": version, "method": method}
    if version != "2":
        scope["headers"] = [(b"transfer-encoding", b"chunked")]
    more = [{"body": b"x" * 10, "more_body": True}] * 2
    with route_tree(files, BODY_LIMIT=15), override(**options):
        assert asyncio.run(asgi(scope, more))[0] == 413  # and the third piece was never asked for


def test_a_length_of_thousands_of_digits_is_no_length() -> None:
    with route_tree({"a.py": "def handler(req, res): return 1"}):
        status, _ = asyncio.run(asgi({"headers": [(b"content-length", b"9" * 5000)]}, [{"body": b""}]))
    assert status in (200, 400, 413)


def test_a_file_that_exits_breaks_its_own_url_alone(client: Client) -> None:
    with route_tree({"a.py": "import sys\nsys.exit(1)", "b.py": "def GET(request): return 1"}):
        with pytest.raises(RouteImportError, match=r"a\.py calls sys\.exit\(1\)"):
            client.get("/api/a")
        assert client.get("/api/b").json() == 1


def test_what_a_file_cannot_import_is_not_asked_for_twice(client: Client) -> None:
    with route_tree({"a.py": "import nothing_of_this_name"}), pytest.raises(ModuleNotFoundError, match="nothing_of"):
        client.get("/api/a")


@override(ALLOWED_HOSTS=[".example.com", "api.example.com"])
def test_a_call_in_process_comes_from_a_host_of_the_project() -> None:
    with route_tree({"a.py": "def GET(request): return [request.build_absolute_uri(), request.META['REMOTE_ADDR']]"}):
        response: Any = call_route("a")
    assert response.content == b'["http://api.example.com/api/a","127.0.0.1"]'


class Subclass(StreamingHttpResponse):
    """As another package may have it."""


def test_a_stream_of_another_class_is_not_read_whole_either(client: Client) -> None:
    source = f"""
        from {__name__} import Subclass, produced

        async def rows():
            for number in range(3):
                produced.append(number)
                yield str(number)

        def GET(request): return Subclass(rows())
    """
    with route_tree({"a.py": source}):
        parts: Iterator[bytes] = iter(client.get("/api/a"))
        assert (next(parts), produced) == (b"0", [0])
        assert b"".join(parts) == b"12"


produced: list[int] = []


def test_a_timeout_reaches_over_the_items_of_an_async_stream(client: Client) -> None:
    source = """
        import asyncio

        async def rows():
            task = asyncio.current_task()
            yield "a"
            yield str(asyncio.current_task() is task)

        def handler(req, res): res.stream(rows())
    """
    with route_tree({"a.py": source}):
        assert b"".join(client.get("/api/a")) == b"aTrue"


@pytest.mark.parametrize(
    ("code", "said"), [("return {'a': 1}, 201", "JsonResponse"), ("return 201, {}", "res.status(201)")]
)
def test_a_status_in_a_tuple_is_told_what_to_do(client: Client, code: str, said: str) -> None:
    with route_tree({"a.py": f"def GET(request): {code}"}), pytest.raises(ResponseError) as caught:
        client.get("/api/a")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("res.statusCode = 201", "statusCode"),
        ("res.setHeader('A', 'b')", "did you mean 'set_header'?"),
        ("res.x()", "'x'"),
    ],
)
def test_a_name_from_javascript_is_told_ours(client: Client, code: str, said: str) -> None:
    with route_tree({"a.py": f"def handler(req, res): {code}"}), pytest.raises(AttributeError) as caught:
        client.get("/api/a")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("file", "source", "said", "cure"),
    [
        (
            "a.py",
            "from django.views import View\nclass handler(View): pass",
            "class-based view",
            "GET = handler.as_view()",
        ),
        (
            "a.py",
            "from django.views import View\nhandler = View.as_view()",
            "class-based view",
            "GET = View.as_view()",
        ),
        ("a.py", "def hander(req, res): pass", "but 'hander'", "def handler(req, res)"),
        ("[[...slug]].py", "def GET(request, slug): pass", "missing a required argument: 'slug'", "slug=()"),
    ],
)
def test_a_wrong_turn_has_a_way_back(file: str, source: str, said: str, cure: str) -> None:
    with route_tree({file: source}):
        tree = get_tree()
        (fault,) = tree.exports(tree.routes[0]).faults
    assert said in fault.problem
    assert cure in fault.cure


def test_a_type_before_its_name_is_told_the_order() -> None:
    with route_tree({"[int:id].py": ""}):
        (fault,) = get_tree().errors
    assert "[id=int]" in fault.cure


@override(INSTALLED_APPS=["corsheaders"])
def test_a_forgotten_app_is_named() -> None:
    with pytest.raises(ImproperlyConfigured, match='Add "pagesapi" to INSTALLED_APPS'):
        importlib.reload(urls)


def test_djangos_own_application_answers_too() -> None:
    with route_tree({"a.py": "def POST(request): return 1"}):
        assert asyncio.run(asgi({}, [{"body": b""}], ASGIHandler())) == (200, b"1")
