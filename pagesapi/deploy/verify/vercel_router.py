"""The routing of `config.json`, followed as Vercel documents it.

https://vercel.com/docs/build-output-api/configuration#routes
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, unquote

from pagesapi.deploy.verify.question import Question
from pagesapi.deploy.verify.vercel_output import Found

Rule = Mapping[str, Any]
GROUP = re.compile(r"\$(\d|[A-Za-z][A-Za-z0-9]*)")


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a request came to. `found` is None for a status without a file."""

    found: Found | None
    path: str  # of what was found, encoded
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)


class Router:
    """`find` says what there is for a decoded path."""

    def __init__(self, routes: Sequence[Rule], find: Callable[[str], Found | None]) -> None:
        self.phases: dict[str | None, list[Rule]] = {}
        phase: str | None = None
        for route in routes:
            if "handle" in route:
                phase = route["handle"]
            else:
                self.phases.setdefault(phase, []).append(route)
        self.find = find

    def route(self, question: Question) -> Routed:
        """Rules before any `handle`; the file system; and then, phase after phase, rules again."""
        state = Routed(None, question.path)
        for phase in (None, "filesystem", "rewrite", "miss", "resource"):
            if phase == "filesystem" and (found := self._found(state)) is not None:
                return self._hit(question, found)
            state, is_final = self._follow(question, phase, state)
            if is_final:
                return self._hit(question, state) if state.found is not None else state
        return self._error(question, replace(state, status=404))

    def _found(self, state: Routed) -> Routed | None:
        found = self.find(unquote(state.path))
        return None if found is None else replace(state, found=found)

    def _follow(self, question: Question, phase: str | None, state: Routed) -> tuple[Routed, bool]:
        """Whether nothing more is to be asked, with where that is."""
        for rule in self.phases.get(phase, ()):
            match = _match(rule, question, state.path)
            if match is None:
                continue
            headers = {name.lower(): _filled(value, match) for name, value in rule.get("headers", {}).items()}
            path = _filled(rule["dest"], match) if "dest" in rule else state.path
            state = Routed(None, path, rule.get("status", state.status), state.headers | headers)
            if rule.get("continue"):
                continue
            found = self._found(state)
            if found is not None:
                return found, True
            if "status" in rule:
                return state, True
            if not rule.get("check"):
                return self._error(question, replace(state, status=404)), True
        return state, False

    def _hit(self, question: Question, state: Routed) -> Routed:
        after, _ = self._follow(question, "hit", Routed(None, state.path))
        return replace(state, headers=after.headers | state.headers)

    def _error(self, question: Question, state: Routed) -> Routed:
        after, is_final = (
            self._follow(question, "error", Routed(None, state.path)) if "error" in self.phases else (state, False)
        )
        return replace(after, status=404, headers=state.headers | after.headers) if is_final else state


def _match(rule: Rule, question: Question, path: str) -> re.Match[str] | None:
    if question.method not in rule.get("methods", (question.method,)):
        return None
    if not all(_has(wanted, question) for wanted in rule.get("has", ())):
        return None
    if any(_has(unwanted, question) for unwanted in rule.get("missing", ())):
        return None
    return _compiled(rule["src"], bool(rule.get("caseSensitive"))).search(path)


@lru_cache(maxsize=4096)
def _compiled(source: str, is_exact: bool) -> re.Pattern[str]:
    """Vercel anchors them; a named group is written otherwise in Python."""
    whole = f"^(?:{source.removeprefix('^').removesuffix('$')})\\Z"
    return re.compile(re.sub(r"\(\?<(?=[A-Za-z])", "(?P<", whole), 0 if is_exact else re.IGNORECASE)


def _has(condition: Mapping[str, Any], question: Question) -> bool:
    values = _values(condition["type"], condition.get("key", ""), question)
    wanted = condition.get("value")
    return any(wanted is None or re.fullmatch(wanted, value) for value in values)


def _values(kind: str, key: str, question: Question) -> list[str]:
    if kind == "header":
        return question.values(key)
    if kind == "host":
        return question.values("host")
    if kind == "query":
        return parse_qs(question.query, keep_blank_values=True).get(key, [])
    return [value for text in question.values("cookie") for name, value in _cookies(text) if name == key]


def _cookies(text: str) -> list[tuple[str, str]]:
    return [(name.strip(), value.strip()) for name, _, value in (pair.partition("=") for pair in text.split(";"))]


def _filled(text: str, match: re.Match[str]) -> str:
    def value(found: re.Match[str]) -> str:
        key = found[1]
        try:
            return match[int(key) if key.isdecimal() else key] or ""
        except IndexError:
            return ""

    return GROUP.sub(value, text)
