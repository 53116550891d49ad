"""`Cors`: which pages of other origins may call a route and read its answer (the Fetch standard's CORS protocol)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from corsheaders.defaults import default_headers
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from pagesapi.http.headers import TOKEN
from pagesapi.http.origin import Origin, configured_origin, parse_origin

ANY = "*"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PREFIX = "access-control-"


@dataclass(frozen=True, slots=True)
class Cors:
    """The CORS policy of a route or folder (the Fetch standard's protocol). Raises `ValueError` for a wrong value.

    >>> config = RouteConfig(cors=Cors(origins=["https://app.example"], credentials=True))

    `origins`: "*" for every one, or a list of origins and compiled patterns, which have to match the whole origin.
    `methods`: None for those that the module answers; the cross-site check refuses the others. `headers`: what a
    caller may send beyond the safe ones; those of django-cors-headers if not given. `credentials`: whether cookies may
    come along. `max_age`: seconds that a browser remembers a preflight, a day if not given; None leaves it to the
    browser. `expose_headers`: what the caller's script may read beyond the safe ones. `private_network`: whether a
    public page may call a host of a private network.
    """

    origins: Literal["*"] | Sequence[str | re.Pattern[str]]
    methods: Sequence[str] | None = None
    headers: Literal["*"] | Sequence[str] = default_headers
    credentials: bool = False
    max_age: int | None = 86400
    expose_headers: Sequence[str] = ()
    private_network: bool = False
    _exact: frozenset[Origin | None] = field(init=False, repr=False, compare=False)  # None: "null"
    _patterns: tuple[re.Pattern[str], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in ("credentials", "private_network"):
            if not isinstance(getattr(self, name), bool):
                raise ValueError(f"Cors({name}=…) takes True or False, not {getattr(self, name)!r}.")
        if self.max_age is not None and (type(self.max_age) is not int or self.max_age < 0):
            raise ValueError(f"Cors(max_age=…) takes whole seconds, or None, not {self.max_age!r}.")
        if self.origins != ANY:
            self._set("origins", _listed("origins", self.origins, (str, re.Pattern)))
        if self.headers != ANY:
            self._set("headers", _tokens("headers", self.headers))
        self._set("expose_headers", _tokens("expose_headers", self.expose_headers))
        if self.methods is not None:
            self._set("methods", _methods(self.methods))
        self._check_credentials()
        given = () if self.origins == ANY else self.origins
        self._set("_exact", frozenset(_origin(entry) for entry in given if isinstance(entry, str)))
        self._set("_patterns", tuple(entry for entry in given if isinstance(entry, re.Pattern)))

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def _check_credentials(self) -> None:
        if not self.credentials:
            return
        if self.origins == ANY:
            raise ValueError(
                'Cors(origins="*", credentials=True) would let every site act as the user; list the origins.'
            )
        if "null" in self.origins:
            raise ValueError(
                'Cors(origins=["null"], credentials=True): any site can send "null"; remove one of the two.'
            )
        for name in ("headers", "expose_headers"):
            if ANY in getattr(self, name):
                raise ValueError(f'Cors({name}="*", credentials=True): browsers then know no "*"; list the names.')

    def allows(self, origin: str) -> bool:
        """Whether a page of this origin may call; `origin` as a request brings it."""
        if self.origins == ANY:
            return True
        parsed = parse_origin(origin)
        if parsed is None:
            return origin == "null" and None in self._exact  # anybody can be "null", so no pattern stands for it
        return parsed in self._exact or any(pattern.fullmatch(origin) for pattern in self._patterns)

    def allowed_methods(self, answered: Iterable[str]) -> list[str]:
        """For a preflight; `answered` by the module, empty: every method."""
        if self.methods is None:
            return sorted(answered or METHODS)
        return sorted(set(self.methods) & set(answered or self.methods))

    def allows_method(self, method: str | None) -> bool:
        return self.methods is None or method in self.methods


def _origin(text: str) -> Origin | None:
    origin = configured_origin(text)
    if origin is None and text != "null":
        cure = 'Write "https://app.example", with scheme and without a path.'
        if text == ANY:
            cure = 'Write origins="*", without a list.'
        elif ANY in text:
            cure = r'For subdomains give a pattern: re.compile(r"https://[a-z0-9-]+\.example\.com").'
        raise ValueError(f"Cors(origins=…): {text!r} is no origin. {cure}")
    return origin


def _listed(name: str, values: Any, kinds: tuple[type, ...]) -> tuple[Any, ...]:
    if isinstance(values, kinds) or not isinstance(values, Iterable):
        raise ValueError(f"Cors({name}=…) takes a list, not {values!r}.")
    found = tuple(values)
    wrong = [value for value in found if not isinstance(value, kinds)]
    if wrong:
        raise ValueError(f"Cors({name}=…) takes a list of texts, and {wrong[0]!r} is none.")
    return found


def _tokens(name: str, values: Any) -> tuple[str, ...]:
    found = _listed(name, values, (str,))
    for value in found:
        if not TOKEN.fullmatch(value) or (value == ANY and name == "headers"):
            cure = ' Write headers="*", without a list.' if value == ANY else ""
            raise ValueError(f"Cors({name}=…): {value!r} is no header name.{cure}")
    return found


def _methods(values: Any) -> tuple[str, ...]:
    found = _listed("methods", values, (str,))
    if not found or not all(TOKEN.fullmatch(name) and name == name.upper() for name in found):
        raise ValueError(f'Cors(methods=…) takes upper-case names such as ["GET", "POST"], not {values!r}.')
    return found


def is_preflight(request: HttpRequest) -> bool:
    """A browser asks on its own whether it may send a request (Fetch §4.9)."""
    meta = request.META
    return (
        request.method == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in meta and bool(meta.get("HTTP_ORIGIN"))
    )


def preflight_answer() -> HttpResponse:
    """What `add_cors_headers` then says everything on."""
    response = HttpResponse(status=204)
    del response.headers["Content-Type"]
    return response


def add_cors_headers(
    cors: Cors | Literal[False], request: HttpRequest, response: HttpResponseBase, answered: Iterable[str] = ()
) -> HttpResponseBase:
    """The headers of the policy, and of nothing else. `answered`: the methods of the module, for a preflight."""
    for name in [name for name in response.headers if name.lower().startswith(PREFIX)]:
        del response.headers[name]
    if cors is False:
        return response
    patch_vary_headers(response, ("origin",))
    origin = request.META.get("HTTP_ORIGIN")
    if not origin or not cors.allows(origin):
        return response
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = ANY if cors.origins == ANY else origin
    if cors.credentials:
        headers["Access-Control-Allow-Credentials"] = "true"
    if cors.expose_headers:
        headers["Access-Control-Expose-Headers"] = ", ".join(cors.expose_headers)
    if cors.private_network and request.META.get("HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK") == "true":
        headers["Access-Control-Allow-Private-Network"] = "true"
    if is_preflight(request):
        _allow(cors, headers, answered)
    return response


def _allow(cors: Cors, headers: Any, answered: Iterable[str]) -> None:
    headers["Access-Control-Allow-Methods"] = ", ".join(cors.allowed_methods(answered))
    # "*" does not stand for Authorization (Fetch §3.3.3).
    headers["Access-Control-Allow-Headers"] = "*, authorization" if cors.headers == ANY else ", ".join(cors.headers)
    if cors.max_age is not None:
        headers["Access-Control-Max-Age"] = str(cors.max_age)
