"""What the README shows is put into a tree and asked for."""

import re
import sys
import unittest
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.checks import run_checks
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client, override_settings
from django.urls import reverse

from pagesapi import call_route, load_route
from pagesapi.conf import KNOWN
from pagesapi.testing import route_tree
from project.blog.models import Post

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
ROUTE = re.compile(r"# api/(?P<file>\S+\.py)\n")
ROUTES = {match["file"]: block for block in BLOCKS if (match := ROUTE.match(block))}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("PAYMENT_TOKEN", "t0ken"), ("WEATHER_URL", "http://127.0.0.1:9/v1"), ("WEATHER_KEY", "k")):
        monkeypatch.setenv(name, value)


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def tree() -> Iterator[Path]:
    with route_tree(ROUTES) as folder:
        yield folder


def problems() -> list[str]:
    return [str(message) for message in run_checks() if str(message.id).startswith("pagesapi.")]


def test_there_are_routes_to_try() -> None:
    assert len(ROUTES) == sum("# api/" in block.split("\n")[0] for block in BLOCKS) >= 8


@pytest.mark.parametrize("file", sorted(ROUTES))
def test_each_route_of_the_readme_stands_alone(file: str) -> None:
    with route_tree({file: ROUTES[file]}):
        assert problems() == []


def test_all_routes_of_the_readme_make_one_tree(tree: Path) -> None:
    assert problems() == []


@pytest.mark.parametrize("block", BLOCKS)
def test_each_block_is_python(block: str) -> None:
    compile(block, "README.md", "exec")


def test_hello(tree: Path, client: Client) -> None:
    assert client.get("/api/hello").json() == {"message": "Hello"}


def test_the_three_files_of_the_beginning_answer_those_urls(client: Client) -> None:
    first = README[: README.index("```python")]
    files = re.findall(r"\| `api/(\S+)` \| `(\S+?)`(?:, with `(.*)`)? \|", first)
    assert len(files) == 3
    with route_tree({file: "def handler(req, res): return dict(req.params)" for file, _, _ in files}):
        for _, url, params in files:
            expected: dict[str, Any] = {}
            exec(f"expected = dict({params})", {}, found := {"expected": expected})  # noqa: S102 - our own README
            assert client.get(url).json() == found["expected"]


def test_echo(tree: Path, client: Client) -> None:
    assert client.get("/api/echo?name=Ada").json() == {"name": "Ada"}
    answer = client.post("/api/echo", {"a": [1]}, "application/json")
    assert (answer.status_code, answer.json()) == (201, {"you_sent": {"a": [1]}})


def test_method_functions(tree: Path, client: Client, db: None) -> None:
    post = Post.objects.create(title="Title", slug="title")
    url = f"/api/posts/{post.pk}"

    assert client.get(url).json()["title"] == "Title"
    assert client.put(url)["Allow"] == "DELETE, GET, HEAD, OPTIONS"
    assert client.delete(url).status_code == 403
    assert client.get("/api/posts/0").json()["detail"] == "There is no post 0."
    assert reverse("pagesapi:posts/[id=int]", kwargs={"id": 3}) == "/api/posts/3"
    assert call_route("posts/[id=int]", method="GET", params={"id": post.pk}).status_code == 200
    assert load_route("posts/[id=int]").Post is Post


def test_a_type_for_the_body(tree: Path, client: Client) -> None:
    answer = client.post("/api/subscribe", {"email": "ada@example.com"}, "application/json")
    assert (answer.status_code, answer.json()) == (201, {"subscribed": "ada@example.com"})
    answer = client.post("/api/subscribe", {"weekly": 5}, "application/json")
    assert (answer.status_code, sorted(answer.json()["errors"])) == (400, ["email", "weekly"])


def test_streams(tree: Path, client: Client) -> None:
    answer = client.get("/api/export.csv")
    assert answer["Content-Type"] == "text/csv"
    assert answer.getvalue() == b"number,square\n1,1\n2,4\n3,9\n"


