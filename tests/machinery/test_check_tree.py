"""System checks of the tree and its files, each provoked once: its id, the culprit that it names, and the cure."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from pagesapi.testing import route_tree
from tests.machinery.checking import found, hint_of, only

GET = "def GET(request): return 1"


def test_a_project_without_faults_has_no_message() -> None:
    with route_tree({"index.py": GET, "posts/[id=int].py": "def GET(request, id): return id"}):
        assert found(fine=True) == []


def test_the_demo_has_no_message() -> None:
    assert found(fine=True) == []


# The tree

TREES: dict[str, tuple[str, dict[str, str], tuple[str, ...], str]] = {
    "a stray bracket": ("E010", {"[id.py": GET}, ("[id.py",), "Write"),
    "brackets within a name": ("E010", {"a[id].py": GET}, ("a[id].py",), "[name]"),
    "an optional single segment": ("E010", {"[[id]].py": GET}, ("[[id]].py",), "[[...id]]"),
    "an optional one as elsewhere": ("E010", {"[id?].py": GET}, ("[id?].py",), "[[...id]]"),
    "a colon as elsewhere": ("E010", {"[:id].py": GET}, ("[:id].py",), "Write [id]"),
    "full stops at the end": ("E010", {"[slug...].py": GET}, ("[slug...].py",), "Write [...slug]"),
    "spaces in brackets": ("E010", {"[ id ].py": GET}, ("[ id ].py",), "Write id without"),
    "spaces round the sign": ("E010", {"[id = int].py": GET}, ("[id = int].py",), "Write id without"),
    "an ellipsis as one character": ("E010", {"[…id].py": GET}, ("[…id].py",), "full stops"),
    "a keyword": ("E010", {"[class].py": GET}, ("[class].py",), "keyword"),
    "a parameter named request": ("E010", {"[request].py": GET}, ("[request].py",), "another name"),
    "a parameter without a name": ("E010", {"[].py": GET}, ("[].py",), "[id]"),
    "a bad folder": ("E010", {"[1]/a.py": GET, "[1]/b.py": GET}, ("[1]/",), "letters"),
    "a file as a group": ("E010", {"(group).py": GET}, ("(group).py",), "(group)/index.py"),
    "a group without a name": ("E010", {"()/a.py": GET}, ("()/",), "(internal)"),
    "below a catch-all": ("E011", {"[...all]/x.py": GET}, ("[...all]/x.py",), "Move"),
    "one name twice": ("E012", {"[id]/[id].py": GET}, ("[id]/[id].py",), "Rename"),
    "two names in one place": ("E013", {"[id].py": GET, "[slug]/x.py": GET}, ("[id].py", "[slug]/x.py"), "one name"),
    "an unknown converter": ("E014", {"[id=number].py": GET}, ("[id=number].py",), "int"),
    "a converter of several segments": ("E014", {"[id=path].py": GET}, ("[id=path].py",), "[...id]"),
    "a catch-all with a type": ("E010", {"[...id=int].py": GET}, ("[...id=int].py",), "[...id]"),
    "two files for one URL": ("E015", {"a.py": GET, "a/index.py": GET}, ("a.py", "a/index.py"), "Keep one"),
    "index and route": ("E015", {"a/route.py": GET, "a/index.py": GET}, ("a/route.py", "a/index.py"), "Keep one"),
    "two groups": ("E015", {"(a)/x.py": GET, "(b)/x.py": GET}, ("(a)/x.py", "(b)/x.py"), "Keep one"),
    "index beside an optional catch-all": (
        "E015",
        {"index.py": GET, "[[...all]].py": GET},
        ("index.py", "[[...all]].py"),
        "Keep one",
    ),
    "two catch-alls": ("E016", {"[...a].py": GET, "[[...a]].py": GET}, ("[...a].py", "[[...a]].py"), "Keep"),
    "an app": ("E018", {"apps.py": GET, "models.py": GET}, ("apps.py", "models.py"), "API_DIR"),
}


@pytest.mark.parametrize(("number", "files", "named", "cure"), TREES.values(), ids=TREES)
def test_a_refused_tree_is_an_error(number: str, files: dict[str, str], named: tuple[str, ...], cure: str) -> None:
    with route_tree(files):
        message = only(f"pagesapi.{number}")
    assert all(file in message.msg for file in named)
    assert cure in hint_of(message)


def test_a_route_may_be_called_as_a_file_of_an_app() -> None:
    with route_tree({"models.py": GET}):
        assert found(fine=True) == []


def test_an_app_in_a_folder_called_routes_is_told_another_name(tmp_path: Path) -> None:
    for name in ("apps.py", "models.py"):
        (tmp_path / "routes").mkdir(exist_ok=True)
        (tmp_path / "routes" / name).touch()
    with override_settings(PAGESAPI={"API_DIR": tmp_path / "routes"}):
        assert '"endpoints"' in hint_of(only("pagesapi.E018"))


def test_a_link_that_leads_to_itself_is_an_error_and_the_rest_is_read() -> None:
    with route_tree({"a.py": GET}) as folder:
        (folder / "loop").symlink_to("loop")
        with override_settings(PAGESAPI={"API_DIR": folder}):  # look again
            assert "loop" in only("pagesapi.E017").msg


def test_a_folder_whose_path_is_too_long_for_the_system_is_an_error() -> None:
    with route_tree({"a.py": GET}) as folder:
        place = os.open(folder, os.O_RDONLY)
        for _ in range(25):
            os.mkdir("x" * 200, dir_fd=place)
            inner = os.open("x" * 200, os.O_RDONLY, dir_fd=place)
            os.close(place)
            place = inner
        os.close(place)
        with override_settings(PAGESAPI={"API_DIR": folder}):
            assert "too long" in only("pagesapi.E017").msg


def test_all_errors_of_a_tree_are_reported_at_once() -> None:
    files = {"[id.py": GET, "a.py": GET, "a/index.py": GET, "[x=no].py": GET, "[...all]/y.py": GET}
    with route_tree(files):
        assert sorted(str(message.id)[-4:] for message in found()) == ["E010", "E011", "E014", "E015"]


# The files

LOGIN = "from django.contrib.auth.decorators import login_not_required"
MODULES: dict[str, tuple[str, str, str, str]] = {
    "an import that fails": ("E020", "import nothing_of_this_name", "nothing_of_this_name", "500"),
    "a syntax error": ("E020", "def GET(request:", "SyntaxError", "500"),
    "a name that is not there": ("E020", "\n\nx = y", "name 'y' is not defined (wrong.py, line 3)", "500"),
    "both styles": ("E021", f"{GET}\ndef handler(req, res): pass", "handler", "Keep"),
    "no endpoint": ("E022", "x = 1", "no endpoint", "handler"),
    "lower case beside upper case": ("E023", f"{GET}\ndef post(request): pass", "'post'", "POST"),
    "a method that is misspelt": ("E023", f"{GET}\ndef PSOT(request): pass\ndef SET(it): pass", "'PSOT'", "POST"),
    "a class": (
        "E024",
        "from django.views import View\nclass GET(View): pass",
        "class",
        "GET.as_view()",
    ),
    "no function": ("E024", "GET = 3", "int", "function"),
    "a config of another type": ("E025", f"config = {{}}\n{GET}", "dict", "RouteConfig"),
    "methods of method functions": (
        "E025",
        f"from pagesapi import RouteConfig\nconfig = RouteConfig(methods=['GET'])\n{GET}",
        "methods",
        "Remove",
    ),
    "decorators that disagree": (
        "E026",
        f"{LOGIN}\n{GET}\n@login_not_required\ndef POST(request): pass",
        "login_required",
        "all of them, or none",
    ),
    "a missing argument": ("E027", "def GET(): pass", "GET()", "def GET(request)"),
    "a handler with one argument": ("E027", "def handler(req): pass", "handler(req)", "def handler(req, res)"),
    "a wrong value in a config": (
        "E020",
        f"from pagesapi import RouteConfig\nconfig = RouteConfig(body_limit='big')\n{GET}",
        "'big'",
        "500",
    ),
    "an unknown field of a config": (
        "E020",
        f"from pagesapi import RouteConfig\nconfig = RouteConfig(limit=1)\n{GET}",
        "limit",
        "500",
    ),
}


@pytest.mark.parametrize(("number", "source", "culprit", "cure"), MODULES.values(), ids=MODULES)
def test_a_wrong_file_is_an_error(number: str, source: str, culprit: str, cure: str) -> None:
    with route_tree({"fine.py": GET, "wrong.py": source}):
        message = only(f"pagesapi.{number}")
    assert message.msg.startswith("wrong.py")
    assert culprit in message.msg
    assert cure in hint_of(message)


def test_lower_case_functions_alone_are_told_their_name_in_upper_case() -> None:
    with route_tree({"wrong.py": "def get(request): pass"}):
        assert hint_of(only("pagesapi.E022")) == "Call it GET, in upper case."


def test_a_parameter_that_a_function_does_not_take_is_an_error() -> None:
    with route_tree({"posts/[id].py": "def GET(request, pk): pass"}):
        message = only("pagesapi.E027")
    assert "def GET(request, id)" in hint_of(message)


def test_the_command_fails_for_an_error_and_names_file_and_cure() -> None:
    with route_tree({"[id.py": GET}), pytest.raises(CommandError) as caught:
        call_command("check")
    assert "[id.py" in str(caught.value)
    assert "pagesapi.E010" in str(caught.value)
    assert "HINT" in str(caught.value)


def test_an_endpoint_in_an_init_file_is_a_warning() -> None:
    files = {"users/__init__.py": "async def GET(request): return 1", "index.py": GET}
    with route_tree(files):
        message = only("pagesapi.W039")
    assert message.msg == "users/__init__.py is no route, and defines GET."
    assert message.hint == "Call it index.py."


@pytest.mark.parametrize(
    "files",
    [
        {"users/__init__.py": "LIMIT = 3\ndef helper(): pass"},
        {"_lib/__init__.py": "def handler(record): pass"},
        {"users/__init__.py": "def GET(request:"},
    ],
)
def test_other_init_files_are_left_alone(files: dict[str, str]) -> None:
    with route_tree({**files, "index.py": GET}):
        assert found(fine=True) == []
