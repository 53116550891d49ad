"""Static files that went along with a function, where the project itself answers for none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.http import HttpResponse
from django.urls import path
from pytest_django import Settings

from pagesapi.deploy.function import asgi_application, wsgi_application
from pagesapi.deploy.verify.answer import Answer
from pagesapi.deploy.verify.live import asked as asked_asgi
from pagesapi.deploy.verify.live import environ_of
from pagesapi.deploy.verify.question import Question
from tests.deploy.conftest import Become

urlpatterns = [path("static/own.css", lambda request: HttpResponse("the project's own", content_type="text/css"))]


def plain(environ: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", [])
    return [b"plain"]


def generated(environ: Any, start_response: Any) -> Iterator[bytes]:
    start_response("404 Not Found", [])
    yield b""


HEADERS = {"host": "example.com"}
Ask = Callable[..., Answer]


def wsgi_answer(application: Any, question: Question) -> Answer:
    """As behind an adapter, which takes the script name off."""
    started: list[tuple[str, Any]] = []
    body = application(environ_of(question, HEADERS), lambda status, headers, *_: started.append((status, headers)))
    content = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    status, headers = started[-1]
    return Answer(int(status.split()[0]), tuple(headers), content)


@pytest.fixture(params=["wsgi", "asgi"])
def ask(request: pytest.FixtureRequest, settings: Settings, become: Become, tmp_path: Path) -> Ask:
    settings.BASE_DIR = tmp_path
    settings.ROOT_URLCONF = __name__
    settings.ALLOWED_HOSTS = ["example.com"]
    settings.STATIC_URL = "/static/"
    settings.WSGI_APPLICATION = None
    settings.MIDDLEWARE = []
    settings.TEMPLATES = []
    folder = tmp_path / "_pagesapi" / "out" / "static" / "css"
    folder.mkdir(parents=True)
    (folder / "site.css").write_text("body {}")
    (folder.parent / "own.css").write_text("never seen")
    (tmp_path / "secret.css").write_text("not to be read")
    become("site")

    def ask_application(target: str, method: str = "GET") -> Answer:
        question = Question(method, target)
        if request.param == "wsgi":
            return wsgi_answer(wsgi_application(), question)
        return async_to_sync(asked_asgi)(asgi_application(), question, HEADERS)

    return ask_application


def test_a_file_is_served_with_its_type(ask: Ask) -> None:
    answer = ask("/static/css/site.css")
    assert (answer.status, answer.body, answer.values("content-type")) == (200, b"body {}", ["text/css"])
    assert ask("/static/css/site.css", "HEAD").status == 200


def test_what_the_project_answers_itself_comes_first(ask: Ask) -> None:
    assert ask("/static/own.css").body == b"the project's own"


@pytest.mark.parametrize(
    "target", ["/static/none.css", "/static/css/", "/static/../secret.css", "/static/%00", "/", "/static/" + "a" * 300]
)
def test_everything_else_is_a_404(ask: Ask, target: str) -> None:
    assert ask(target).status == 404


@pytest.mark.parametrize("ask", ["wsgi"], indirect=True)
def test_an_application_need_not_be_djangos(ask: Ask, settings: Settings) -> None:
    settings.WSGI_APPLICATION = f"{__name__}.plain"
    assert ask("/static/css/site.css").body == b"plain"
    settings.WSGI_APPLICATION = f"{__name__}.generated"
    assert ask("/static/css/site.css").body == b"body {}"


def test_nothing_but_reading_is_answered(ask: Ask) -> None:
    assert ask("/static/css/site.css", "POST").status == 404


def test_below_a_script_name_they_are_served_as_well(ask: Ask, settings: Settings, tmp_path: Path) -> None:
    settings.FORCE_SCRIPT_NAME = "/app"
    settings.STATIC_URL = "/app/static/"
    assert ask("/app/static/css/site.css").body == b"body {}"
    assert ask("/app/static/own.css").body == b"the project's own"


@pytest.mark.parametrize("url", ["https://cdn.example/static/", None])
def test_with_static_files_elsewhere_none_is_served(ask: Ask, settings: Settings, url: str | None) -> None:
    settings.STATIC_URL = url
    assert ask("/static/css/site.css").status == 404
