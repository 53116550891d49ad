"""What a newcomer sees who went wrong: what `check` says, and what the URL answers. In a project of `startproject`."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest

from tests.first_steps.newcomer import Newcomer
from tests.first_steps.shell import RunServer, Shell
from tests.first_steps.steps import File, steps_of

pytestmark = pytest.mark.server

ROOT = Path(__file__).resolve().parents[2]
LOOK = Path(__file__).with_name("look.py")
SETTINGS, URLS, HELLO = "mysite/settings.py", "mysite/urls.py", "api/hello.py"
HANDLER = "def handler(req, res):\n    res.json({})\n"
GET = "def GET(request):\n    return 1\n"
INCLUDE = '    path("", include("pagesapi.urls")),'
CATCH_ALL = '    path("<path:rest>", lambda request, rest: HttpResponse("my application")),\n'

Change = Callable[[Path], None]


def write(file: str, text: str) -> Change:
    def change(project: Path) -> None:
        (project / file).parent.mkdir(exist_ok=True)
        (project / file).write_text(text, "utf-8")

    return change


def replace(file: str, old: str, new: str) -> Change:
    def change(project: Path) -> None:
        text = (project / file).read_text("utf-8")
        assert text.count(old) == 1
        (project / file).write_text(text.replace(old, new), "utf-8")

    return change


def remove(name: str) -> Change:
    def change(project: Path) -> None:
        shutil.rmtree(project / name) if (project / name).is_dir() else (project / name).unlink()

    return change


def add_settings(text: str) -> Change:
    def change(project: Path) -> None:
        with (project / SETTINGS).open("a", encoding="utf-8") as file:
            file.write(text)

    return change


@dataclass(frozen=True)
class Turn:
    changes: tuple[Change, ...]
    check: tuple[str, ...]  # the id, the culprit, the cure
    status: int
    answer: tuple[str, ...] = ()  # what both curl and a browser are told


TURNS = {
    "no include": Turn(
        (replace(URLS, INCLUDE, ""),),
        ("W034", "included nowhere", 'Add path("", include("pagesapi.urls")) to urlpatterns'),
        404,
        ("api/hello", "mysite.urls"),
    ),
    "no middleware": Turn(
        (replace(SETTINGS, '["pagesapi.middleware.ApiMiddleware", *MIDDLEWARE]', "MIDDLEWARE"),),
        ("E030", "MIDDLEWARE", 'Put "pagesapi.middleware.ApiMiddleware" first'),
        200,
    ),
    "misspelt middleware": Turn(
        (replace(SETTINGS, "ApiMiddleware", "APIMiddleware"),),
        ("E031", "pagesapi.middleware.APIMiddleware", '"pagesapi.middleware.ApiMiddleware"'),
        0,
    ),
    "no corsheaders": Turn(
        (replace(SETTINGS, '"corsheaders", ', ""),), ("W031", "django-cors-headers", "INSTALLED_APPS"), 200
    ),
    "a catch-all above": Turn(
        (
            replace(URLS, "urlpatterns = [\n", f"urlpatterns = [\n{CATCH_ALL}"),
            replace(URLS, "from django.urls", "from django.http import HttpResponse\nfrom django.urls"),
        ),
        ("W037", "'<path:rest>' (mysite.urls.<lambda>)", "/api/hello (hello.py)", "above it in urlpatterns"),
        200,
        ("my application",),
    ),
    "the prefix twice": Turn(
        (replace(URLS, 'path("", include("pagesapi', 'path("api/", include("pagesapi'),),
        ("W035", "/api/api", 'Write path("", include("pagesapi.urls"))'),
        404,
    ),
    "handle": Turn(
        (write(HELLO, HANDLER.replace("handler", "handle")),),
        ("E022", "hello.py", "'handle'", "Write `def handler(req, res)`"),
        500,
        ("hello.py", "'handle'", "Write `def handler(req, res)`"),
    ),
    "Handler": Turn(
        (write(HELLO, HANDLER.replace("handler", "Handler")),),
        ("E022", "hello.py", "'Handler'", "Write `def handler(req, res)`"),
        500,
        ("hello.py", "'Handler'", "Write `def handler(req, res)`"),
    ),
    "get": Turn(
        (write(HELLO, GET.lower()),),
        ("E022", "hello.py", "'get'", "Call it GET, in upper case"),
        500,
        ("hello.py", "Call it GET, in upper case"),
    ),
    "a bracket that is open": Turn(
        (write("api/[id.py", HANDLER),),
        ("E010", "[id.py", "brackets", "Write [name]"),
        500,
        ("[id.py", "Write [name]"),
    ),
    "both styles": Turn(
        (write(HELLO, HANDLER + GET),),
        ("E021", "hello.py", "handler, and GET", "Keep handler, or the methods"),
        500,
        ("hello.py", "Both styles", "Keep handler, or the methods"),
    ),
    "an app called api": Turn(
        tuple(write(f"api/{name}.py", "") for name in ("__init__", "apps", "models", "views")),
        ("E018", "apps.py, models.py", 'PAGESAPI = {"API_DIR": BASE_DIR / "routes"}'),
        200,
    ),
    "no folder": Turn(
        (remove("api"),), ("E003", "site/api", "Create it, with a file such as hello.py"), 404, ("site/api",)
    ),
    "an empty file": Turn(
        (write(HELLO, ""),), ("E022", "hello.py", "Write `def handler"), 500, ("hello.py", "Write `def handler")
    ),
    "a syntax error": Turn(
        (write(HELLO, HANDLER.replace(":\n", "\n")),),
        ("E020", "hello.py", "SyntaxError", "line 1"),
        500,
        ("SyntaxError", "(hello.py, line 1)"),
    ),
    "a wrong key": Turn(
        (add_settings('PAGESAPI = {"API_FOLDER": "api"}\n'),), ("E001", "'API_FOLDER'", "Did you mean 'API_DIR'?"), 200
    ),
    "a wrong name for the settings": Turn(
        (add_settings('PAGES_API = {"API_DIR": "api"}\n'),), ("W038", "PAGES_API", "Call it PAGESAPI"), 200
    ),
}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The project of the first two steps of the page, without a mistake."""
    somebody = Newcomer(tmp_path_factory.mktemp("newcomer"))
    page = (ROOT / "docs" / "first-steps.md").read_text("utf-8")
    for step in steps_of(page[: page.index("## 3. ")]):
        if isinstance(step, File) or "startproject" in step.line:
            somebody.follow(step)
    return somebody.shell


