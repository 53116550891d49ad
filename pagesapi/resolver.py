"""Django's `URLResolver` over the tree: real patterns for `reverse()` and other packages, the trie for `resolve()`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.http import HttpRequest
from django.urls import clear_url_caches
from django.urls.exceptions import Resolver404
from django.urls.resolvers import ResolverMatch, RoutePattern, URLPattern, URLResolver, get_resolver

from pagesapi.conf import conf
from pagesapi.endpoints.dispatch import View, mark
from pagesapi.endpoints.tree import Tree, get_tree
from pagesapi.pages.endpoint import is_static
from pagesapi.routing.route import Match, Route
from pagesapi.routing.segments import Kind, Segment


class SegmentsConverter:
    """A catch-all in `reverse()`: takes a list or "a/b"."""

    regex = r"[^/]+(?:/[^/]+)*"

    def to_python(self, value: str) -> list[str]:
        return value.split("/")

    def to_url(self, value: Any) -> str:
        parts = value.split("/") if isinstance(value, str) else [str(part) for part in value]
        if not parts or "" in parts:
            raise ValueError
        return "/".join(parts)


class FilePattern(RoutePattern):
    """A `RoutePattern` whose catch-alls take lists. It shows them as Django's own `path`."""

    def __init__(self, route: Route, prefix: str, segments: tuple[Segment, ...]) -> None:
        parts = [prefix] if prefix else []
        super().__init__("/".join([*parts, *map(_django_text, segments)]), name=route.name, is_endpoint=True)
        for part in segments:
            if part.is_catch_all:
                self.converters[part.name] = SegmentsConverter()


def _django_text(part: Segment) -> str:
    if part.is_catch_all:
        return f"<path:{part.name}>"
    if part.is_parameter:
        return f"<{part.type or 'str'}:{part.name}>"
    return part.name


class ApiResolver(URLResolver):
    """The routes of the tree at one place of the URLconf."""

    def __init__(self) -> None:
        super().__init__(RoutePattern(""), [])
        self._built_for: Tree | None = None
        self._patterns: list[URLPattern] = []
        self._texts: dict[Route, tuple[str, str]] = {}

    @property
    def url_patterns(self) -> list[URLPattern]:  # type: ignore[override]  # Django caches it; ours follows the tree
        self._follow(_readable_tree())
        return self._patterns

    @property
    def reverse_dict(self) -> Any:
        self._follow(_readable_tree())
        return super().reverse_dict

    def _follow(self, tree: Tree | None) -> None:
        if self._built_for is not tree:
            routes = tree.routes if tree is not None else ()
            self._patterns = [pattern for route in routes for pattern in _patterns_of(route)]
            self._texts = {}
            self._reset()
            self._built_for = tree

    def _reset(self) -> None:
        """Drop what Django keeps of the patterns: `URLResolver._populate` fills these, in every language."""
        caches: dict[str, Any] = {"_reverse_dict": {}, "_namespace_dict": {}, "_app_dict": {}, "_callback_strs": set()}
        self.__dict__.update(caches, _populated=False)

    def resolve(self, path: str) -> ResolverMatch:
        tree = get_tree()
        match = find(tree, str(path))
        if match is None:
            raise Resolver404({"path": path})
        route, params = match
        view = tree.refused_view(route) if tree.errors else served(tree, route)
        bare, whole = self._texts.get(route) or self._texts_of(tree, route)
        text = whole if len(params) == len(route.names) else bare
        return PartialMatch(view, params, route.name, text)  # type: ignore[return-value]

    def _texts_of(self, tree: Tree, route: Route) -> tuple[str, str]:
        """`ResolverMatch.route`, the same for every value of a parameter: without an optional catch-all, and with."""
        bare, whole = (str(FilePattern(route, tree.prefix, part)) for part in (route.segments[:-1], route.segments))
        self._texts[route] = bare, whole
        return bare, whole


def served(tree: Tree, route: Route) -> View:
    """The view of a route; where its answers are static, the one that stores them."""
    view = tree.view(route)
    if not is_static(view):
        return view
    from pagesapi.pages.static_view import static_view  # noqa: PLC0415 - a third of a start, and most APIs have no page

    return static_view(tree, route)


def _readable_tree() -> Tree | None:
    """None with settings that cannot be read: the system checks, which ask for patterns, say what is wrong."""
    try:
        return get_tree()
    except ImproperlyConfigured:
        return None


class PartialMatch:
    """What the including `URLResolver` reads of a `ResolverMatch`; it makes the real one, which takes its time."""

    __slots__ = ("captured_kwargs", "func", "kwargs", "route", "url_name")

    args: tuple[()] = ()
    app_names: Sequence[str] = []  # a list, to which Django adds a list
    namespaces: Sequence[str] = []
    extra_kwargs: Mapping[str, Any] = {}
    tried = None

    def __init__(self, func: Any, params: dict[str, Any], url_name: str, route: str) -> None:
        self.func = func
        self.kwargs = self.captured_kwargs = params
        self.url_name = url_name
        self.route = route


def _patterns_of(route: Route) -> Iterator[URLPattern]:
    def view(request: HttpRequest, **params: Any) -> Any:
        return served(get_tree(), route)(request, **params)

    mark(view, route)
    prefix = get_tree().prefix
    if route.segments and route.segments[-1].kind is Kind.OPTIONAL_CATCH_ALL:
        bare = FilePattern(route, prefix, route.segments[:-1])
        yield URLPattern(bare, view, {route.segments[-1].name: []}, route.name)
    yield URLPattern(FilePattern(route, prefix, route.segments), view, None, route.name)


def find(tree: Tree, path: str) -> Match | None:
    """The route for a path as the include hands it on: "api/posts/3". Respects `TRAILING_SLASH = "accept"`."""
    inside = below_prefix(tree, path)
    if inside is None:
        return None
    match = tree.find(inside)
    if match is None and inside.endswith("/") and conf.trailing_slash == "accept":
        match = tree.find(inside[:-1])
    return match


def below_prefix(tree: Tree, path: str) -> str | None:
    """ "api/posts/3" → "posts/3", "api" → "", "about" → None."""
    if path.startswith(tree.start):
        return path[len(tree.start) :] or ("/" if tree.prefix else "")  # "api/" is another spelling of the root
    return "" if path == tree.prefix else None


def mounted(path: str, urlconf: Any = None) -> Iterator[str]:
    """What is left of a path ("/en/api/posts") at every place of the URLconf where the tree is included."""
    yield from _mounted(get_resolver(urlconf), path.removeprefix("/"))


def _mounted(resolver: URLResolver, path: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, ApiResolver):
            yield path
        elif isinstance(pattern, URLResolver) and (match := pattern.pattern.match(path)):
            yield from _mounted(pattern, match[0])


def _setting_changed(*, setting: str, **kwargs: Any) -> None:
    if setting in ("PAGESAPI", "BASE_DIR"):
        clear_url_caches()


setting_changed.connect(_setting_changed, dispatch_uid="pagesapi.resolver")
