"""Who may call a route, as a row that a person can audit, and a test can compare."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import Any, Literal
from urllib.parse import quote

from corsheaders.conf import conf as cors_conf
from corsheaders.defaults import default_headers
from corsheaders.signals import check_request_enabled
from django.conf import settings

from pagesapi.conf import conf
from pagesapi.endpoints.cors import Cors
from pagesapi.endpoints.endpoint import Endpoint, guards_of
from pagesapi.endpoints.folder import label
from pagesapi.endpoints.tree import Tree, get_tree
from pagesapi.routing.route import Route

ANY = "any"
EVERY_URL = r"^.*$"  # the default of CORS_URLS_REGEX
NOT_IN_URLS = re.compile(r"[%#\s]")  # as they stand in the names of files


@dataclass(frozen=True, slots=True)
class Access:
    """The policy of one route, in words."""

    cors: str  # "same-origin", "https://app.example +credentials", "settings: …"
    csrf: str  # "origin", "token", "none"
    guards: list[str]  # all middleware of its folders and its own, the outermost first; then those of functions
    limit: str  # of a body
    cache: str  # "none", "static", "static 60 s"


@dataclass(frozen=True, slots=True)
class Row:
    url: str
    methods: list[str]
    file: str
    style: str
    name: str
    error: str | None = None
    policy: Access | None = field(default=None)

    def as_dict(self, *, policy: bool) -> dict[str, Any]:
        row = asdict(self)
        return row if policy else {name: value for name, value in row.items() if name != "policy"}


def rows() -> list[Row]:
    """Every route of the project, in the order in which they are tried."""
    tree = get_tree()
    return [row_of(tree, route) for route in tree.routes]


def url_of(route: Route) -> str:
    """Its place in URLs: "/api/posts/[id]", "/api/a%20b"."""
    text = "/" + "/".join(part for part in (conf.api_prefix, route.url) if part)
    return NOT_IN_URLS.sub(lambda match: quote(match[0]), text)


def row_of(tree: Tree, route: Route) -> Row:
    url = url_of(route)
    try:
        endpoint = tree.endpoint(route)
    except Exception as error:  # noqa: BLE001 - whatever the file raises
        return Row(url, [], route.file, "", route.name, f"{type(error).__name__}: {error}")
    style = endpoint.exports.style
    assert style is not None
    kind = f"{style.value}, async" if endpoint.is_async else style.value
    methods = endpoint.allow.split(", ") if endpoint.allow else [ANY]
    return Row(url, methods, route.file, kind, route.name, policy=access_of(endpoint, tree.loader.package))


def access_of(endpoint: Endpoint, package: str) -> Access:
    """`package`: the name of the tree's modules."""
    rules = endpoint.rules
    return Access(
        _cors_text(rules.cors),
        _csrf_text(endpoint),
        _guard_texts(endpoint, package),
        "none" if rules.limit.bytes is None else rules.limit.text,
        _cache_text(endpoint),
    )


def _csrf_text(endpoint: Endpoint) -> str:
    trusted = " ".join(f"+{origin}" for origin in settings.CSRF_TRUSTED_ORIGINS)
    return f"{endpoint.csrf} {trusted}".rstrip() if endpoint.csrf else "none"


def _cors_text(cors: Cors | Literal[False] | None) -> str:
    if cors is False:
        return "same-origin"
    return _settings_text() if cors is None else _policy_text(cors)


def _policy_text(cors: Cors) -> str:
    parts = [*map(_origin_text, cors.origins)] or ["same-origin"]
    if cors.credentials:
        parts.append("+credentials")
    if cors.private_network:
        parts.append("+private-network")
    if cors.methods is not None:
        parts.append(f"({' '.join(cors.methods)})")
    if tuple(cors.headers) != default_headers:
        parts.append(f"accepts {' '.join(cors.headers) or 'no header'}")
    if cors.expose_headers:
        parts.append(f"exposes {' '.join(cors.expose_headers)}")
    if cors.max_age != Cors("*").max_age:
        parts.append(f"max-age {cors.max_age}")
    return " ".join(parts)


def _origin_text(origin: str | re.Pattern[str]) -> str:
    """A pattern stands between slashes, its flags behind them."""
    if isinstance(origin, str):
        return origin
    flags = re.RegexFlag(origin.flags) & ~re.UNICODE
    return f"/{origin.pattern}/{str(int(flags)) if flags else ''}"


def _settings_text() -> str:
    """What django-cors-headers makes of the project's `CORS_*` settings."""
    allowed = ["*"] if cors_conf.CORS_ALLOW_ALL_ORIGINS else [*cors_conf.CORS_ALLOWED_ORIGINS]
    if not cors_conf.CORS_ALLOW_ALL_ORIGINS:
        allowed += [_origin_text(re.compile(each)) for each in cors_conf.CORS_ALLOWED_ORIGIN_REGEXES]
    if check_request_enabled.has_listeners():
        allowed.append("a signal's receiver")
    if not allowed:
        return "same-origin"
    if cors_conf.CORS_ALLOW_CREDENTIALS:
        allowed.append("+credentials")
    if re.compile(cors_conf.CORS_URLS_REGEX).pattern != EVERY_URL:
        allowed.append(f"where {_origin_text(re.compile(cors_conf.CORS_URLS_REGEX))} matches")
    return f"settings: {' '.join(allowed)}"


def _guard_texts(endpoint: Endpoint, package: str) -> list[str]:
    found = [_without_place(label(item), package) for item in endpoint.rules.middleware]
    if endpoint.needs_login:
        found.append("LoginRequiredMiddleware")
    for method, function in endpoint.exports.functions.items():
        found += [f"{method or 'handler'}: {guard!r}" for guard in guards_of(function)]
    return found


def _without_place(name: str, package: str) -> str:
    """A tree that Python cannot import by name has one that speaks of its folder, which differs by machine."""
    return name.replace(f"{package}.", "api.", 1) if package.startswith("_pagesapi_") else name


def _cache_text(endpoint: Endpoint) -> str:
    if not endpoint.is_static:
        return "none"
    seconds = endpoint.rules.revalidate
    return "static" if seconds is None else f"static {seconds} s"