@pytest.fixture
def project(good: Shell) -> Shell:
    """A copy of it, in the place of the one before."""
    folder = good.folder.with_name("copy") / "site"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(good.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return good.within(folder)


def seen(project: Shell) -> dict[str, str]:
    done = project.run(f'"{sys.executable}" "{LOOK}"')
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


def visible(html: str) -> str:
    """What a browser shows of it, roughly."""
    text = re.sub(r"(?s)<(head|script)>.*?</\1>|<[^>]*>", " ", html)
    return re.sub(r"\s+", " ", unescape(text))


def test_without_a_wrong_turn_there_is_nothing_to_say(project: Shell) -> None:
    assert seen(project) == {
        "check": "System check identified no issues (0 silenced).\n",
        "curl": '200 {"message":"Hello"}',
        "browser": '200 {"message":"Hello"}',
    }


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS)
def test_a_wrong_turn_is_told_with_its_culprit_and_its_cure(project: Shell, turn: Turn) -> None:
    for change in turn.changes:
        change(project.folder)
    told = seen(project)

    assert "Traceback" not in told["check"]
    assert [word for word in turn.check if word not in told["check"]] == [], told["check"]
    for answer in (visible(told["curl"]), visible(told["browser"])):
        assert answer.startswith(f"{turn.status} "), answer[:500]
        beginning = answer[:500]  # not somewhere below a traceback
        assert [word for word in turn.answer if word not in beginning] == [], beginning


@pytest.mark.parametrize("command", ["check", "migrate", "runserver --noreload 0"])
def test_an_app_that_is_not_installed_is_told_in_one_line(project: Shell, command: str) -> None:
    replace(SETTINGS, ', "pagesapi"', "")(project.folder)
    done = project.run(f"python manage.py {command}")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert 'Add "pagesapi" to INSTALLED_APPS' in done.stderr


def test_the_server_starts_with_a_file_that_is_broken_and_tells_so_at_once(project: Shell) -> None:
    write(HELLO, "def handler(req, res)\n")(project.folder)
    server = RunServer(project, "python manage.py runserver")
    try:
        assert "hello.py cannot be imported: SyntaxError" in server.output.since(0)
    finally:
        server.stop()