def test_server_sent_events(tree: Path, client: Client) -> None:
    answer = client.get("/api/countdown")
    assert answer["Content-Type"].startswith("text/event-stream")
    assert b"".join(answer).count(b"event: tick\n") == 3


def test_errors_are_the_document_that_is_shown(tree: Path, client: Client) -> None:
    shown = re.search(r"```json\n(.*?)```", README, re.DOTALL)
    assert shown
    answer = client.post("/api/vote")
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert answer.content.decode() == compact(shown[1])


def compact(text: str) -> str:
    return text.strip().replace('": ', '":').replace(', "', ',"')


def test_config(tree: Path, client: Client) -> None:
    answer = client.post("/api/upload", {"one": SimpleUploadedFile("one.txt", b"12345")})
    assert (answer.status_code, answer.json()) == (201, {"one": 5})
    assert client.get("/api/upload").status_code == 405


def test_a_guarded_folder(tree: Path, client: Client, db: None) -> None:
    assert client.get("/api/account/profile").status_code == 401
    client.force_login(User.objects.create_user("ada"))
    assert client.get("/api/account/profile").json() == {"name": "ada"}
    assert client.get("/api/hello").status_code == 200


def test_a_folder_for_another_origin(tree: Path, client: Client) -> None:
    answer = client.get("/api/catalog/anything", headers={"Origin": "https://shop.example"})
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (404, "https://shop.example")
    other = client.get("/api/hello", headers={"Origin": "https://shop.example"})
    assert "Access-Control-Allow-Origin" not in other


def test_a_webhook(tree: Path, client: Client) -> None:
    def sent(token: str) -> Any:
        headers = {"Authorization": f"Bearer {token}", "Sec-Fetch-Site": "cross-site"}
        return client.post("/api/hooks/payment", {"id": 7}, "application/json", headers=headers)

    assert sent("t0ken").json() == {"received": 7}
    assert sent("other").status_code == 401


def test_another_service(tree: Path, client: Client) -> None:
    """Nothing listens there; what a service says is shown by the tests of the proxy."""
    assert client.get("/api/weather/today?city=Rome").status_code == 502
    assert client.get("/api/weather/%252e%252e/admin").status_code == 400


def test_the_table_of_who_may_call_is_what_the_command_prints() -> None:
    stdout = StringIO()
    call_command("routes", policy=True, stdout=stdout)
    printed = [line.split() for line in stdout.getvalue().splitlines()]
    table = re.search(r"^```\n(URL +METHODS +CORS.*?)\n```$", README, re.DOTALL | re.MULTILINE)
    assert table
    assert [line.split() for line in table[1].splitlines() if line.split() not in printed] == []


def test_a_policy_is_held_to(tmp_path: Path) -> None:
    found: dict[str, Any] = {"__file__": str(tmp_path / "test_policy.py")}
    exec(next(block for block in BLOCKS if "assert_policy" in block), found)  # noqa: S102 - our own README
    with pytest.raises(AssertionError, match=r"routes --policy --json > policy\.json"):
        found["test_who_may_call_is_as_it_was_agreed"]()
    call_command("routes", policy=True, json=True, stdout=(stdout := StringIO()))
    (tmp_path / "policy.json").write_text(stdout.getvalue())
    found["test_who_may_call_is_as_it_was_agreed"]()
    with route_tree({}), pytest.raises(AssertionError, match="Who may call has changed"):
        found["test_who_may_call_is_as_it_was_agreed"]()


def test_shared_functions(tree: Path, client: Client) -> None:
    assert client.get("/api/greet").json() == {"text": "Hello, you"}
    assert load_route("greet").greeting("reader") == "Hello, reader"


def test_the_tests_of_the_readme_pass() -> None:
    plain, method, *_ = (block for block in BLOCKS if "def test_" in block and "route_tree" in block)
    namespace: dict[str, Any] = {"__name__": __name__}
    exec(plain, namespace)  # noqa: S102 - our own README
    namespace["test_the_price_has_two_decimals"]()

    exec(method, namespace)  # noqa: S102 - our own README
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(namespace["PriceTest"]).run(result)
    assert (result.testsRun, result.errors, result.failures) == (1, [], [])


