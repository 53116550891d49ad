"""What the line of a request names, record by record; `tests/machinery/test_autoreload.py` has a real `runserver`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from pagesapi.request_log import LOGGER, name_route_files
from pagesapi.testing import route_tree

FORMAT = '"%s" %s %s'  # of Django's runserver
GET = "def GET(request, **params): return params"


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture
def lines() -> Iterator[list[str]]:
    logger, handler = logging.getLogger(LOGGER), Lines()
    logger.addHandler(handler)
    level = logger.level
    logger.setLevel("INFO")
    yield handler.lines
    logger.setLevel(level)
    logger.removeHandler(handler)


def base(folder: Path) -> override_settings:
    return override_settings(BASE_DIR=folder)


@pytest.fixture(autouse=True)
def tree() -> Iterator[Path]:
    with route_tree({"posts/[id].py": GET, "docs/[...slug].py": GET}) as folder, base(folder.parent):
        yield folder


@pytest.mark.parametrize(
    ("request_line", "named"),
    [
        ("GET /api/posts/3 HTTP/1.1", " api/posts/[id].py"),
        ("GET /api/posts/3?q=/api/docs/a HTTP/1.1", " api/posts/[id].py"),
        ("POST /api/docs/a/%C3%BC HTTP/1.1", " api/docs/[...slug].py"),
        ("GET /about/ HTTP/1.1", ""),
        ("GET /no/such/page HTTP/1.1", ""),
        ("GET api/posts/3 HTTP/1.1", ""),
        ("GET /api/posts/3", ""),
        ("%s %d", ""),
    ],
)
def test_a_line_ends_with_the_route_file(lines: list[str], request_line: str, named: str) -> None:
    logging.getLogger(LOGGER).info(FORMAT, request_line, "200", "17")
    assert lines == [f'"{request_line}" 200 17{named}']


def test_other_lines_are_left_as_they_are(lines: list[str]) -> None:
    logging.getLogger(LOGGER).info("- Broken pipe from %(host)s", {"host": "127.0.0.1"})
    logging.getLogger(LOGGER).info("100 %s")
    assert lines == ["- Broken pipe from 127.0.0.1", "100 %s"]


def test_a_tree_elsewhere_is_named_by_its_whole_path(lines: list[str], tree: Path) -> None:
    with base(tree / "another"):
        logging.getLogger(LOGGER).info(FORMAT, "GET /api/posts/3 HTTP/1.1", "200", "17")
    assert lines[0].endswith(f" {(tree / 'posts' / '[id].py').as_posix()}")


def test_a_urlconf_that_is_broken_does_not_break_the_log(lines: list[str]) -> None:
    with override_settings(ROOT_URLCONF="no_such_module"):
        logging.getLogger(LOGGER).info(FORMAT, "GET /api/posts/3 HTTP/1.1", "500", "0")
    assert lines == ['"GET /api/posts/3 HTTP/1.1" 500 0']


def test_a_file_is_named_once_however_often_apps_are_made_ready(lines: list[str]) -> None:
    name_route_files()
    logging.getLogger(LOGGER).info(FORMAT, "GET /api/posts/3 HTTP/1.1", "200", "17")
    assert lines == ['"GET /api/posts/3 HTTP/1.1" 200 17 api/posts/[id].py']
