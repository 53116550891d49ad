"""A `_middleware.py` that cannot be used closes everything beneath it: nobody meant those routes to be open."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.checks import ERROR
from django.core.management import CommandError, call_command
from django.test import override_settings

from pagesapi import call_route
from pagesapi.conf import conf
from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.machinery.checking import found, hint_of
from tests.policy.trees import GET, config, layers

# What the file holds → what `check` says of it, beside the file's name.
BROKEN = {
    "a syntax error": ("middleware = [", "SyntaxError"),
    "an error of its own": ("raise RuntimeError('broken')", "RuntimeError"),
    "an import that fails": ("from nothing_of_this_name import middleware", "nothing_of_this_name"),
    "a name that is not there": ("from tests.policy.layers import nothing", "nothing"),
    "an undefined name": ("middleware = [require_user]", "require_user"),
    "sys.exit": ("import sys\nsys.exit(3)", "sys.exit"),
    "raise SystemExit": ("raise SystemExit('bye')", "sys.exit"),
    "bytes that are no text": ("middleware = '\\N{NO SUCH NAME}'", "SyntaxError"),
    "an empty file": ("", "neither"),
    "a comment alone": ("# middleware = [require_user]", "neither"),
    "the plural": ("middlewares = []", "middleware"),
    "a capital": ("Middleware = []", "middleware"),
    "all capitals": ("MIDDLEWARE = []", "middleware"),
    "a slip": ("midleware = []", "middleware"),
    "another slip": ("middelware = []", "middleware"),
    "a slip in config": ("conifg = {}", "config"),
    "a capital in config": ("Config = {}", "config"),
    "something else": ("guards = []", "neither"),
    "an import alone": ("from pagesapi.guards import require_user", "neither"),
    "a private name": ("_middleware = []", "middleware"),
    "an annotation without a value": ("middleware: list", "neither"),
    "None": ("middleware = None", "None"),
    "True": ("middleware = True", "True"),
    "a number": ("middleware = 7", "7"),
    "a dict": ("middleware = {'a': 1}", "middleware"),
    "a set of texts": ("middleware = {'a.b'}", "middleware"),
    "a list with None": ("middleware = [None]", "None"),
    "a list in a list": ("middleware = [['tests.policy.layers.function_layer']]", "middleware"),
    "a module": ("import json as middleware", "middleware"),
    "a generator": ("middleware = (item for item in ())", "middleware"),
    "an empty text": ("middleware = ''", "middleware"),
    "an empty text in a list": ("middleware = ['']", "middleware"),
    "a name without a dot": ("middleware = 'require_user'", "require_user"),
    "a dotted path to no module": ("middleware = 'nothing.of.this.name'", "nothing.of.this.name"),
    "a dotted path to no attribute": ("middleware = 'tests.policy.layers.nothing'", "tests.policy.layers.nothing"),
    "a dotted path to no callable": ("middleware = 'tests.policy.layers.CALLS'", "tests.policy.layers.CALLS"),
    "a dotted path to a module": ("middleware = 'tests.policy.layers'", "tests.policy.layers"),
    "one bad of several": (
        "middleware = ['tests.policy.layers.function_layer', 'tests.policy.layers.nothing']",
        "tests.policy.layers.nothing",
    ),
    "a config that is a dict": ("config = {'csrf': False}", "config"),
    "a config that is None": ("config = None", "config"),
    "a config that is the class": ("from pagesapi import RouteConfig\nconfig = RouteConfig", "config"),
    "a config with a wrong field": (config(guard="1"), "guard"),
    "a config with a wrong value": (config(csrf="'off'"), "csrf"),
    "a config with a bad item": (config(middleware="['tests.policy.layers.nothing']"), "tests.policy.layers.nothing"),
    "a good middleware, a bad config": ("middleware = []\nconfig = 7", "config"),
    "a bad middleware, a good config": (config() + "middleware = 7", "7"),
    "an endpoint instead of a middleware": ("def GET(request): return 1", "neither"),
}
# Known only when a route is built.
FACTORIES = {
    "a factory that returns None": "def middleware(get_response): pass",
    "a factory that raises": "def middleware(get_response): raise ValueError('not today')",
    "a factory without an argument": "def middleware(): return lambda request: None",
    "a factory that gives no callable": "def middleware(get_response): return 7",
    "a guard that was not called": "from pagesapi.guards import require_bearer as middleware",
    "another guard that was not called": "from pagesapi.guards import require_permission as middleware",
    "a third guard that was not called": "from pagesapi.guards import require_any as middleware",
    "a middleware that can do nothing": (
        "def middleware(get_response): return get_response\nmiddleware.sync_capable = False"
    ),
}
SOURCES = {name: source for name, (source, _) in BROKEN.items()} | FACTORIES
BENEATH = ("/api/a/x", "/api/a/b/c/y", "/api/a/z", "/api/a/async", "/api/a/own", "/api/a/handled/7", "/api/a")
TREE = {
    "index.py": "def GET(request): return 'open'",
    "b/x.py": "def GET(request): return 'open'",
    "b/_middleware.py": layers("fine"),
    "a/index.py": GET,
    "a/x.py": GET,
    "a/b/_middleware.py": layers("nested"),
    "a/b/c/y.py": GET,
    "a/(group)/z.py": GET,
    "a/async.py": "async def GET(request): return 'secret'",
    "a/own.py": config(middleware="[]", csrf="False") + GET,
    "a/handled/[id].py": "def handler(req, res): res.send('secret')",
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_every_route_beneath_is_a_500_and_every_other_is_served(ask: Ask, source: str) -> None:
    with route_tree({**TREE, "a/_middleware.py": source}):
        others = [(BENEATH[0], method) for method in ("POST", "HEAD", "OPTIONS", "PROPFIND")]
        for url, method in [*((url, "GET") for url in BENEATH), *others]:
            response = ask(url, method=method)
            assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
            assert b"secret" not in response.content
        assert [ask(url).content for url in ("/api", "/api/b/x")] == [b"open", b"open"]


@pytest.mark.parametrize(("source", "named"), BROKEN.values(), ids=BROKEN)
def test_check_names_the_file_and_what_is_wrong_with_it(source: str, named: str) -> None:
    with route_tree({**TREE, "a/_middleware.py": source}):
        errors = [message for message in found() if message.level >= ERROR]
        with pytest.raises(CommandError, match=r"a/_middleware\.py"):
            call_command("check", stdout=StringIO(), stderr=StringIO())
    (message,) = errors
    assert message.msg.startswith("a/_middleware.py")
    assert named in f"{message.msg} {message.hint}"
    assert hint_of(message)


def test_the_log_says_which_file_is_to_blame(ask: Ask, records: list[logging.LogRecord]) -> None:
    with route_tree({**TREE, "a/_middleware.py": "middlewares = []"}):
        ask("/api/a/x")
    (record,) = records
    assert (record.name, record.levelname) == ("django.request", "ERROR")
    assert record.exc_info is not None
    assert "a/_middleware.py" in str(record.exc_info[1])


def test_a_call_in_process_is_refused_too() -> None:
    with route_tree({**TREE, "a/_middleware.py": "middlewares = []"}):
        with pytest.raises(Exception, match=r"a/_middleware\.py"):
            call_route("a/x")
        assert call_route("b/x").content == b"open"  # type: ignore[attr-defined]


def test_the_root_folders_closes_the_whole_tree(ask: Ask) -> None:
    with route_tree({**TREE, "_middleware.py": "raise RuntimeError"}):
        assert {ask(url).status_code for url in (*BENEATH, "/api", "/api/b/x")} == {500}
        assert ask("/api/nothing").status_code == 404


def test_a_broken_file_between_two_sound_ones_closes_what_is_beneath_it(ask: Ask, calls: list[str]) -> None:
    with route_tree({**TREE, "_middleware.py": layers("root"), "a/b/_middleware.py": "Middleware = []"}):
        assert ask("/api/a/b/c/y").status_code == 500
        assert ask("/api/a/x").content == b"secret"


def test_a_route_closed_by_a_folder_stays_closed_when_it_is_asked_again(ask: Ask) -> None:
    with route_tree({**TREE, "a/_middleware.py": "import sys\nif 'again' not in sys.__dict__: raise RuntimeError"}):
        assert [ask("/api/a/x").status_code for _ in range(3)] == [500, 500, 500]


def a_folder(path: Path) -> None:
    path.mkdir()


def a_folder_with_a_module(path: Path) -> None:
    path.mkdir()
    (path / "__init__.py").write_text("middleware = []", "utf-8")


def a_link_to_nothing(path: Path) -> None:
    path.symlink_to("nowhere.py")


def a_link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def a_link_to_a_folder(path: Path) -> None:
    path.symlink_to("b")


def bytes_that_are_no_text(path: Path) -> None:
    path.write_bytes(b"middleware = ['\xff']")


def null_bytes(path: Path) -> None:
    path.write_bytes(b"middleware = []\x00")


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


UNUSABLE = [
    a_folder,
    a_folder_with_a_module,
    a_link_to_nothing,
    a_link_to_itself,
    a_link_to_a_folder,
    bytes_that_are_no_text,
    null_bytes,
    a_pipe,
]


@pytest.mark.parametrize("make", UNUSABLE)
def test_what_has_the_name_and_is_no_python_file_closes_too(ask: Ask, make: Callable[[Path], None]) -> None:
    with route_tree(TREE) as folder:
        make(folder / "a" / "_middleware.py")
        with override_settings(PAGESAPI={**conf.given, "API_DIR": folder}):  # look again
            for url in BENEATH:
                assert ask(url).status_code == 500
            errors = [message for message in found() if message.level >= ERROR]
    assert errors
    assert all("a/_middleware.py" in message.msg for message in errors)
    assert all(hint_of(message) for message in errors)


def test_a_link_to_a_good_file_is_as_good(ask: Ask, calls: list[str]) -> None:
    with route_tree(TREE) as folder:
        (folder / "a" / "_middleware.py").symlink_to(Path("..") / "b" / "_middleware.py")
        with override_settings(PAGESAPI={**conf.given, "API_DIR": folder}):
            assert ask("/api/a/x")["X-Layers"] == "fine "
            assert found(fine=True) == []


# A route's own middleware


OWN = {
    "a dotted path to nothing": "['tests.policy.layers.nothing']",
    "a number": "[7]",
    "None": "None",
}


@pytest.mark.parametrize("given", OWN.values(), ids=OWN)
def test_a_routes_own_middleware_that_cannot_be_used_closes_the_route(ask: Ask, given: str) -> None:
    with route_tree({**TREE, "a/x.py": config(middleware=given) + GET}):
        response = ask("/api/a/x")
        assert response.status_code == 500
        assert b"secret" not in response.content
        assert ask("/api/a/z").content == b"secret"
        (message,) = [message for message in found() if message.level >= ERROR]
    assert "a/x.py" in message.msg


@pytest.mark.parametrize("source", FACTORIES.values(), ids=FACTORIES)
def test_a_routes_own_factory_that_fails_closes_the_route(ask: Ask, source: str) -> None:
    with route_tree({**TREE, "a/x.py": f"{source}\n{config(middleware='middleware')}{GET}"}):
        response = ask("/api/a/x")
        assert response.status_code == 500
        assert b"secret" not in response.content
        assert ask("/api/a/z").content == b"secret"


def test_sound_folders_have_no_message() -> None:
    with route_tree({key: source for key, source in TREE.items() if key != "a/own.py"}):
        assert found(fine=True) == []
