"""`manage.py startroute`: a file that answers, never in another's place."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from pagesapi.testing import route_tree


def start(*words: str) -> str:
    out = StringIO()
    call_command("startroute", *words, stdout=out)
    return out.getvalue()


def test_a_file_with_a_function_a_method(monkeypatch: pytest.MonkeyPatch) -> None:
    with route_tree({}) as folder:
        monkeypatch.chdir(folder.parent)
        client = Client()
        assert client.get("/api/posts/3").status_code == 404

        told = start("posts/[id]", "--methods", "GET,post,DELETE")

        assert told == "Wrote api/posts/[id].py\nGET POST DELETE /api/posts/[id]\n"
        assert client.get("/api/posts/3").json() == {"id": "3"}
        assert client.post("/api/posts/3", {"a": 1}, "application/json").json() == {"id": "3", "received": {"a": 1}}
        assert client.delete("/api/posts/3").status_code == 204
        assert client.put("/api/posts/3")["Allow"] == "DELETE, GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize(
    ("name", "url", "answer"),
    [
        ("hello", "/api/hello", {"message": "Hello"}),
        ("/hello.py", "/api/hello", {"message": "Hello"}),
        ("posts/", "/api/posts", {"message": "Hello"}),
        ("posts\\[id=int]", "/api/posts/3", {"id": 3}),
        ("docs/[...slug]", "/api/docs/a/b", {"slug": ["a", "b"]}),
        ("(group)/[a]/[b]", "/api/x/y", {"a": "x", "b": "y"}),
    ],
)
@pytest.mark.parametrize("options", [(), ("--methods", "GET")])
def test_what_is_written_answers(name: str, url: str, answer: object, options: tuple[str, ...]) -> None:
    with route_tree({}):
        start(name, *options)
        assert Client().get(url).json() == answer
        assert [message for message in run_checks() if str(message.id).startswith("pagesapi.")] == []


@pytest.mark.parametrize("options", [(), ("--methods", "GET")])
def test_an_optional_catch_all_answers_without_segments(options: tuple[str, ...]) -> None:
    with route_tree({}):
        start("shop/[[...slug]]", *options)
        assert Client().get("/api/shop").json() == {"slug": []}
        assert Client().get("/api/shop/a").json() == {"slug": ["a"]}


def test_never_over_another_file(tmp_path: Path) -> None:
    with route_tree({"hello.py": "kept = True"}) as folder:
        with pytest.raises(CommandError, match=r"api/hello\.py is there already, and stays as it is"):
            start("hello")
        assert (folder / "hello.py").read_text() == "kept = True"
        (folder / "link.py").symlink_to(tmp_path / "nowhere.py")
        with pytest.raises(CommandError, match="is there already"):
            start("link")
        assert not (tmp_path / "nowhere.py").exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("posts/[slug]", r"posts/\[id\]\.py, posts/\[slug\]\.py: One place in the URL has several parameter names"),
        ("posts/[id=foo]", r"there is no path converter 'foo'"),
        ("[id", r"\[id\.py"),
        ("{id}", r"Write \[id\]"),
        ("<id>", r"Write \[id\]"),
        ("[id:int]", r"Write \[id=int\]"),
        ("[int=id]", r"Write \[id=int\]"),
        ("api/posts", "leave it out, and write posts"),
        ("/api", "leave it out, and write index"),
        ("", "The name is empty"),
        ("_private", "'_private' is private"),
        ("a/.hidden/b", "'.hidden' is private"),
        ("test_posts", "a test's name"),
        ("../settings", "no path below the tree"),
        ("a//b", "no path below the tree"),
        ("hello/index", "hello.py, hello/index.py"),
        ("hello/deep/[...rest]/x", "nothing can stand below it"),
    ],
)
def test_what_cannot_be_a_route_is_told_and_not_written(name: str, message: str) -> None:
    with route_tree({"posts/[id].py": "", "hello.py": ""}) as folder:
        before = sorted(folder.rglob("*"))
        with pytest.raises(CommandError, match=message):
            start(name)
        assert sorted(folder.rglob("*")) == before


def test_the_url_is_told_as_it_is_to_be_asked() -> None:
    with route_tree({}):
        assert start("a#b/50% off").splitlines()[1] == "Every method /api/a%23b/50%25%20off"
        assert Client().get("/api/a%23b/50%25%20off").json() == {"message": "Hello"}


def test_a_folder_that_is_an_app_is_left_alone() -> None:
    with route_tree({"models.py": "", "apps.py": ""}) as folder:
        with pytest.raises(CommandError, match=r"is a Django app too: it has apps\.py, models\.py"):
            start("hello")
        assert not (folder / "hello.py").exists()


def test_a_fault_that_is_there_already_does_not_stop_another_file() -> None:
    with route_tree({"[id.py": ""}) as folder:
        start("hello")
        assert (folder / "hello.py").exists()


def test_a_method_that_does_not_exist_is_named() -> None:
    with pytest.raises(CommandError, match="FETCH is no method; choose from GET, HEAD, POST"):
        start("hello", "--methods", "GET,FETCH")
    with pytest.raises(CommandError, match="nothing is no method"):
        start("hello", "--methods", ",")


def test_a_folder_that_cannot_be_written_is_told() -> None:
    message = r"posts/\[id\]\.py cannot be written: "
    with route_tree({"posts": "a file, where a folder is to be"}), pytest.raises(CommandError, match=message):
        start("posts/[id]")


def test_settings_that_cannot_be_read_are_told(settings: Settings) -> None:
    settings.PAGESAPI = {"API_DIR": 3}
    with pytest.raises(CommandError, match="API_DIR"):
        start("hello")
