"""`manage.py routes`: every URL of the API tree, in the order in which they are tried."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict, dataclass
from typing import Any

from django.core.management.base import BaseCommand

from pagesapi.conf import conf
from pagesapi.endpoints.endpoint import Endpoint
from pagesapi.endpoints.tree import Tree, get_tree
from pagesapi.routing.route import Route

ANY = "any"


@dataclass(frozen=True, slots=True)
class Row:
    url: str
    methods: list[str]
    file: str
    style: str
    name: str
    error: str | None = None


class Command(BaseCommand):
    help = "List the URLs of the API tree with their methods, files and styles, in the order in which they are tried."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's; a broken route has a row of its own

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Write a JSON list, for other programs.")

    def handle(self, **options: Any) -> None:
        tree = get_tree()
        rows = [row_of(tree, route) for route in tree.routes]
        if options["json"]:
            self.stdout.write(json.dumps([asdict(row) for row in rows], indent=2))
        elif rows:
            self._table(rows)
        else:
            self.stdout.write(f"No routes in {tree.scan.root}. A first one: {tree.scan.root / 'hello.py'}")
        for fault in tree.errors:
            self.stderr.write(self.style.ERROR(f"{', '.join(fault.files)}: {fault.problem} {fault.cure}"))
        if tree.errors:
            raise SystemExit(1)

    def _table(self, rows: list[Row]) -> None:
        heads = ("URL", "METHODS", "FILE", "STYLE")
        cells = [(row.url, " ".join(row.methods), row.file, row.error or row.style) for row in rows]
        widths = [max(len(line[column]) for line in [heads, *cells]) for column in range(len(heads) - 1)]
        self.stdout.write(self.style.MIGRATE_HEADING(_line(heads, widths)))
        for row, cell in zip(rows, cells, strict=True):
            line = _line(cell, widths)
            self.stdout.write(self.style.ERROR(line) if row.error else line)


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=False)]
    return "  ".join([*padded, cells[-1]])


def row_of(tree: Tree, route: Route) -> Row:
    url = "/" + "/".join(part for part in (conf.api_prefix, route.url) if part)
    try:
        endpoint = Endpoint.of(route, tree.exports(route))
    except Exception as error:  # noqa: BLE001 - whatever the file raises
        return Row(url, [], route.file, "", route.name, f"{type(error).__name__}: {error}")
    style = endpoint.exports.style
    assert style is not None
    kind = f"{style.value}, async" if endpoint.is_async else style.value
    return Row(url, endpoint.allow.split(", ") if endpoint.allow else [ANY], route.file, kind, route.name)
