"""A route file is one module, however it is asked for."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from django.test import Client, override_settings

from pagesapi import load_route
from pagesapi.endpoints.tree import forget_tree, get_tree
from pagesapi.exceptions import RouteImportError, RouteNotFound
from pagesapi.testing import route_tree
from tests.machinery.asking import Ask

COUNT = "IMPORTS = []\ndef GET(request, **params): return __name__"


def write(folder: Path, files: dict[str, str]) -> None:
    for name, source in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, "utf-8")


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder `tree_of_a_test` that Python can import, as `api` beside `manage.py`."""
    folder = tmp_path / "tree_of_a_test"
    folder.mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    with override_settings(PAGESAPI={"API_DIR": folder}):
        yield folder
        get_tree().loader.forget()


def test_the_project_imports_the_module_that_the_router_uses(tree: Path) -> None:
    write(tree, {"posts.py": COUNT, "users/index.py": COUNT})
    posts = importlib.import_module("tree_of_a_test.posts")
    assert load_route("posts") is posts
    assert load_route("users") is importlib.import_module("tree_of_a_test.users.index")


def test_it_is_the_same_module_whoever_comes_first(tree: Path, ask: Ask) -> None:
    write(tree, {"posts/[id].py": COUNT})
    assert ask("/api/posts/1").content == b"tree_of_a_test.posts.[id]"
    assert importlib.import_module("tree_of_a_test.posts.[id]") is load_route("posts/[id]")


def test_functions_are_shared_by_an_ordinary_import(tree: Path, ask: Ask) -> None:
    shared = "ROWS = []\ndef add(row): ROWS.append(row)\ndef GET(request): return ROWS\n"
    importing = "from tree_of_a_test.rows import add\ndef POST(request): add(1)\n"
    write(tree, {"rows.py": shared, "more.py": importing})
    ask("/api/more", method="POST")
    assert ask("/api/rows").json() == [1]


@pytest.mark.parametrize(
    ("file", "name", "url"),
    [
        ("docs/[...slug].py", "docs/[...slug]", "/api/docs/a/b"),
        ("shop/[[...slug]].py", "shop/[[...slug]]", "/api/shop"),
        ("hello.json.py", "hello.json", "/api/hello.json"),
        ("v1.2/items.py", "v1.2/items", "/api/v1.2/items"),
        ("a-b/c d.py", "a-b/c d", "/api/a-b/c%20d"),
        ("(group)/in.py", "in", "/api/in"),
        ("(a.b)/[id=int]/x.py", "[id=int]/x", "/api/3/x"),
        ("class/import.py", "class/import", "/api/class/import"),
        ("2024/01.py", "2024/01", "/api/2024/01"),
        ("é/ü.py", "é/ü", "/api/%C3%A9/%C3%BC"),
    ],
)
def test_names_that_no_import_statement_can_spell_are_loaded_once(
    tree: Path, client: Client, file: str, name: str, url: str
) -> None:
    write(tree, {file: COUNT})
    module = load_route(name)
    module.IMPORTS.append(1)
    assert load_route(name) is module
    assert sys.modules[module.__name__] is module
    assert client.get(url).content.decode() == module.__name__
    assert Path(str(module.__file__)) == tree / file


def test_a_file_beside_a_folder_of_its_name(tree: Path, ask: Ask) -> None:
    nested = "users/[id]/posts.py"
    write(tree, {"users.py": COUNT, "users/[id].py": COUNT, nested: COUNT})
    urls = {"/api/users": "users.py", "/api/users/3": "users/[id].py", "/api/users/3/posts": nested}
    names = {url: ask(url).content.decode() for url in urls}
    assert len(set(names.values())) == len(urls)
    assert names["/api/users"] == "tree_of_a_test.users"
    assert importlib.import_module("tree_of_a_test.users") is load_route("users")
    for url, file in urls.items():
        assert Path(str(sys.modules[names[url]].__file__)) == tree / file


