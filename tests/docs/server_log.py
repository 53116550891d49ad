"""A line of `runserver`'s log, as its own filter leaves it."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from django.test import override_settings

from pagesapi.request_log import RouteFilter

LINE = re.compile(r'\[[^]]+\] (?P<logged>"(?P<request>[A-Z]+ \S+ HTTP/1\.1)" (?P<status>\d+) (?P<size>\d+) .*)\n')


def check_line(shown: str, base_dir: Path) -> None:
    """Fail unless the server says the same of this request, for the tree that is served below `base_dir`."""
    found = LINE.fullmatch(shown)
    assert found, shown
    arguments = (found["request"], found["status"], found["size"])
    record = logging.LogRecord("django.server", logging.INFO, "", 0, '"%s" %s %s', arguments, None)
    with override_settings(BASE_DIR=base_dir):
        assert RouteFilter().filter(record)
        assert record.getMessage() == found["logged"]
