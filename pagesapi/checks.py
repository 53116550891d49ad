"""System checks. Their ids are permanent: a number is never used for something else."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import WARNING, CheckMessage, Error, Warning
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils.module_loading import import_string

from pagesapi.conf import KNOWN, conf
from pagesapi.endpoints.dispatch import build_view
from pagesapi.endpoints.endpoint import Endpoint, rule_faults, rules_of
from pagesapi.endpoints.tree import Tree, get_tree
from pagesapi.middleware import ApiMiddleware
from pagesapi.pages.faults import PageFault, deployment_faults, page_faults, store_faults
from pagesapi.resolver import ApiResolver, find
from pagesapi.routing.route import Route
from pagesapi.routing.scan import POLICY

# The properties of `conf` that raise for a wrong value; the first is the dict itself.
SETTINGS = (
    "given",
    "api_dir",
    "api_prefix",
    "trailing_slash",
    "body_limit",
    "output_dir",
    "site_url",
    "store",
    "build_id",
    "cache_in_debug",
    "shared_max_age",
    "regenerate",
    "preview",
)
OURS = "pagesapi.middleware.ApiMiddleware"
# What a Django app has and an API tree has not.
APP_FILES = ("apps.py", "models.py", "models/__init__.py", "admin.py", "migrations/__init__.py")
SAMPLES = {"int": "1", "uuid": "00000000-0000-0000-0000-000000000000", "path": "a/b"}


def _configured() -> bool:
    """Whether the settings can be read at all; what is wrong with them is said by `check_settings` alone."""
    return not list(_setting_errors())


def _has_urls() -> bool:
    return bool(getattr(settings, "ROOT_URLCONF", None))


def check_settings(**kwargs: Any) -> list[CheckMessage]:
    messages: list[CheckMessage] = list(_setting_errors())
    if messages:
        return messages
    for key in sorted(set(conf.given) - set(KNOWN), key=str):
        messages.append(
            Error(f"PAGESAPI has no key {key!r}.", hint=f"The keys are {', '.join(KNOWN)}.", id="pagesapi.E001")
        )
    folder = Path(conf.api_dir)
    if not folder.is_dir():
        hint = 'Create it, or set PAGESAPI["API_DIR"].'
        messages.append(Error(f"The API folder {folder} does not exist.", hint=hint, id="pagesapi.E003"))
    return messages


def _setting_errors() -> Iterator[Error]:
    for name in SETTINGS:
        if name == "output_dir" and not hasattr(settings, "BASE_DIR"):
            continue  # a project without pages needs neither; one with pages is told by check_pages
        try:
            getattr(conf, name)
        except ImproperlyConfigured as error:
            yield Error(str(error), hint="Mend PAGESAPI in the settings.", id="pagesapi.E002")
            if name == "given":
                return


def check_install(**kwargs: Any) -> list[CheckMessage]:
    messages: list[CheckMessage] = [*_middleware_messages()]
    if "corsheaders" not in settings.INSTALLED_APPS and not any(
        app.startswith("corsheaders.") for app in settings.INSTALLED_APPS
    ):
        hint = 'Add "corsheaders" to INSTALLED_APPS: its own checks look after the CORS_* settings.'
        messages.append(Warning("django-cors-headers is not installed as an app.", hint=hint, id="pagesapi.W031"))
    if _asgi_application():
        messages += _asgi_messages(_asgi_application().rpartition(".")[0])
    return messages


def _middleware_messages() -> Iterator[CheckMessage]:
    classes = [import_string(path) for path in settings.MIDDLEWARE]
    places = [
        index for index, item in enumerate(classes) if isinstance(item, type) and issubclass(item, ApiMiddleware)
    ]
    if not places:
        hint = (
            f'Put "{OURS}" first in MIDDLEWARE: without it no Cors(…) takes effect, and unknown URLs and errors of '
            "endpoints are HTML."
        )
        yield Error("ApiMiddleware is not in MIDDLEWARE.", hint=hint, id="pagesapi.E030")
        return
    above = [path for path in settings.MIDDLEWARE[: places[0]] if _must_stand_below(path)]
    if above:
        hint = f'Move "{OURS}" to the top: what answers before it does so without CORS headers and problem documents.'
        yield Warning(f"ApiMiddleware stands below {', '.join(above)}.", hint=hint, id="pagesapi.W030")
    if "corsheaders.middleware.CorsMiddleware" in settings.MIDDLEWARE:
        hint = "Remove corsheaders' own: ApiMiddleware is a subclass of it, and headers would be set twice."
        yield Warning("Two CORS middlewares are installed.", hint=hint, id="pagesapi.W032")


def _signs_in() -> bool:
    """Whether the project's middleware may set `request.user`; one that is not Django's is taken to know better."""
    return any(
        not path.startswith("django.") or "auth.middleware.Authent" in path
        for path in settings.MIDDLEWARE
        if path != OURS
    )


def _must_stand_below(path: str) -> bool:
    """Whether it is one of those, or a subclass."""
    found = import_string(path)
    bases = found.__mro__ if isinstance(found, type) else (found,)
    names = {f"{base.__module__}.{base.__qualname__}" for base in bases}
    redirects = settings.SECURE_SSL_REDIRECT and "django.middleware.security.SecurityMiddleware" in names
    return redirects or not names.isdisjoint(MUST_STAND_BELOW)


MUST_STAND_BELOW = (
    "django.contrib.sessions.middleware.SessionMiddleware",  # these set cookies, which no shared page may carry
    "django.middleware.locale.LocaleMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.cache.CacheMiddleware",
    "django.middleware.cache.FetchFromCacheMiddleware",
    "django.middleware.cache.UpdateCacheMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # its answers would be without CORS headers
)


def check_deployment(**kwargs: Any) -> list[CheckMessage]:
    """For `check --deploy`. A project has an `asgi.py` by `startproject`, whether it uses it or not."""
    module = f"{settings.ROOT_URLCONF.rpartition('.')[0]}.asgi"
    return [] if _asgi_application() else list(_asgi_messages(module))


def check_pages_deployment(**kwargs: Any) -> list[CheckMessage]:
    """What static pages need in production."""
    return [_message(fault) for fault in deployment_faults()] if _configured() and _has_urls() else []


def _asgi_application() -> str:
    return getattr(settings, "ASGI_APPLICATION", None) or ""


def _asgi_messages(module: str) -> Iterator[CheckMessage]:
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        return
    source = Path(spec.origin).read_text("utf-8") if spec is not None and spec.origin else ""
    if re.search(r"^\s*from django\.core\.asgi import", source, re.MULTILINE):
        yield Warning(
            f"Under {module}, Django writes a request body to disk before its limit is looked at.",
            hint="Import get_asgi_application from pagesapi.asgi, which counts the bytes as they come in.",
            id="pagesapi.W033",
        )


def check_tree(**kwargs: Any) -> list[CheckMessage]:
    if not _configured():
        return []
    tree = get_tree()
    messages: list[CheckMessage] = [
        Error(f"{', '.join(fault.files)}: {fault.problem}", hint=fault.cure, id=f"pagesapi.E{fault.kind:03}")
        for fault in tree.errors
    ]
    return messages + check_app()


def check_app() -> list[CheckMessage]:
    """Whether the tree is a Django app as well."""
    root = get_tree().scan.root
    present = [name for name in APP_FILES if (root / name).is_file()]
    if not present:
        return []
    hint = 'Each .py file there would be a URL. Keep the tree elsewhere: PAGESAPI = {"API_DIR": BASE_DIR / "routes"}.'
    text = f"The API folder {root} is a Django app too: it has {', '.join(present)}."
    return [Error(text, hint=hint, id="pagesapi.E018")]


def check_folders(**kwargs: Any) -> list[CheckMessage]:
    """Import every `_middleware.py`, and say what is wrong with each."""
    if not _configured() or check_app():
        return []
    tree = get_tree()
    messages = [message for parts in tree.scan.policies for message in _folder_messages(tree, parts)]
    for file in tree.scan.lookalikes:
        hint = f"If it is a folder's policy, call it {POLICY}; else give it a name less like that."
        messages.append(Error(f"Nothing reads {file}, so it guards nothing.", hint=hint, id="pagesapi.E028"))
    return _softened(messages)


def _folder_messages(tree: Tree, parts: tuple[str, ...]) -> Iterator[CheckMessage]:
    file = "/".join((*parts, POLICY))
    try:
        folder = tree.folder(parts)
    except Exception as error:  # noqa: BLE001 - whatever the file raises
        yield Error(
            f"{file} cannot be imported: {type(error).__name__}: {error}",
            hint=f"{_environment(error)}Everything beneath it answers 500 until this is mended.",
            id="pagesapi.E028",
        )
        return
    for fault in folder.faults:
        yield Error(f"{file}: {fault.problem}", hint=fault.cure, id=f"pagesapi.E{fault.number:03}")


def check_routes(**kwargs: Any) -> list[CheckMessage]:
    """Import every route file, and say what is wrong with each."""
    if not _configured() or check_app():
        return []
    tree = get_tree()
    return _softened([message for route in tree.routes for message in _route_messages(tree, route)])


def _softened(messages: list[CheckMessage]) -> list[CheckMessage]:
    """For `runserver`, which starts with warnings only: a broken file breaks its own URLs alone, and says so there."""
    if sys.argv[1:2] == ["runserver"]:
        for message in messages:
            message.level = min(message.level, WARNING)
    return messages


def _route_messages(tree: Tree, route: Route) -> Iterator[CheckMessage]:
    try:
        exports = tree.exports(route)
    except Exception as error:  # noqa: BLE001 - whatever the file raises
        yield Error(
            f"{route.file} cannot be imported: {type(error).__name__}: {error}",
            hint=f"{_environment(error)}Its URL answers 500 until this is mended; all others are served.",
            id="pagesapi.E020",
        )
        return
    for fault in exports.faults:
        yield Error(f"{route.file}: {fault.problem}", hint=fault.cure, id=f"pagesapi.E{fault.number:03}")
    try:
        rules = rules_of(exports, tree.folders(route.folders))
    except Exception:  # noqa: BLE001 - said already, of the folder's file
        return
    faults = list(rule_faults(exports, rules))
    for fault in faults:
        yield Error(f"{route.file}: {fault.problem}", hint=fault.cure, id=f"pagesapi.E{fault.number:03}")
    if exports.fatal is None and not faults:
        yield from _endpoint_messages(tree.endpoint(route))


def _environment(error: Exception) -> str:
    return "Is the environment variable set? " if isinstance(error, KeyError) else ""


def _endpoint_messages(endpoint: Endpoint) -> Iterator[CheckMessage]:
    route = endpoint.route
    try:
        build_view(endpoint)
    except Exception as error:  # noqa: BLE001 - whatever a factory raises
        text = f"{route.file}: its middleware cannot be made: {type(error).__name__}: {error}"
        yield Error(text, hint="Its URL answers 500 until this is mended.", id="pagesapi.E028")
    if endpoint.asks_for_user and not _signs_in():
        yield Warning(
            f"{route.file} stands behind a guard that asks for request.user, and nothing sets it.",
            hint="Add SessionMiddleware and AuthenticationMiddleware to MIDDLEWARE.",
            id="pagesapi.W029",
        )
    if endpoint.rules.static and (endpoint.rules.middleware or endpoint.guards):
        yield Warning(
            f"{route.file} is static, and stands behind middleware or guards.",
            hint="It is made for each caller, and neither stored nor prerendered: remove static=True, or the guard.",
            id="pagesapi.W027",
        )
    atomic = [alias for alias, options in connections.settings.items() if options.get("ATOMIC_REQUESTS")]
    if atomic and endpoint.is_async:
        yield Warning(
            f"{route.file}: its async functions run outside ATOMIC_REQUESTS.",
            hint="Django's transactions are for sync code: make the function sync, or call a sync one that is atomic.",
            id="pagesapi.W026",
        )


def check_pages(**kwargs: Any) -> list[CheckMessage]:
    """Static pages in the URLconf, and static endpoints."""
    if not _configured() or not _has_urls() or get_tree().errors or check_app():
        return []
    return [_message(fault) for fault in [*page_faults(), *store_faults()]]


def _message(fault: PageFault) -> CheckMessage:
    kind = Error if fault.id.startswith("pagesapi.E") else Warning
    return kind(fault.problem, hint=fault.cure, id=fault.id)


def check_urls(**kwargs: Any) -> list[CheckMessage]:
    if not _configured() or not _has_urls():
        return []
    places = list(_places(get_resolver(), ""))
    if not places:
        hint = 'Add path("", include("pagesapi.urls")) to urlpatterns.'
        return [Warning("pagesapi.urls is included nowhere, so no endpoint has a URL.", hint=hint, id="pagesapi.W034")]
    messages: list[CheckMessage] = []
    prefix = conf.api_prefix
    for place in places:
        if prefix and place.rstrip("/").endswith(prefix) and re.search(rf"(^|/){re.escape(prefix)}/?$", place):
            hint = 'Write path("", include("pagesapi.urls")): the prefix is in PAGESAPI["API_PREFIX"].'
            text = f"pagesapi.urls is included under {place!r}, so its URLs begin with /{place}{prefix}."
            messages.append(Warning(text, hint=hint, id="pagesapi.W035"))
    messages += _shadows(places)
    return messages


def _places(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, ApiResolver):
            yield prefix
        elif isinstance(pattern, URLResolver):
            yield from _places(pattern, prefix + str(pattern.pattern))


def _shadows(places: list[str]) -> Iterator[CheckMessage]:
    """Patterns of the project that have a route's URL. Told by an example, so only for `path()` patterns."""
    tree = get_tree()
    for pattern, text in _project_patterns(get_resolver(), ""):
        sample = re.sub(r"<(?:(\w+):)?\w+>", lambda match: SAMPLES.get(match[1] or "", "a"), text)
        for place in places:
            match = find(tree, sample.removeprefix(place)) if sample.startswith(place) else None
            if match is not None:
                named = f"the URL pattern {pattern.name or text!r}"
                yield Warning(
                    f"Two answers for /{text}: the route {match[0].file} and {named}.",
                    hint="The one that stands first in the URLconf answers. Rename one of the two.",
                    id="pagesapi.W036",
                )
                break


def _project_patterns(resolver: URLResolver, prefix: str) -> Iterator[tuple[URLPattern, str]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, ApiResolver) or not isinstance(pattern.pattern, RoutePattern):
            continue
        text = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _project_patterns(pattern, text)
        else:
            yield pattern, text
