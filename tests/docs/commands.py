"""The commands of a shell block, read as a shell and as Django read them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

import pagesapi

PROJECT = Path(pagesapi.__file__).resolve().parents[1] / "pyproject.toml"
PROGRAMS = {
    "cd", "cp", "curl", "django-admin", "echo", "export", "git", "granian", "gunicorn", "hypercorn", "mkdir", "mv",
    "mypy", "nginx", "npm", "npx", "pip", "py", "pytest", "python", "python3", "redis-server", "rm", "rsync", "sam",
    "source", "touch", "uv", "uvicorn", "vercel", ".",
}  # fmt: skip


def commands_of(text: str) -> Iterator[list[str]]:
    """Each command as its words: variables before it, redirections behind it and comments are left out."""
    text = text.replace("\\\n", " ")
    for inner in re.findall(r"\$\(([^()]*)\)", text):
        yield from commands_of(inner)
    for line in re.sub(r"\$\([^()]*\)", "value", text).splitlines():
        words: list[str] = []
        for word in [*_words(line), ";"]:
            if re.fullmatch(r"[&|;]+", word):
                yield from filter(None, [_command(words)])
                words = []
            else:
                words.append(word)


def check_command(words: list[str]) -> None:
    """Fail if there is no such program, command of Django, option, extra or module."""
    program = re.split(r"[/\\]", words[0])[-1].removesuffix(".exe")
    if program == "manage.py":
        _check_django(words[1:])
    elif program in {"python", "python3", "py"} and len(words) > 1 and re.search(r"(^|[/\\])manage\.py$", words[1]):
        _check_django(words[2:])
    elif program == "django-admin":
        _check_django(words[1:])
    else:
        assert program in PROGRAMS, f"Is there a program {program!r}? Then name it in tests/docs/commands.py."
        _check_extras(" ".join(words))
        if program.startswith("py") and words[1:2] == ["-m"]:
            assert find_spec(words[2]), f"There is no module {words[2]!r}."


def _words(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars="&|;<>")
    lexer.whitespace_split = True
    return list(lexer)


def _command(words: list[str]) -> list[str]:
    while words and re.match(r"\w+=", words[0]):
        words = words[1:]
    redirected = next((index for index, word in enumerate(words) if re.fullmatch(r"[<>]+", word)), len(words))
    return words[:redirected]


def _check_django(words: list[str]) -> None:
    name, *arguments = words
    app = get_commands().get(name)
    assert app, f"There is no manage.py {name}."
    command = app if isinstance(app, BaseCommand) else load_command_class(app, name)
    parser = command.create_parser("manage.py", name)
    parser.called_from_command_line = False  # so that it raises, and does not exit
    parser.parse_args(arguments)


def _check_extras(text: str) -> None:
    named = {extra for extras in re.findall(r"(?:pagesapi|\.)\[([\w,-]+)\]", text) for extra in extras.split(",")}
    there = set(re.findall(r"^([\w-]+) = \[", PROJECT.read_text("utf-8"), re.M))
    assert named <= there, f"pyproject.toml has no extra {', '.join(sorted(named - there))}."
