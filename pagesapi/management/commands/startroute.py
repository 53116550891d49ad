"""`manage.py startroute posts/[id] --methods GET,POST`: a route file to begin with."""

from __future__ import annotations

import os
import re
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.urls.converters import get_converters

from pagesapi.checks.tree import check_app
from pagesapi.conf import conf
from pagesapi.endpoints.cors import METHODS
from pagesapi.endpoints.report import url_of
from pagesapi.endpoints.tree import forget_tree, import_urlconf
from pagesapi.routing.candidate import file_of, placed
from pagesapi.routing.route import Route
from pagesapi.routing.segments import Kind, Segment


def methods_of(text: str) -> list[str]:
    """`"get,POST"` → `["GET", "POST"]`"""
    wanted = [word.upper() for word in re.split(r"[,\s]+", text) if word]
    unknown = [word for word in wanted if word not in METHODS]
    if unknown or not wanted:
        raise ArgumentTypeError(f"{', '.join(unknown) or 'nothing'} is no method; choose from {', '.join(METHODS)}.")
    return list(dict.fromkeys(wanted))


class Command(BaseCommand):
    help = "Write a route file to begin with, never over another, and tell its URL."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's; a tree with errors is told of its own

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "name",
            metavar="NAME",
            help="The route: hello, posts/[id], docs/[...slug]; posts/ is posts/index.py. Quote the brackets in zsh.",
        )
        parser.add_argument(
            "--methods",
            type=methods_of,
            metavar="GET,POST",
            help="A function for each of these methods. Without it, one handler(req, res) for all of them.",
        )

    def handle(self, *, name: str, methods: list[str] | None, **options: Any) -> None:
        try:
            root, file = Path(conf.api_dir), file_of(name, conf.api_prefix)
        except (ImproperlyConfigured, ValueError) as error:
            raise CommandError(str(error)) from None
        for message in check_app():
            raise CommandError(f"{message.msg} {message.hint}")
        path = root / file
        if os.path.lexists(path):
            raise CommandError(f"{shown(path)} is there already, and stays as it is.")
        import_urlconf()
        route, faults = placed(root, file, get_converters())
        if route is None or faults:
            raise CommandError("\n".join(map(str, faults)))
        write_new(path, source_of(route, methods))
        forget_tree()
        answered = " ".join(methods) if methods else "Every method"
        self.stdout.write(self.style.SUCCESS(f"Wrote {shown(path)}"))
        self.stdout.write(f"{answered} {url_of(route)}")


def shown(path: Path) -> str:
    """As one would type it here."""
    return (path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path).as_posix()


def write_new(path: Path, source: str) -> None:
    """Raises `CommandError` if somebody was faster, or the folder cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(source)
    except OSError as error:
        raise CommandError(f"{shown(path)} cannot be written: {error.strerror}.") from None


def source_of(route: Route, methods: list[str] | None) -> str:
    """Python that answers, with the path's parameters in it."""
    if methods is None:
        return f"def handler(req, res):\n    res.status(200).json({_handler_value(route.parameters)})\n"
    return "\n\n".join(_function(method, route.parameters) for method in methods)


def _handler_value(parameters: tuple[Segment, ...]) -> str:
    if not parameters:
        return '{"message": "Hello"}'
    members = (f'"{part.name}": {_param(part)}' for part in parameters)
    return "{" + ", ".join(members) + "}"


def _param(part: Segment) -> str:
    is_optional = part.kind is Kind.OPTIONAL_CATCH_ALL
    return f'req.params.get("{part.name}", [])' if is_optional else f'req.params["{part.name}"]'


def _function(method: str, parameters: tuple[Segment, ...]) -> str:
    taken = [f"{part.name}=()" if part.kind is Kind.OPTIONAL_CATCH_ALL else part.name for part in parameters]
    head = f"def {method}({', '.join(['request', *taken])}):\n"
    if method in ("DELETE", "HEAD", "OPTIONS"):
        return f"{head}    return None  # 204\n"
    members = [f'"{part.name}": {part.name}' for part in parameters]
    if method != "GET":
        members.append('"received": request.api.body')
    return f"{head}    return {{{', '.join(members or [_GREETING])}}}\n"


_GREETING = '"message": "Hello"'