def test_a_file_beside_a_package_of_its_name(tree: Path, ask: Ask) -> None:
    write(tree, {"users.py": COUNT, "users/__init__.py": "", "users/[id].py": COUNT})
    assert ask("/api/users").status_code == 200
    assert ask("/api/users/3").status_code == 200
    assert load_route("users").__name__ != load_route("users/[id]").__name__


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("posts/index.py", "posts"),
        ("posts/[id].py", "posts/[id]"),
        ("posts/[...slug].py", "posts/[...slug]"),
        ("posts/a.b.py", "posts/a.b"),
    ],
)
def test_relative_imports_reach_the_folders_own_files(tree: Path, file: str, name: str) -> None:
    source = "from ._lib import ONE\nfrom .._shared import TWO\nfrom . import _lib\ndef GET(request, **p): return 1"
    write(tree, {file: source, "posts/_lib.py": "ONE = object()", "_shared.py": "TWO = object()"})
    module = load_route(name)
    assert module.ONE is module._lib.ONE
    assert module._lib is importlib.import_module("tree_of_a_test.posts._lib")
    assert module.TWO is importlib.import_module("tree_of_a_test._shared").TWO


@pytest.mark.parametrize("folder", ["v1.2", "[id]", "(group)", "[...rest]", "users"])
def test_relative_imports_work_in_folders_of_every_name(tree: Path, folder: str) -> None:
    file = "index" if folder == "[...rest]" else "x"
    files = {f"{folder}/{file}.py": "from ._lib import ONE\ndef GET(request, **p): return 1"}
    write(tree, {**files, f"{folder}/_lib.py": "ONE = object()", "users.py": COUNT})
    forget_tree()
    (route,) = (route for route in get_tree().routes if route.file in files)
    module = load_route(route.name)
    assert module.ONE is importlib.import_module("._lib", module.__package__).ONE


def test_a_module_of_another_place_under_the_same_name_is_an_error_that_names_both(tree: Path) -> None:
    write(tree, {"posts.py": COUNT})
    other = ModuleType("tree_of_a_test.posts")
    other.__file__ = str(tree.parent / "elsewhere.py")
    Path(other.__file__).write_text("", "utf-8")
    sys.modules[other.__name__] = other
    with pytest.raises(RouteImportError, match=r"elsewhere\.py") as caught:
        load_route("posts")
    assert str(tree / "posts.py") in str(caught.value)


def test_a_folder_that_python_cannot_import_is_loaded_under_a_name_of_its_own(tmp_path: Path, ask: Ask) -> None:
    folder = tmp_path / "not-a-package"
    write(folder, {"posts.py": "from . import _lib\ndef GET(request): return _lib.ONE", "_lib.py": "ONE = 1"})
    with override_settings(PAGESAPI={"API_DIR": folder}):
        assert ask("/api/posts").json() == 1
        assert load_route("posts") is load_route("posts")
        get_tree().loader.forget()


def test_two_trees_of_one_name_do_not_share_modules(tmp_path: Path) -> None:
    modules = []
    for parent in ("one", "two"):
        write(tmp_path / parent / "api", {"posts.py": f"PLACE = {parent!r}\ndef GET(request): return 1"})
        with override_settings(PAGESAPI={"API_DIR": tmp_path / parent / "api"}):
            modules.append(load_route("posts"))
            get_tree().loader.forget()
    assert [module.PLACE for module in modules] == ["one", "two"]


def test_an_unknown_route_is_an_error_that_names_those_that_are_alike() -> None:
    with route_tree({"posts/[id].py": COUNT}), pytest.raises(RouteNotFound, match=r"posts/\[id\]") as caught:
        load_route("post/[id]")
    assert isinstance(caught.value, LookupError)


def test_what_a_file_raises_is_raised_by_load_route() -> None:
    with route_tree({"bad.py": "raise ZeroDivisionError('bad')"}), pytest.raises(ZeroDivisionError, match="bad"):
        load_route("bad")


def test_no_route_file_is_imported_before_it_is_asked_for(ask: Ask) -> None:
    with route_tree({"a.py": COUNT, "b.py": COUNT}) as folder:
        name = ask("/api/a").content.decode()
        package = name.rpartition(".")[0]
        loaded = [key for key in sys.modules if key.startswith(f"{package}.")]
    assert loaded == [name]
    assert folder.name == "api"
