from __future__ import annotations

import re
import shlex
from argparse import Action
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command, load_command_class
from django.core.management.base import BaseCommand, CommandError
from django.test import Client

import pagesapi.management.commands
from pagesapi.conf import conf
from pagesapi.deploy.platforms import PLATFORMS
from pagesapi.deploy.platforms.platform import SOME
from pagesapi.testing import route_tree
from tests.docs.page import Page
from tests.docs.server_log import check_line

PAGE = Page("commands")
STARTED = PAGE.block("Wrote api/")
ROUTES = PAGE.block("URL                   METHODS")
LOG = PAGE.block("HTTP/1.1")
OURS = sorted(
    path.stem for path in Path(pagesapi.management.commands.__file__).parent.glob("*.py") if path.stem != "__init__"
)
DJANGOS = {action.dest for action in BaseCommand().create_parser("manage.py", "")._actions}


def options_of(command: str) -> list[Action]:
    parser = load_command_class("pagesapi", command).create_parser("manage.py", command)
    return [action for action in parser._actions if action.dest not in DJANGOS]


def test_each_command_has_its_section() -> None:
    assert set(OURS) <= set(re.findall(r"^## (\w+)$", PAGE.source, re.MULTILINE))


@pytest.mark.parametrize("command", OURS)
def test_each_option_is_listed(command: str) -> None:
    listed = [row[0].strip("`").split()[0].strip("`,") for row in PAGE.rows_below(command)]
    assert listed == [_shown(action) for action in options_of(command)]


def _shown(action: Action) -> str:
    if action.option_strings:
        return action.option_strings[0]
    return str(next(iter(action.choices))) if action.choices else str(action.metavar)


def test_for_which_platform_an_option_is() -> None:
    for name, platforms, _ in PAGE.rows_below("deploy")[1:]:
        flag = name.strip("`").split()[0]
        key = next((key for key, (written, _) in SOME.items() if written == flag), None)
        takes = [each.name for each in PLATFORMS.values() if key is None or key in each.takes]
        assert platforms == ("all" if len(takes) == len(PLATFORMS) else ", ".join(takes))


def test_a_route_that_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command, *printed = STARTED.text.splitlines()
    arguments = shlex.split(command)[4:]
    monkeypatch.chdir(tmp_path)
    with route_tree({}, API_DIR=tmp_path / "api"):
        (tmp_path / "api").mkdir()
        call_command("startroute", *arguments, stdout=(stdout := StringIO()))
        assert stdout.getvalue().splitlines() == printed
        shown = PAGE.routes["posts/[id=int].py"]
        assert (Path(conf.api_dir) / "posts/[id=int].py").read_text() == shown.partition("\n")[2]
        with pytest.raises(CommandError, match="stays as it is"):
            call_command("startroute", *arguments)
        with pytest.raises(CommandError, match="brackets"):
            call_command("startroute", "[id")
        call_command("startroute", "notes/", stdout=(stdout := StringIO()))
        assert stdout.getvalue().startswith("Wrote api/notes/index.py\n")


def test_the_routes_that_are_listed(site: Path) -> None:
    call_command("routes", stdout=(stdout := StringIO()))
    assert f"$ python manage.py routes\n{stdout.getvalue()}" == ROUTES.text


def test_a_line_of_the_log_ends_with_the_file(site: Path, client: Client) -> None:
    check_line(LOG.text, site)
    assert f" {len(client.get('/api/posts/3').content)} api/" in LOG.text
