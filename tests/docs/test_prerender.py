"""The whole site as files: what `docs/prerender.md` shows and says."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command, load_command_class
from django.test import Client
from pytest_django import Settings

from pagesapi.pages import prerender
from pagesapi.pages.building.files import file_of
from pagesapi.pages.building.options import Progress
from pagesapi.pages.building.report import Failure, Report
from tests.docs.page import Page
from tests.docs.served import served
from tests.servers.nginx import Nginx, require_nginx

PAGE = Page("prerender")
PRINTED = PAGE.block("7 pages in")
FILES = PAGE.block("nginx.conf.example\n")
PROXIED = PAGE.block("proxy_pass")
TYPES = {"HTML": "text/html", "RSS": "application/rss+xml", "JSON": "application/json"}


@pytest.fixture
def out(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """Where a project of the page's files is to be built; its store and its builds are in the same folder."""
    settings.BASE_DIR = tmp_path
    settings.ALLOWED_HOSTS = ["example.com", "testserver"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    with served(PAGE, SITE_URL="https://example.com"):
        yield tmp_path / "out"


def built(*words: str, **options: Any) -> str:
    call_command("prerender", *words, stdout=(stdout := StringIO()), stderr=StringIO(), workers=1, **options)
    return stdout.getvalue()


def names_in(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def test_the_site_is_built_as_it_is_shown(out: Path) -> None:
    said = re.sub(r" in [\d.]+ s\.", " in 0.1 s.", built())
    assert said.replace(str(out), "/srv/mysite/out") == PRINTED.text
    assert ["out/", *(f"  {name}" for name in names_in(out))] == FILES.text.splitlines()
    assert Client().get("/products/tea/")["X-Pagesapi-Cache"] == "HIT"


def test_the_name_of_each_file() -> None:
    for page, file in PAGE.rows_below("Which file is which page"):
        kind, path = page.split(", ")
        assert file_of(path.strip("`"), TYPES[kind]) == file.strip("`")


def test_every_option_of_the_command_is_told() -> None:
    parser = load_command_class("pagesapi", "prerender").create_parser("manage.py", "prerender")
    common = {"help", "version", "verbosity", "settings", "pythonpath", "traceback", "no_color", "force_color"}
    options = {action.option_strings[0] for action in parser._actions if action.dest not in {*common, "skip_checks"}}
    assert {name for row in PAGE.rows_below("Options") for name in re.findall(r"--[\w-]+", row[0])} == options


def test_a_part_and_the_shards(out: Path, tmp_path: Path) -> None:
    parts = [str(tmp_path / "parts" / number) for number in "12"]
    for number, folder in enumerate(parts, 1):
        built("--shard", f"{number}/2", "--output", folder)
    assert "7 pages" in built("--merge", *parts)
    assert built("--check").startswith(f"{out} is up to date")
    assert "5 kept" in built("--only", "/products/*", "product")
    assert built("--dry-run", "--only", "product").split() == ["/products/tea/", "/products/salt/"]


def test_what_changed_is_found_by_check(out: Path) -> None:
    built()
    (out / "imprint.html").write_text("by hand")
    with pytest.raises(SystemExit) as ended:
        built("--check")
    assert ended.value.code == 1
    assert (out / "imprint.html").read_text() == "by hand"


def test_a_page_that_fails_leaves_the_old_site(out: Path) -> None:
    built()
    vars(import_module("shop.views"))["HttpResponse"] = None
    with pytest.raises(SystemExit) as ended:
        built()
    assert ended.value.code == 1
    assert (out / "index.html").read_text() == "<h1>Shop</h1>"


def test_a_foreign_folder_is_refused(out: Path) -> None:
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    with pytest.raises(Exception, match="prerender has not written it"):
        built()


def test_nginx_answers_from_the_files_and_asks_the_application(out: Path, tmp_path: Path) -> None:
    require_nginx()
    built()
    conf = (out / "nginx.conf.example").read_text("utf-8").rstrip()
    assert conf.endswith("}")
    assert all(f"    {word} " in conf for word in ("listen", "server_name", "root"))
    (tmp_path / "nginx").mkdir()
    locations = PROXIED.text.replace("127.0.0.1:8000", "127.0.0.1:9")  # where nothing listens
    with Nginx(tmp_path / "nginx", f"{conf[:-1]}{locations}}}\n", out) as nginx, nginx.connect() as connection:
        for target, status in (("/products/tea/", 200), ("/api/products", 200), ("/nowhere/", 404), ("/tea/", 302)):
            assert connection.request("GET", target).status == status, target
        assert connection.request("GET", "/api/feedback").status == 502
        assert connection.request("GET", "/admin/login/").status == 502


def test_a_build_by_python(out: Path) -> None:
    built()
    assert import_module("shop.building").build(out) == 2


def test_the_signature_and_the_report_are_as_told() -> None:
    told = re.search(r"`prerender\((.*?)\)` raises", PAGE.source)
    assert told
    parameters = inspect.signature(prerender).parameters.values()
    assert [part.partition("=")[0] for part in told[1].split(", ") if part != "*"] == [
        each.name for each in parameters
    ]
    named = {
        name for line in PAGE.source.split("| the report has")[1].splitlines() for name in re.findall(r"`(\w+)`", line)
    }
    members = {field.name for field in fields(Report)} | {"ok", "is_unchanged"}
    assert members | {field.name for field in fields(Failure)} <= named | {"get_static_paths"}
    assert Progress._fields == ("done", "total", "failed")
