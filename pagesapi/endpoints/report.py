"""Who may call a route, as a row that a person can audit, and a test can compare."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from corsheaders.conf import conf as cors_conf
from corsheaders.signals import check_request_enabled

from pagesapi.conf import conf
from pagesapi.endpoints.cors import Cors
from pagesapi.endpoints.endpoint import Endpoint, guards_of
from pagesapi.endpoints.folder import label
from pagesapi.endpoints.tree import Tree, get_tree
from pagesapi.routing.route import Route

ANY = "any"


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


def row_of(tree: Tree, route: Route) -> Row:
    url = "/" + "/".join(part for part in (conf.api_prefix, route.url) if part)
    try:
        endpoint = tree.endpoint(route)
    except Exception as error:  # noqa: BLE001 - whatever the file raises
        return Row(url, [], route.file, "", route.name, f"{type(error).__name__}: {error}")
    style = endpoint.exports.style
    assert style is not None
    kind = f"{style.value}, async" if endpoint.is_async else style.value
    methods = endpoint.allow.split(", ") if endpoint.allow else [ANY]
    return Row(url, methods, route.file, kind, route.name, policy=access_of(endpoint))


def access_of(endpoint: Endpoint) -> Access:
    rules = endpoint.rules
    return Access(
        _cors_text(rules.cors),
        endpoint.csrf or "none",
        _guard_texts(endpoint),
        "none" if rules.limit.bytes is None else rules.limit.text,
        _cache_text(endpoint),
    )


def _cors_text(cors: Any) -> str:
    if cors is False:
        return "same-origin"
    if cors is None:
        return _settings_text()
    return _policy_text(cors)


def _policy_text(cors: Cors) -> str:
    origins = [each if isinstance(each, str) else each.pattern for each in cors.origins]
    parts = [" ".join(origins) or "same-origin"]
    if cors.credentials:
        parts.append("+credentials")
    if cors.private_network:
        parts.append("+private-network")
    if cors.methods is not None:
        parts.append(f"({' '.join(cors.methods)})")
    return " ".join(parts)


def _settings_text() -> str:
    """What django-cors-headers makes of the project's `CORS_*` settings."""
    allowed = ["*"] if cors_conf.CORS_ALLOW_ALL_ORIGINS else [*cors_conf.CORS_ALLOWED_ORIGINS]
    if not cors_conf.CORS_ALLOW_ALL_ORIGINS:
        allowed += [getattr(each, "pattern", each) for each in cors_conf.CORS_ALLOWED_ORIGIN_REGEXES]
    if check_request_enabled.has_listeners():
        allowed.append("a signal's receiver")
    if not allowed:
        return "same-origin"
    return f"settings: {' '.join(allowed)}{' +credentials' if cors_conf.CORS_ALLOW_CREDENTIALS else ''}"


def _guard_texts(endpoint: Endpoint) -> list[str]:
    found = [label(item) for item in endpoint.rules.middleware]
    if endpoint.needs_login:
        found.append("LoginRequiredMiddleware")
    for method, function in endpoint.exports.functions.items():
        found += [f"{method or 'handler'}: {guard!r}" for guard in guards_of(function)]
    return found


def _cache_text(endpoint: Endpoint) -> str:
    if not endpoint.is_static:
        return "none"
    seconds = endpoint.rules.revalidate
    return "static" if seconds is None else f"static {seconds} s"
