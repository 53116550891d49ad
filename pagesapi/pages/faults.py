"""What is wrong with the pages of a project before a request comes, for the system checks."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import select_template

from pagesapi.conf import conf
from pagesapi.endpoints.login import needs_login
from pagesapi.endpoints.tree import get_tree
from pagesapi.pages.address import Address
from pagesapi.pages.build import get_build
from pagesapi.pages.discover import get_index, page_at
from pagesapi.pages.page import PAGE, Page
from pagesapi.pages.store.cache import CacheStore
from pagesapi.pages.store.setting import make_store
from pagesapi.pages.views import StaticPage
from pagesapi.routing.route import Route

ANSWERS = ("get_static_props", "render_to_response")


class PageFault(NamedTuple):
    id: str  # of the system check: permanent
    problem: str
    cure: str


def page_faults() -> Iterator[PageFault]:
    """Of every page in the URLconf."""
    for address in get_index():
        page, view = getattr(address.view, PAGE, (None, None))
        if page is not None and view is address.view:
            yield from _faults_of(address, page)
        elif page is not None:
            yield PageFault(
                "pagesapi.W043",
                f"A decorator stands around the static page {page.name} ({address.name}).",
                "It is made for every visitor, and neither stored nor built: nobody knows what the decorator does. "
                "If that is meant (login_required), silence this; else put the decorator inside static_page.",
            )
        else:
            yield from _route_faults(address)


def _route_faults(address: Address) -> Iterator[PageFault]:
    page = page_at(address)
    if page is not None:
        yield from _path_faults(address, page)
        return
    route: Route = address.view.pagesapi_route  # type: ignore[attr-defined]
    endpoint = getattr(get_tree().view(route), "pagesapi_endpoint", None)
    if endpoint is not None and endpoint.rules.static:
        yield PageFault(
            "pagesapi.W044",
            f"LoginRequiredMiddleware guards the static endpoint {route.file}.",
            "It runs for every caller and is not stored. Mark it login_not_required if everybody may have the answer.",
        )


def _faults_of(address: Address, page: Page) -> Iterator[PageFault]:
    yield from _path_faults(address, page)
    yield from _template_faults(address.view, page)
    yield from _name_faults(address.view, page)
    if needs_login([address.view]):
        yield PageFault(
            "pagesapi.W044",
            f"LoginRequiredMiddleware guards the static page {page.name} ({address.name}).",
            "It is made for every visitor and not prerendered. Mark it login_not_required if everybody may see it.",
        )


def _path_faults(address: Address, page: Page) -> Iterator[PageFault]:
    if address.parameters and page.paths is None and page.policy.fallback is False:
        yield PageFault(
            "pagesapi.E042",
            f"Every URL of the static page {page.name} is a 404: fallback is False, and there is no get_static_paths.",
            "List the pages in get_static_paths, or set fallback = True.",
        )
    elif address.parameters and page.paths is None:
        yield PageFault(
            "pagesapi.W041",
            f"The static page {page.name} has parameters ({address.route}), and no get_static_paths: none is built.",
            "Write get_static_paths, or static_page(paths=…) for a function; it may list nothing: return [].",
        )
    if not address.parameters and page.paths is None and address.only_path is None:
        yield PageFault(
            "pagesapi.W042",
            f"The pattern {address.route!r} of the static page {page.name} has no URL that reverse() could write.",
            "Write the pattern with path(), or without alternatives: it cannot be prerendered.",
        )


NEXTJS = {"getStaticProps": "get_static_props", "getStaticPaths": "get_static_paths"}
OPTIONS = ("revalidate", "fallback", "tags", "template_name", "get_static_paths", "get_static_props")


def _name_faults(view: Any, page: Page) -> Iterator[PageFault]:
    """Attributes of the class that are nearly, and not quite, those that a page has."""
    cls = getattr(view, "view_class", StaticPage)
    for base in cls.__mro__[: cls.__mro__.index(StaticPage)] if issubclass(cls, StaticPage) else ():
        for name in vars(base):
            meant = NEXTJS.get(name) or next(iter(get_close_matches(name, OPTIONS, n=1, cutoff=0.8)), name)
            if meant != name and not name.startswith("_"):
                problem = f"The static page {page.name} has {name!r}, which nothing reads."
                yield PageFault("pagesapi.W049", problem, f"Did you mean {meant}?")


def _template_faults(view: Any, page: Page) -> Iterator[PageFault]:
    cls = getattr(view, "view_class", None)
    if cls is None or not issubclass(cls, StaticPage):
        return
    name = view.view_initkwargs.get("template_name", cls.template_name)
    engine = view.view_initkwargs.get("template_engine", cls.template_engine)
    if name is None:
        if not _renders_itself(cls):
            cure = "Set template_name, or return an HttpResponse from get_static_props."
            yield PageFault("pagesapi.E041", f"The static page {page.name} has no template.", cure)
        return
    try:
        select_template([name] if isinstance(name, str) else name, using=engine)
    except TemplateDoesNotExist as error:
        yield PageFault(
            "pagesapi.E041", f"The template {error} of the static page {page.name} does not exist.", "Write it."
        )
    except TemplateSyntaxError as error:
        yield PageFault("pagesapi.E041", f"The template {name} of the static page {page.name}: {error}", "Mend it.")


def _renders_itself(cls: Any) -> bool:
    """Whether the class may do without a template: its own code answers."""
    return any(getattr(cls, name) is not getattr(StaticPage, name) for name in ANSWERS)


def store_faults() -> Iterator[PageFault]:
    """Of what only a project with pages needs: `PAGESAPI["STORE"]`, and a BASE_DIR or OUTPUT_DIR."""
    if not any(page_at(address) for address in get_index()):
        return
    try:
        _ = make_store(), conf.output_dir, conf.work_dir
    except ImproperlyConfigured as error:
        yield PageFault("pagesapi.E002", str(error), "Mend PAGESAPI in the settings.")
        return
    yield from _cache_faults()
    if conf.regenerate == "task" and _task_backend().endswith(("ImmediateBackend", "DummyBackend")):
        yield PageFault(
            "pagesapi.W046",
            f'REGENERATE is "task", but TASKS["default"] is {_task_backend()}: it runs tasks at once, or never.',
            'Configure a queue in TASKS, or leave REGENERATE at "thread".',
        )


def _task_backend() -> str:
    tasks = getattr(settings, "TASKS", {})
    return str(tasks.get("default", {}).get("BACKEND", "django.tasks.backends.immediate.ImmediateBackend"))


def _cache_faults() -> Iterator[PageFault]:
    store = make_store()
    if not isinstance(store, CacheStore):
        return
    if store.alias not in settings.CACHES:
        yield PageFault(
            "pagesapi.E002", f'PAGESAPI["STORE"]: CACHES has no {store.alias!r}.', "Name one of CACHES as ALIAS."
        )
        return
    try:
        backend = type(store.cache).__name__
        getattr(store.cache, "_cache", None)  # with which Django's backends import their client
    except Exception as error:  # noqa: BLE001 - a client that is not installed, an option that is none
        problem = f"The cache {store.alias!r} of the store cannot be made: {type(error).__name__}: {error}"
        yield PageFault("pagesapi.E002", problem, "Install its client, or mend CACHES.")
        return
    bound = getattr(store.cache, "_max_entries", None)
    if backend in ("LocMemCache", "DummyCache"):
        yield PageFault(
            "pagesapi.W047",
            f"The pages are stored in a {backend}, which is not shared by processes.",
            "Use Redis, Memcached or a database for CacheStore, or FileStore.",
        )
    elif backend in ("DatabaseCache", "FileBasedCache") and bound is not None and bound < store.max_entries:
        yield PageFault(
            "pagesapi.W048",
            f"The cache {store.alias!r} drops entries at random from {bound:,} on, fewer than MAX_ENTRIES.",
            f'Set OPTIONS["MAX_ENTRIES"] of the cache to {store.max_entries * 4:,} or more.',
        )


def deployment_faults() -> Iterator[PageFault]:
    """For `check --deploy`."""
    if settings.DEBUG or not any(page_at(address) for address in get_index()):
        return
    if conf.site_url is None:
        yield PageFault(
            "pagesapi.W040",
            'PAGESAPI["SITE_URL"] is not set: pages see http and a host of ALLOWED_HOSTS, and prerender refuses.',
            'Set it to the scheme and host of the site, as "https://example.com".',
        )
    if conf.build_id is None and get_build().manifest is None:
        yield PageFault(
            "pagesapi.W045",
            "Neither prerender nor BUILD_ID names a build: pages that earlier code made are served until renewed.",
            'Run prerender on each deployment, or set PAGESAPI["BUILD_ID"] to the commit.',
        )
