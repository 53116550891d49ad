"""`StaticPage` and `static_page`: the two ways to write a page."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar, overload

from asgiref.sync import async_to_sync, iscoroutinefunction
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.decorators import classonlymethod
from django.views.generic import View

from pagesapi.exceptions import PageError
from pagesapi.pages.context import Props, StaticContext
from pagesapi.pages.page import PAGE, Answer, Page, Paths
from pagesapi.pages.serve import view_of
from pagesapi.policy import Fallback, Policy

P = ParamSpec("P")
PageView = Callable[..., HttpResponseBase]
V = TypeVar("V", bound=PageView)
PropsAnswer = Mapping[str, Any] | Props | HttpResponseBase
# What belongs to the user's function alone: by these asgiref knows a coroutine function.
OWN_ATTRIBUTES = frozenset({"__wrapped__", "_is_coroutine", "_is_coroutine_marker", PAGE})


class StaticPage(View):
    """A page made from a template and the values that `get_static_props` gives (Next.js's `getStaticProps`).

    >>> class PostPage(StaticPage):
    ...     template_name = "blog/post.html"
    ...     revalidate = 60
    ...     def get_static_paths(self): return ({"slug": post.slug} for post in posts.published())
    ...     def get_static_props(self, context): return {"post": posts.get(context.params["slug"])}
    >>> urlpatterns = [path("blog/<slug:slug>/", PostPage.as_view(), name="post")]

    It is made once for everybody, stored, and served to GET and HEAD. `template_engine`: the NAME of one of TEMPLATES.
    `content_type` None: text/html. `revalidate`: seconds until it is made anew; None: the next build. `fallback`:
    paths that were not listed are made when they are first asked for (True, or "blocking"), or are a 404 (False).
    `tags`: for `revalidate_tag`. Each is an attribute, or a keyword of `as_view()`, which raises `ValueError` for a
    wrong one, and `ImproperlyConfigured` for a class that defines `get` or another method of a view.
    """

    template_name: str | None = None
    template_engine: str | None = None  # the NAME of one of TEMPLATES
    content_type: str | None = None  # None: text/html
    revalidate: int | None = None  # seconds until it is made anew; None: the next build
    fallback: Fallback = True  # unknown paths: rendered when first asked for ("blocking" is the same), or 404
    tags: Iterable[str] = ()  # for revalidate_tag

    def get_static_props(self, context: StaticContext) -> PropsAnswer | Awaitable[PropsAnswer]:
        """The template's variables: a mapping, or `Props`; or an `HttpResponse`. Raise `Http404` for a 404 page.

        May be `async def`. The request, which is nobody's, is `self.request`; the URL's parameters are
        `context.params`.
        """
        return {}

    if TYPE_CHECKING:

        def get_static_paths(self) -> Paths:
            """The parameters of every page to build, such as `[{"slug": "hello"}]` (Next.js's `getStaticPaths`).

            A list or any other iterable, a generator, or an async one; may be `async def`. A class without this method
            has no page listed, if its URL has parameters.
            """

    @classonlymethod
    def as_view(cls, **initkwargs: Any) -> PageView:  # noqa: N805 - Django's
        _refuse_methods(cls)
        made: Any = super().as_view(**initkwargs)  # refuses unknown keywords
        options = {name: initkwargs.get(name, getattr(cls, name)) for name in ("revalidate", "fallback", "tags")}
        name = f"{cls.__module__}.{cls.__qualname__}"
        paths = getattr(cls, "get_static_paths", None)
        page = Page(
            name,
            policy_of(name, **options),
            functools.partial(_respond, cls, initkwargs),
            None if paths is None else _paths_of(cls, initkwargs),
        )
        return as_page(page, made)

    def render_to_response(self, values: Mapping[str, Any]) -> HttpResponse:
        """The answer with these template variables."""
        if self.template_name is None:
            raise ImproperlyConfigured(
                f"{type(self).__module__}.{type(self).__qualname__} has no template: set template_name, "
                "or return an HttpResponse from get_static_props."
            )
        variables = {"view": self, **values}
        text = render_to_string(self.template_name, variables, self.request, using=self.template_engine)
        return HttpResponse(text, content_type=self.content_type)


def _refuse_methods(cls: type[StaticPage]) -> None:
    """What a mixin or the class itself defines and nothing would call: a login that is asked for in vain."""
    for method in ("dispatch", *cls.http_method_names):
        if getattr(cls, method, None) is not getattr(View, method, None):
            owner = next(base for base in cls.__mro__ if method in vars(base))
            raise ImproperlyConfigured(
                f"{cls.__module__}.{cls.__qualname__} has a {method}() by {owner.__name__}, but a static page is made "
                "once, for everybody, by get_static_props alone. Make it an ordinary Django view, or, to guard a page "
                f"that is the same for all who may see it, write login_required({cls.__name__}.as_view()), or "
                f"login_not_required({cls.__name__}.as_view()) to open it under LoginRequiredMiddleware."
            )


def _paths_of(cls: type[StaticPage], initkwargs: Mapping[str, Any]) -> Callable[[], Any]:
    def paths() -> Any:
        return cls(**initkwargs).get_static_paths()

    async def apaths() -> Any:
        return await paths()

    return apaths if iscoroutinefunction(cls.get_static_paths) else paths


def _respond(
    cls: type[StaticPage], initkwargs: Mapping[str, Any], request: HttpRequest, context: StaticContext
) -> Answer:
    view = cls(**initkwargs)
    request.static_context = context  # type: ignore[attr-defined]
    view.setup(request, **context.params)
    given = _called(view.get_static_props, context)
    if isinstance(given, HttpResponseBase):
        return given, None
    props = given if isinstance(given, Props) else _props(view, given)
    return view.render_to_response(props.values), props


def _called(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return (async_to_sync(function) if iscoroutinefunction(function) else function)(*args, **kwargs)


def _props(view: StaticPage, given: Any) -> Props:
    if isinstance(given, Mapping):
        _refuse_nextjs(view, given)
        return Props(given)
    kind = "nothing" if given is None else f"a {type(given).__name__}"
    raise PageError(
        f"{type(view).__module__}.{type(view).__qualname__}.get_static_props returned {kind}. "
        "Return a mapping of template variables, Props(…) or an HttpResponse; raise Http404 for a 404."
    )


def _refuse_nextjs(view: StaticPage, given: Mapping[str, Any]) -> None:
    """What Next.js's getStaticProps returns would be a page without its values."""
    keys = set(given)  # "props" alone may well be a variable of the template
    if keys in ({"notFound"}, {"redirect"}, {"props", "revalidate"}, {"notFound", "revalidate"}):
        name = f"{type(view).__module__}.{type(view).__qualname__}"
        raise PageError(
            f"{name}.get_static_props returned {', '.join(sorted(keys))}, as in Next.js. "
            "Return the template's variables themselves, Props(values, revalidate=60) to say more, or a redirect; "
            "raise Http404 where nothing is found."
        )


class PageDecorator(Protocol):
    """What `static_page` with options gives. The view of a page is sync, whatever the decorated one is."""

    @overload
    def __call__(self, view: V, /) -> V: ...
    @overload
    def __call__(self, view: Callable[P, Awaitable[HttpResponseBase]], /) -> Callable[P, HttpResponseBase]: ...


@overload
def static_page(view: V, /) -> V: ...
@overload
def static_page(view: Callable[P, Awaitable[HttpResponseBase]], /) -> Callable[P, HttpResponseBase]: ...
@overload
def static_page(
    *,
    paths: Callable[[], Paths] | None = None,
    revalidate: int | None = None,
    fallback: Fallback = True,
    tags: Iterable[str] = (),
) -> PageDecorator: ...
def static_page(view: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Make any view a static page: `@static_page`, or with options.

    >>> @static_page(paths=lambda: [{"year": 2025}, {"year": 2026}], revalidate=3600)
    ... def archive(request, year):
    ...     return render(request, "archive.html", {"posts": posts.of(year)})

    `paths` is a function that gives the parameters to build, as `StaticPage.get_static_paths` does; the other options
    are those of `StaticPage`. The view, sync or async, finds the page's `StaticContext` as `request.static_context`.
    Raises `ValueError` or `TypeError` for wrong options.
    """
    unknown = set(options) - {"paths", "revalidate", "fallback", "tags"}
    if unknown:
        named = ", ".join(sorted(map(repr, unknown)))
        raise TypeError(f"static_page has no option {named}; it takes paths, revalidate, fallback, tags.")
    if view is None:
        return functools.partial(_decorated, **options)
    return _decorated(view, **options)


def _decorated(view: Callable[..., Any], *, paths: Callable[[], Any] | None = None, **options: Any) -> PageView:
    if not callable(view):
        raise TypeError(f"static_page takes a view, not {view!r}; options have names: static_page(revalidate=60).")
    if inspect.isclass(view):
        raise TypeError(f"static_page takes a view function: write static_page({view.__name__}.as_view()).")
    if paths is not None and not callable(paths):
        raise TypeError(f"static_page(paths=…) takes a function, not {type(paths).__name__}: write paths=lambda: […].")
    name = f"{view.__module__}.{getattr(view, '__qualname__', type(view).__qualname__)}"

    def respond(request: HttpRequest, context: StaticContext) -> Answer:
        request.static_context = context  # type: ignore[attr-defined]
        return _called(view, request, **context.params), None

    return as_page(Page(name, policy_of(name, **options), respond, paths), view)


def policy_of(name: str, **options: Any) -> Policy:
    try:
        return Policy(**{**options, "tags": _tuple(options.get("tags", ()))})
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _tuple(tags: Iterable[str]) -> Any:
    return tags if isinstance(tags, str) or not isinstance(tags, Iterable) else tuple(tags)


def as_page(page: Page, inner: Callable[..., Any]) -> PageView:
    """The view of a page, with what Django and other packages read off the user's own."""
    view: Any = view_of(page)
    functools.update_wrapper(view, inner, updated=())
    attributes = getattr(inner, "__dict__", {})
    view.__dict__.update((name, value) for name, value in attributes.items() if name not in OWN_ATTRIBUTES)
    setattr(view, PAGE, (page, view))
    view.csrf_exempt = True  # it answers GET only
    view._non_atomic_requests = set(connections)  # a visitor's transaction is none of a page's business
    return view  # type: ignore[no-any-return]
