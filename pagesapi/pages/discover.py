"""The static pages of the URLconf: where they are, and which one a path belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.core.signals import setting_changed
from django.urls import LocalePrefixPattern, Resolver404, URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils.translation import get_language_from_path, override

from pagesapi.conf import conf
from pagesapi.exceptions import PageError, PageNotFound
from pagesapi.pages.address import Address, url_of
from pagesapi.pages.endpoint import is_static_route, route_page
from pagesapi.pages.page import PAGE, Page, page_of
from pagesapi.routing.route import Route
from pagesapi.routing.segments import Kind

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page that `get_static_paths` lists, or one without parameters: what `iter_pages` yields.

    `path`: decoded, below the script prefix, "/blog/hello/". `params`: the URL's parameters, as its converters make
    them.
    """

    path: str
    params: Mapping[str, Any]
    page: Page
    address: Address

    @property
    def url(self) -> str:
        """Percent-encoded, with `FORCE_SCRIPT_NAME`: what `revalidate` and `render_page` take."""
        return url_of(self.path, f"{conf.script_name}/")


class Chain(NamedTuple):
    """What a pattern is included under."""

    route: str = ""
    regex: str = ""
    namespaces: tuple[str, ...] = ()
    converters: Mapping[str, Any] = {}
    inherited: Mapping[str, Any] = {}
    is_path: bool = True
    prefix: LocalePrefixPattern | None = None  # of the i18n_patterns that it is in

    def joined(self, pattern: Any) -> Chain:
        """With a pattern's own text, as Django joins them."""
        text = str(pattern)
        return self._replace(
            route=self.route + (text.removeprefix("^") if self.route else text),
            regex=self.regex + _as_part(pattern.regex.pattern),
            converters={**self.converters, **pattern.converters},
            is_path=self.is_path and isinstance(pattern, (RoutePattern, LocalePrefixPattern)),
        )

    def under(self, resolver: URLResolver) -> Chain:
        """What is included by a resolver."""
        pattern: Any = resolver.pattern
        return self.joined(pattern)._replace(
            namespaces=self.namespaces + ((resolver.namespace,) if resolver.namespace else ()),
            inherited={**self.inherited, **resolver.default_kwargs},
            prefix=pattern if isinstance(pattern, LocalePrefixPattern) else self.prefix,
        )


def _as_part(regex: str) -> str:
    """A pattern's expression in the middle of another: "^a/|^b/" → "(?:a/|b/)"."""
    part = regex.removeprefix("^")
    return f"(?:{part.replace('|^', '|')})" if "|" in part else part


class Index:
    """The addresses of one URLconf, by the pattern that a request matched."""

    def __init__(self, resolver: URLResolver) -> None:
        self.resolver = resolver
        self._addresses: dict[tuple[Any, str], Address] = {}
        for address in _addresses(resolver):
            self._addresses.setdefault((_identity(address.view), address.route), address)

    def get(self, view: Any, route: str) -> Address | None:
        return self._addresses.get((_identity(view), route))

    def __iter__(self) -> Iterator[Address]:
        return iter(self._addresses.values())


def _identity(view: Any) -> Any:
    """A route's patterns and its matches have views of their own, and the same route."""
    return getattr(view, "pagesapi_route", view)


_index: Index | None = None


def get_index() -> Index:
    """That of the project's `ROOT_URLCONF`."""
    global _index  # noqa: PLW0603 - replaced when the URLconf is another one
    index, resolver = _index, get_resolver(settings.ROOT_URLCONF)
    if index is None or index.resolver is not resolver:
        _index = index = Index(resolver)
    return index


def forget_index() -> None:
    """Look for pages again when one is next asked for."""
    global _index  # noqa: PLW0603
    _index = None


def _forget(*, setting: str, **kwargs: Any) -> None:
    if setting in ("PAGESAPI", "BASE_DIR", "ROOT_URLCONF", "LANGUAGE_CODE", "LANGUAGES", "USE_I18N", "MIDDLEWARE"):
        forget_index()


setting_changed.connect(_forget, dispatch_uid="pagesapi.pages.discover")


def _addresses(resolver: URLResolver) -> Iterator[Address]:
    default = settings.LANGUAGE_CODE
    others = [code for code, _ in settings.LANGUAGES if code != default] if settings.USE_I18N else []
    with override(default):
        found = list(_walk(resolver, Chain()))
    is_a_choice = default in dict(settings.LANGUAGES)
    for chain, pattern in found:
        # Without its own prefix the default language is reached though LANGUAGES may not have it.
        if chain.prefix is None or is_a_choice or not chain.prefix.prefix_default_language:
            yield _address(chain, pattern, default)
    if any(chain.prefix is not None for chain, _ in found):
        for language in others:
            with override(language):
                translated = list(_walk_translated(resolver))
            yield from (_address(chain, pattern, language) for chain, pattern in translated)


