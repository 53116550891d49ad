"""Deployment: what `docs/deployment.md` shows and says, as far as this machine can tell."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import override_settings
from granian.cli import cli as granian
from gunicorn.config import Config  # type: ignore[import-untyped]  # it has no stubs
from pytest_django import Settings
from uvicorn import main as uvicorn

from pagesapi.asgi import ApiASGIHandler
from pagesapi.deploy import aws
from pagesapi.deploy.platforms import PLATFORMS
from pagesapi.deploy.writing import compress, host_limits, size, template, vercel
from pagesapi.deploy.writing.plan import make_plan
from pagesapi.endpoints.config import RouteConfig
from tests.docs.commands import commands_of
from tests.docs.kinds import run
from tests.docs.page import Page
from tests.docs.served import served
from tests.pages.building.project import Project, files_in, text_page
from tests.servers.kinds import SERVERS
from tests.servers.nginx import Nginx, require_nginx

PAGE = Page("deployment")
NGINX = PAGE.block("server_name example.com")
SETTINGS = PAGE.block("SECURE_PROXY_SSL_HEADER")
ASGI = PAGE.block("get_asgi_application()")
HOSTS = PAGE.block("REDIS_URL")


def ids(*, deployment: bool = True) -> set[str]:
    found = {str(message.id) for message in run_checks(include_deployment_checks=deployment)}
    return {id for id in found if id.startswith("pagesapi.")}


def test_the_settings_of_a_server_are_all_that_production_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls: Any = ModuleType("docs_urls")
    urls.urlpatterns = [text_page("", "Home")]
    monkeypatch.setitem(sys.modules, "docs_urls", urls)
    shown = {name: value for name, value in run(SETTINGS).items() if name.isupper()}
    with override_settings(ROOT_URLCONF="docs_urls", BASE_DIR=tmp_path, PAGESAPI={}, DEBUG=False):
        assert {"pagesapi.W040", "pagesapi.W045"} <= ids()
    with override_settings(ROOT_URLCONF="docs_urls", BASE_DIR=tmp_path, **shown):
        assert ids() & {"pagesapi.W040", "pagesapi.W045", "pagesapi.E001", "pagesapi.E002"} == set()


def test_the_settings_of_several_hosts_are_good() -> None:
    names = run(HOSTS)
    with override_settings(PAGESAPI=names["PAGESAPI"], CACHES=names["CACHES"]):
        assert ids(deployment=False) & {"pagesapi.E001", "pagesapi.E002", "pagesapi.W047", "pagesapi.W048"} == set()


def test_the_application_for_asgi_counts_bodies() -> None:
    assert isinstance(run(ASGI)["application"], ApiASGIHandler)
    assert "pagesapi.W033" in PAGE.source


def test_each_server_takes_the_command_that_is_shown() -> None:
    tested = {kind.command[0] for kind in SERVERS} - {"django"}
    seen = set()
    for _, command in PAGE.rows_below("On a server"):
        ((program, *words),) = commands_of(command.strip("`"))
        seen.add(program)
        if program == "gunicorn":
            Config().parser().parse_args(words)
        else:
            (uvicorn if program == "uvicorn" else granian).make_context(program, words)
    assert seen == tested


class Echo(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{self.headers['Host']} {self.headers['X-Forwarded-Proto']}".encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def echo() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_nginx_tells_the_application_how_the_visitor_came(tmp_path: Path) -> None:
    require_nginx()
    (tmp_path / "static").mkdir()
    (tmp_path / "static/site.css").write_text("body {}")
    (tmp_path / "nginx").mkdir()
    with echo() as port:
        shown = NGINX.text.replace("127.0.0.1:8000", f"127.0.0.1:{port}").replace("/srv/mysite", str(tmp_path))
        other = "server { listen 80; server_name _; root /path/to/out; }"
        with Nginx(tmp_path / "nginx", other, tmp_path, further=shown) as nginx, nginx.connect() as connection:
            headers = {"Host": "example.com"}
            assert connection.request("GET", "/api/hello", headers).body == b"example.com http"
            assert connection.request("GET", "/static/site.css", headers).body == b"body {}"


def test_the_folder_and_the_next_step_of_each_platform() -> None:
    rows = {row[0].strip("`").removeprefix("deploy "): row for row in PAGE.rows_below("As serverless functions")}
    assert set(rows) == set(PLATFORMS)
    assert [name for name, platform in PLATFORMS.items() if f"`{platform.folder}`" not in rows[name][1]] == []


def test_the_numbers_are_those_of_the_code() -> None:
    assert size.LIMIT == 250 * 1024**2
    assert f"{template.MEMORY} MB and {template.TIMEOUT} s" in PAGE.source
    assert f"waits no longer than {template.GATEWAY_WAITS} s" in PAGE.source
    assert aws.LARGEST_ANSWER // 1024**2 == 6
    assert f"Python {', '.join(vercel.PYTHONS[:-1])} and {vercel.PYTHONS[-1]}" in PAGE.source
    limits = (host_limits.RULES, host_limits.REDIRECTS, host_limits.FILES, host_limits.FILE // 1024**2)
    assert "({} rules, {:,} redirects, {:,} files of {} MB)".format(*limits) in PAGE.source
    assert (compress.SMALLEST, RouteConfig(max_duration=25, memory=2048).memory) == (1024, 2048)


@pytest.fixture
def static_project(settings: Settings, tmp_path: Path) -> Project:
    project = Project(settings, tmp_path)
    project.urls(text_page("", "Home " * 500), text_page("about/", "About", revalidate=60))
    return project


def test_a_folder_for_a_static_host_is_written_and_proved(static_project: Project) -> None:
    told, notes = StringIO(), StringIO()
    call_command("deploy", "static", compress=True, verify=True, workers=1, stdout=told, stderr=notes)
    assert "0 answers differ; 0 problems" in told.getvalue()
    assert "are renewed (revalidate); here the next deployment does it: /about/" in notes.getvalue()
    target = static_project.base / "dist" / "static"
    assert {"index.html", "index.html.br", "index.html.gz", "about/index.html", "404.html"} <= set(files_in(target))
    assert "Cache-Control: public, max-age=0, must-revalidate" in (target / "_headers").read_text()


def test_a_route_says_what_its_function_needs() -> None:
    with served(PAGE):
        plan = make_plan(per_route=True, interface="wsgi", python="3.12")
    (one,) = plan.routed
    assert (one.memory, one.max_duration) == (2048, 25)
    assert (plan.site.memory, plan.site.max_duration) == (2048, 25)