@pytest.fixture
def pages(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A project of the README's views and patterns, with its static endpoint and its preview."""
    views, urls = (starting(f"# {file}") for file in ("blog/views.py", "mysite/urls.py"))
    for name, source in (("blog", ""), ("blog.views", views), ("mysite_urls", urls)):
        module = ModuleType(name)
        monkeypatch.setitem(sys.modules, name, module)
        exec(source, vars(module))  # noqa: S102 - our own README
    templates = {"blog/article.html": "{{ post.title }}", "blog/imprint.html": "Imprint"}
    loader = ("django.template.loaders.locmem.Loader", templates)
    engine = "django.template.backends.django.DjangoTemplates"
    options = {"STORE": {"BACKEND": "pagesapi.pages.store.MemoryStore"}, "REGENERATE": "sync"}
    with (
        route_tree(ROUTES, SITE_URL="http://testserver", BUILD_ID="readme", **options),
        override_settings(
            ROOT_URLCONF="mysite_urls", TEMPLATES=[{"BACKEND": engine, "OPTIONS": {"loaders": [loader]}}]
        ),
    ):
        yield


def starting(line: str) -> str:
    return next(str(block) for block in BLOCKS if block.startswith(line))


def block_with(text: str) -> str:
    return next(str(block) for block in BLOCKS if text in block)


def shown(client: Client, url: str) -> tuple[str, str]:
    answer = client.get(url)
    return answer.content.decode(), answer["X-Pagesapi-Cache"]


def test_static_pages(pages: None, client: Client, django_capture_on_commit_callbacks: Any) -> None:
    (post,) = Post.objects.bulk_create([Post(title="One", slug="one")])  # no signal, for which the demo has receivers
    assert problems() == []
    assert [shown(client, "/articles/one/") for _ in range(2)] == [("One", "MISS"), ("One", "HIT")]
    assert shown(client, "/imprint/")[0] == "Imprint"
    namespace: dict[str, Any] = {}
    exec(block_with("def post_was_saved"), namespace)  # noqa: S102 - our own README
    Post.objects.update(title="Two")
    assert shown(client, "/articles/one/") == ("One", "HIT")
    with django_capture_on_commit_callbacks(execute=True):
        namespace["post_was_saved"](Post, post)
    assert shown(client, "/articles/one/") == ("Two", "MISS")


def test_static_endpoints(pages: None, client: Client) -> None:
    assert [shown(client, "/api/squares/3") for _ in range(2)] == [('{"square":9}', "MISS"), ('{"square":9}', "HIT")]


def test_known_pages_are_listed(pages: None) -> None:
    namespace: dict[str, Any] = {}
    exec(block_with("sizes = "), namespace)  # noqa: S102 - our own README
    assert {"/imprint/": 7, "/api/squares/1": 12, "/api/squares/2": 12}.items() <= namespace["sizes"].items()


def test_preview(pages: None, client: Client, admin_user: Any) -> None:
    Post.objects.bulk_create([Post(title="A draft", slug="draft", published=False)])
    assert client.post("/api/drafts").status_code == 403
    client.force_login(admin_user)
    assert client.get("/api/drafts").status_code == 405
    assert client.post("/api/drafts").json() == {"draft": True}
    assert client.get("/articles/draft/").content == b"A draft"
    assert client.delete("/api/drafts").json() == {"draft": False}
    assert client.get("/articles/draft/").status_code == 404


def test_the_settings_of_several_hosts_are_known() -> None:
    names: dict[str, Any] = {}
    exec(block_with("CacheStore"), {}, names)  # noqa: S102 - our own README
    with override_settings(PAGESAPI=names["PAGESAPI"], CACHES=names["CACHES"]):
        assert problems() == []


def test_the_test_of_a_stored_page_passes(pages: None) -> None:
    namespace: dict[str, Any] = {"__name__": __name__}
    exec(block_with("class ImprintTest"), namespace)  # noqa: S102 - our own README
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(namespace["ImprintTest"]).run(result)
    assert (result.testsRun, result.errors, result.failures) == (1, [], [])


def test_a_name_that_is_refused_refuses_the_tree(client: Client) -> None:
    with route_tree({**ROUTES, "[id.py": "def GET(request, id): return id"}):
        assert len(problems()) == 1
        assert client.get("/api/hello").status_code == 500


def test_a_file_that_cannot_be_imported_breaks_its_own_url(client: Client) -> None:
    with route_tree({**ROUTES, "broken.py": "import nothing_of_this_name"}):
        with pytest.raises(SystemCheckError):
            call_command("check")
        assert client.get("/api/broken").status_code == 500
        assert client.get("/api/hello").status_code == 200


def test_a_decorator_that_changes_the_response(client: Client) -> None:
    source = """
        from django.views.decorators.cache import never_cache

        from pagesapi import JsonResponse

        @never_cache
        def GET(request):
            return JsonResponse({"a": 1})
    """
    with route_tree({"a.py": source, "b.py": "def GET(request):\n    yield 'a'"}):
        assert "no-store" in client.get("/api/a")["Cache-Control"]
        assert client.get("/api/b")["Content-Type"] == "application/octet-stream"


def test_whose_404_shows_its_text(client: Client, db: None) -> None:
    source = """
        from django.http import Http404
        from django.shortcuts import get_object_or_404

        from project.blog.models import Post

        def GET(request):
            raise Http404("Gone.")

        def POST(request):
            return get_object_or_404(Post, pk=0)
    """
    with route_tree({"a.py": source}):
        assert client.get("/api/a").json()["detail"] == "Gone."
        assert "detail" not in client.post("/api/a").json()


def rows_below(heading: str) -> list[list[str]]:
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:3] == "| `"
    ]


