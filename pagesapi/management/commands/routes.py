"""`manage.py routes`: every URL of the API tree, in the order in which they are tried; `--policy`: who may call."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from pagesapi.endpoints.report import Row, rows
from pagesapi.endpoints.tree import get_tree

Line = tuple[str, ...]


class Command(BaseCommand):
    help = "List the URLs of the API tree with their methods, files and styles, in the order in which they are tried."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's; a broken route has a row of its own

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Write a JSON list, for other programs.")
        parser.add_argument(
            "--policy",
            action="store_true",
            help="Show who may call: CORS, cross-site check, middleware and guards, body limit, cache.",
        )

    def handle(self, **options: Any) -> None:
        tree, found = get_tree(), rows()
        if options["json"]:
            self.stdout.write(json.dumps([row.as_dict(policy=options["policy"]) for row in found], indent=2))
        elif found:
            self._table(found, _policy_line if options["policy"] else _line)
        else:
            self.stdout.write(f"No routes in {tree.scan.root}. A first one: {tree.scan.root / 'hello.py'}")
        for fault in tree.errors:
            self.stderr.write(self.style.ERROR(str(fault)))
        if tree.errors:
            raise SystemExit(1)

    def _table(self, found: list[Row], line_of: Any) -> None:
        heads: Line = HEADS[line_of]
        lines: list[Line] = [line_of(row) for row in found]
        widths = [max(len(line[column]) for line in [heads, *lines]) for column in range(len(heads) - 1)]
        self.stdout.write(self.style.MIGRATE_HEADING(_padded(heads, widths)))
        for row, line in zip(found, lines, strict=True):
            text = _padded(line, widths)
            self.stdout.write(self.style.ERROR(text) if row.error else text)


def _line(row: Row) -> Line:
    return row.url, " ".join(row.methods), row.file, row.error or row.style


def _policy_line(row: Row) -> Line:
    policy = row.policy
    if policy is None:
        return row.url, "", "", "", "", "", row.error or ""
    methods = " ".join(row.methods)
    return row.url, methods, policy.cors, policy.csrf, policy.limit, policy.cache, ", ".join(policy.guards) or "-"


HEADS = {
    _line: ("URL", "METHODS", "FILE", "STYLE"),
    _policy_line: ("URL", "METHODS", "CORS", "CSRF", "LIMIT", "CACHE", "GUARDS"),
}


def _padded(cells: Line, widths: list[int]) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=False)]
    return "  ".join([*padded, cells[-1]])
