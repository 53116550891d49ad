from __future__ import annotations

import re
from importlib import import_module
from io import StringIO
from pathlib import Path
from types import ModuleType

import pytest
from django.core.management import call_command
from django.template import engines
from django.test import Client, override_settings
from django.urls import resolve

from pagesapi.testing import route_tree
from tests.docs.page import Page
from tests.docs.served import problems
from tests.docs.server_log import check_line

PAGE = Page("routing")
TREE = PAGE.block("├── index.py")
LOG = PAGE.block("HTTP/1.1")
GET = "def GET(request, **found): return found"
FILE = re.compile(r"^(?P<indent>[│├└─ ]*)(?P<name>\S+)\s*(?P<rest>.*)$")


def drawn(text: str) -> dict[str, str]:
    """Each file of the drawn tree → what stands beside it."""
    files: dict[str, str] = {}
    folders: list[str] = []
    for line in text.splitlines()[1:]:
        found = FILE.match(line)
        assert found
        folders = folders[: len(found["indent"]) // 4 - 1]
        if found["name"].endswith("/"):
            folders.append(found["name"])
        else:
            files["".join(folders) + found["name"]] = found["rest"]
    return files


def test_the_tree_that_is_drawn_answers_the_urls_beside_its_files(client: Client) -> None:
    files = drawn(TREE.text)
    sources = dict.fromkeys(files, GET)
    sources["_middleware.py"] = "from pagesapi import RouteConfig\nconfig = RouteConfig()"
    with route_tree(sources):
        assert problems() == []
        for file, beside in files.items():
            for url in re.findall(r"/api\S*[^\s,]", beside):
                assert client.get(url).status_code == 200
                assert resolve(url).func.__doc__ == f"The endpoint {file}."
            assert beside.startswith(("/api", "no URL"))
        assert client.get("/api/_lib/mail").status_code == 404
        assert client.get("/api/_middleware").status_code == 404


def test_the_files_of_the_table_answer(client: Client) -> None:
    for files, beside in PAGE.rows_below("Files and URLs"):
        url = re.findall(r"`(/api\S*)`", beside)[0] if "`/api" in beside else "/api/shop"
        for file in re.findall(r"`(\S+\.py)`", files):
            with route_tree({file: GET}):
                assert problems() == []
                answer = client.get(url)
                assert answer.status_code == 200, file
                if value := re.search(r"→ `(\w+)=([^`]+)`", beside):
                    assert answer.json() == {value[1]: eval(value[2])}  # noqa: S307 - our own documentation


@pytest.mark.parametrize(
    "file", ["_a.py", ".a.py", "_a/b.py", ".a/b.py", "__init__.py", "test_a.py", "a_test.py", "conftest.py", "a.txt"]
)
def test_a_private_file_is_no_route(file: str) -> None:
    with route_tree({file: GET, "there.py": GET}):
        call_command("routes", stdout=(stdout := StringIO()))
        assert [line.split()[0] for line in stdout.getvalue().splitlines()] == ["URL", "/api/there"]


def test_parameters(site: Path, client: Client) -> None:
    assert client.get("/api/authors/ada/books/1843").json() == {"name": "ada", "year": 1843}
    assert client.get("/api/authors/Ada%20L./books/1843").json()["name"] == "Ada L."
    assert client.get("/api/authors/Ada%2FL/books/1843").status_code == 404
    assert client.get("/api/orders/7").json() == {"number": 7, "next": 8}
    assert client.get("/api/orders/abc").status_code == 404
    assert client.get("/api/docs/a/b").json() == {"slug": ["a", "b"]}
    assert client.get("/api/docs").status_code == 404
    assert client.get("/api/shop").json() == {"slug": []}
    assert client.get("/api/shop/a/b").json() == {"slug": ["a", "b"]}
    with route_tree({"a/[[...slug]].py": "def handler(req, res): return {'slug': req.query.slug}"}):
        assert client.get("/api/a").json() == {"slug": None}


def test_a_converter_of_the_project(site: Path, client: Client) -> None:
    import_module("mysite.urls")
    with route_tree({"archive/[year=yyyy].py": GET}):
        assert problems() == []
        assert client.get("/api/archive/0987").json() == {"year": 987}
        assert client.get("/api/archive/87").status_code == 404


def test_the_more_exact_name_wins(client: Client) -> None:
    rows = [re.findall(r"`([^`]+\.py)`", row[2]) for row in PAGE.rows_below("Which file answers")]
    names = [file for row in rows for file in row]
    assert names[0] == "posts/latest.py"
    asked = ["latest", "3", "a-name", "some title", "a/b", ""]
    tree = {file: f"def GET(request, **found): return {file!r}" for file in names if "[[" not in file}
    with route_tree(tree):
        for url, file in zip(asked, list(tree), strict=False):
            assert client.get(f"/api/posts/{url}").content.decode() == file
    with route_tree({"posts/latest/comments.py": GET, "posts/[id].py": GET}):
        assert client.get("/api/posts/latest").json() == {"id": "latest"}


def test_how_a_url_is_spelt(site: Path, client: Client) -> None:
    for asked, answered in PAGE.rows_below("Slashes"):
        url = asked.split("`")[1]
        if "TRAILING_SLASH" in asked:
            with route_tree(PAGE.routes, TRAILING_SLASH="accept"):
                assert client.get(url).status_code == 200
            continue
        answer = client.post(f"{url}?a=1")
        assert (answer.status_code, answer["Location"]) == (308, answered.split("`")[1] + "?a=1")
    for url in ("//evil.example/api/orders/7/", "/api//orders/7/", "//api/orders/7/"):
        location = client.generic("GET", "/", PATH_INFO=url).headers.get("Location", "")
        assert not location.startswith(("//", "/\\"))


def test_the_patterns_beside_it(site: Path, client: Client) -> None:
    assert client.get("/api/v1/status/").content == b"as it always was"
    assert client.get("/about/").content == b"about"
    assert client.get("/api/nothing").headers["Content-Type"] == "application/problem+json"
    assert client.get("/api/v1/status").headers["Location"] == "/api/v1/status/"


def test_a_name_in_a_template(site: Path) -> None:
    block = PAGE.block("{% url")
    assert '"/api/orders/7"' in engines["django"].from_string(block.text).render()


def test_each_of_these_is_refused() -> None:
    for first, why in PAGE.rows_below("What is refused"):
        files = re.findall(r"`([^`]+\.py)`", first)
        trees = [files] if "beside" in first else [[file] for file in files]
        for tree in trees:
            with route_tree({**dict.fromkeys(tree, GET), "fine.py": GET}):
                found = problems()
                assert found, f"{tree}: {why}"
                assert re.search(r"pagesapi\.E01[0-7]", found[0])
                assert Client(raise_request_exception=False).get("/api/fine").status_code == 500


INCLUDES = {
    "/shop/api/orders/7": 'path("shop/", include("pagesapi.urls"))',
    "/de/api/orders/7": 'path("<slug:country>/", include("pagesapi.urls"))',
    "/en/api/orders/7": '*i18n_patterns(path("", include("pagesapi.urls")))',
    "/b/api/orders/7": 'path("", include("pagesapi.urls")), path("b/", include("pagesapi.urls", namespace="b"))',
}


@pytest.mark.parametrize("url", INCLUDES)
def test_where_the_include_may_stand(url: str, client: Client) -> None:
    urlconf = ModuleType("urls")
    imports = "from django.urls import include, path\nfrom django.conf.urls.i18n import i18n_patterns\n"
    exec(f"{imports}urlpatterns = [{INCLUDES[url]}]", vars(urlconf))  # noqa: S102 - the line above
    with route_tree({"orders/[number=int].py": GET}), override_settings(ROOT_URLCONF=urlconf):
        assert problems() == []
        assert client.get(url).json()["number"] == 7


def test_other_prefixes(client: Client) -> None:
    for prefix, url in (("v2/api", "/v2/api/orders/7"), ("", "/orders/7")):
        with route_tree({"orders/[number=int].py": GET}, API_PREFIX=prefix):
            assert client.get(url).json() == {"number": 7}


def test_a_file_that_cannot_be_imported_breaks_its_own_url(client: Client) -> None:
    with route_tree({"broken.py": "import nothing_of_this_name", "fine.py": GET}):
        assert "E020" in problems()[0]
        assert client.get("/api/broken").status_code == 500
        assert client.get("/api/fine").status_code == 200


def test_a_line_of_the_log_ends_with_the_file() -> None:
    with route_tree({"posts/[id].py": GET}) as folder:
        check_line(LOG.text, folder.parent)