def _walk(resolver: URLResolver, chain: Chain) -> Iterator[tuple[Chain, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, chain.under(pattern))
        elif not isinstance(pattern, URLPattern):  # Django says what is wrong with it
            continue
        elif hasattr(pattern.callback, PAGE) or hasattr(pattern.callback, "pagesapi_route"):
            yield chain.joined(pattern.pattern), pattern


def _walk_translated(resolver: URLResolver) -> Iterator[tuple[Chain, URLPattern]]:
    """Those in `i18n_patterns`, which stand in the root URLconf alone: the rest is the same in every language."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver) and isinstance(pattern.pattern, LocalePrefixPattern):
            yield from _walk(pattern, Chain().under(pattern))


def _address(chain: Chain, pattern: URLPattern, language: str) -> Address:
    route: Route | None = getattr(pattern.callback, "pagesapi_route", None)
    return Address(
        view=pattern.callback,
        route=chain.route,
        name=":".join((*chain.namespaces, pattern.name)) if pattern.name else f"/{chain.route}",
        language=language,
        namespace=":".join(chain.namespaces),
        regex=chain.regex,
        converters=dict(chain.converters),
        inherited=dict(chain.inherited),
        defaults=dict(pattern.default_args) if route is None else {},  # a route's are for `reverse()` only
        is_path=chain.is_path,
    )


# Pages and their paths


def page_at(address: Address) -> Page | None:
    """The page of an address. Imports the file of a route, which says only then whether its answers are static."""
    route = getattr(address.view, "pagesapi_route", None)
    if route is None:
        return page_of(address.view)
    return route_page(route) if is_static_route(route) else None


def iter_addresses() -> Iterator[tuple[Address, Page]]:
    """Every pattern of the project that leads to a static page or a static endpoint."""
    for address in get_index():
        page = page_at(address)
        if page is not None:
            yield address, page


def iter_pages() -> Iterator[KnownPage]:
    """Every known page, one by one: those without parameters, and what `get_static_paths` lists.

    >>> [page.url for page in iter_pages()]
    ['/', '/blog/hello/']

    Raises `PageError` where a listed page has no URL, or `get_static_paths` gives what are no parameters.
    """
    for address, page in iter_addresses():
        yield from pages_of(address, page)


def pages_of(address: Address, page: Page) -> Iterator[KnownPage]:
    for path in paths_of(address, page):
        yield KnownPage(path, address.params(path), page, address)


def paths_of(address: Address, page: Page) -> Iterator[str]:
    """The same, their paths alone: what a build of a million pages asks for."""
    if not address.parameters and page.paths is None:
        yield address.path({})
        return
    for params in _in_language(address.language, page.listed()):
        if _belongs(address, params):
            yield address.own_path(params)


def _in_language(language: str, items: Iterator[T]) -> Iterator[T]:
    """Each item made in a language, which is not left behind for who reads them."""
    while True:
        with override(language):
            try:
                item = next(items)
            except StopIteration:
                return
        yield item


def _belongs(address: Address, params: Mapping[str, Any]) -> bool:
    """An optional catch-all has two patterns: without segments, and with."""
    route: Route | None = getattr(address.view, "pagesapi_route", None)
    if route is None or not route.segments or route.segments[-1].kind is not Kind.OPTIONAL_CATCH_ALL:
        return True
    name = route.segments[-1].name
    return bool(params.get(name)) == (name in address.parameters)


def page_for(path: str) -> KnownPage:
    """The page of a decoded path, however it is spelt. Raises `PageNotFound`."""
    language = get_language_from_path(path) if settings.USE_I18N else None
    try:
        with override(language or settings.LANGUAGE_CODE):
            match = get_resolver(settings.ROOT_URLCONF).resolve(path)
    except Resolver404:
        raise PageNotFound(f"No static page has the path {path!r:.300}: no URL pattern matches it.") from None
    address = get_index().get(match.func, match.route)
    params = {} if address is None else address.given(match.kwargs)
    page = None if address is None else page_at(address)
    if address is None or page is None:
        raise PageNotFound(f"{path!r:.300} is no static page: it is answered by {match._func_path}.")
    try:
        own = address.path(params)
    except PageError:  # a pattern that cannot be written: each of its paths is a page of its own
        return KnownPage(path, match.kwargs, page, address)
    return KnownPage(own, address.params(own), page, address)