def test_the_settings_that_are_listed_exist_with_these_defaults(client: Client) -> None:
    keys = {row[0].strip("`"): row[1].strip("`") for row in rows_below("Settings") if row[0].isupper()}
    assert set(keys) == set(KNOWN)
    told = {"API_DIR", "OUTPUT_DIR", "SITE_URL", "STORE", "BUILD_ID"}  # in words, not as a value
    given = {key: eval(text) for key, text in keys.items() if key not in told}  # noqa: S307 - our own README
    with override_settings(PAGESAPI=given):
        assert problems() == []
        assert client.get("/api/hello").status_code == 200


def test_the_files_of_the_routing_table_answer(client: Client) -> None:
    files = [re.findall(r"`([^`]+\.py)`", row[0])[-1:] for row in rows_below("From files to URLs")]
    routes = {file[0]: "def GET(request, **found): return found" for file in files[:-1]}
    with route_tree({**routes, "_anything.py": "def GET(request): return 1"}):
        for url in (
            "",
            "/feedback",
            "/posts/abc",
            "/posts/3",
            "/docs/a/b",
            "/shop",
            "/shop/a",
            "/users",
            "/hello.json",
        ):
            assert client.get(f"/api{url}").status_code == 200, url
        assert client.get("/api/posts/3").json() == {"id": 3}
        assert client.get("/api/docs/a/b").json() == {"slug": ["a", "b"]}
        assert client.get("/api/_anything").status_code == 404


def test_the_table_of_routes_is_what_the_command_prints() -> None:
    printed = StringIO()
    call_command("routes", stdout=printed)

    assert f"```\n{printed.getvalue().strip()}\n```" in README


@pytest.mark.parametrize("name", ["demo", "test"])
def test_the_demo_and_the_tests_are_one_line_each(name: str) -> None:
    found = re.search(rf"<!-- {name} line -->\n```sh\n(.*)\n```\n", README)
    assert found
    assert found[1].startswith("python3 -m venv ")
