"""A page's place in the URLconf: its parameters as a path, in one spelling."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.utils.http import escape_leading_slashes
from django.utils.regex_helper import normalize

from pagesapi.exceptions import PageError

PATH_CHARACTERS = "!$&'()*+,;=/~:@"  # RFC 3986 §3.3: those that `reverse()` leaves as they are
# Converters whose text is the value: the path is its own only spelling.
LONE_PERCENT = re.compile(r"%(?!\(\w+\)s)")  # a sign of the pattern's own, which `normalize()` leaves as it is
PLAIN_CONVERTERS = ("StringConverter", "SlugConverter", "PathConverter")


@dataclass(frozen=True, eq=False)
class Address:
    """One pattern of the URLconf, with all that it is included under, in one language."""

    view: Callable[..., Any]
    route: str  # as `ResolverMatch.route` has it
    name: str  # for messages and --only: with its namespaces, or the route
    language: str
    namespace: str  # "shop:blog", as `ResolverMatch.namespace`
    regex: str  # of the whole path, without the first slash
    converters: Mapping[str, Any]
    inherited: Mapping[str, Any]  # keyword arguments of the includes, which a parameter of the same name replaces
    defaults: Mapping[str, Any]  # the pattern's own, which replace parameters
    is_path: bool  # whether all of it is written with `path()`

    @cached_property
    def parameters(self) -> frozenset[str]:
        return frozenset(re.findall(r"\(\?P<(\w+)>", self.regex))

    @cached_property
    def is_plain(self) -> bool:
        """Whether every path that matches is spelt as `path()` would spell it."""
        return self.is_path and all(
            type(item).__name__ in PLAIN_CONVERTERS and type(item).__module__ == "django.urls.converters"
            for item in self.converters.values()
        )

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(self.regex)

    @cached_property
    def _templates(self) -> list[tuple[str, frozenset[str]]]:
        """Ways to write the path, as `reverse()` has them: ("blog/%(slug)s/", {"slug"})."""
        try:
            ways = normalize(self.regex) if self._pattern else []
            return [(LONE_PERCENT.sub("%%", text), frozenset(names)) for text, names in ways]
        except (re.error, ValueError):  # flags in the middle, say: each part is a pattern, and the whole is none
            return []

    def path(self, params: Mapping[str, Any]) -> str:
        """The decoded path below the script prefix: "/blog/hello/". `PageError` if the pattern has no such URL."""
        texts = self._texts(params)
        for template, names in self._templates:
            if names == texts.keys():
                candidate = template % texts
                if self._pattern.match(candidate):
                    return f"/{candidate}"
        given = f"{self.name}: the pattern {self.route!r} has no URL for {dict(params)!r:.200}."
        if texts.keys() == self.parameters:
            raise PageError(f"{given} The names are right; a value does not match.")
        raise PageError(f"{given} It takes {', '.join(sorted(self.parameters)) or 'no parameters'}.")

    def own_path(self, params: Mapping[str, Any]) -> str:
        """The one spelling of a path: "05" of an `int` is written "5"."""
        path = self.path(params)
        return path if self.is_plain else self.path(self.captured(path))

    @cached_property
    def only_path(self) -> str | None:
        """The path, where there are no parameters; None with parameters, or where it cannot be told."""
        try:
            return None if self.parameters else self.path({})
        except PageError:
            return None

    def given(self, kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Of a view's keyword arguments, those that its URL holds."""
        return {name: value for name, value in kwargs.items() if name in self.parameters}

    def _texts(self, params: Mapping[str, Any]) -> dict[str, str]:
        texts = {}
        for name, value in params.items():
            if name not in self.parameters and (name in self.defaults or name in self.inherited or value in ([], ())):
                continue
            converter = self.converters.get(name)
            try:
                texts[name] = str(value) if converter is None else converter.to_url(value)
            except (ValueError, TypeError, AttributeError):
                raise PageError(
                    f"{self.name}: {value!r:.100} is no value for the parameter {name!r} of {self.route!r}."
                ) from None
        return texts

    def captured(self, path: str) -> dict[str, Any]:
        """The parameters that the path holds, as the converters make them."""
        match = self._pattern.match(path[1:])
        assert match is not None, path  # every caller has it of the pattern itself
        given = {name: value for name, value in match.groupdict().items() if value is not None}
        try:
            return {
                name: self.converters[name].to_python(value) if name in self.converters else value
                for name, value in given.items()
            }
        except ValueError as error:
            raise PageError(f"{self.name}: a converter of {self.route!r} refuses {path!r:.200}. {error}") from error

    def params_or(self, path: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """`params`, or what was given where the pattern as a whole cannot be matched."""
        return self.params(path) if self.regex and self._templates else given

    def params(self, path: str) -> dict[str, Any]:
        """The keyword arguments that a request for this path brings to the view."""
        return {**self.inherited, **self.captured(path), **self.defaults}


def url_of(path: str, prefix: str = "/") -> str:
    """A decoded path as a URL, as `reverse()` escapes it."""
    return escape_leading_slashes(quote(prefix[:-1] + path, safe=PATH_CHARACTERS, errors="surrogatepass"))
