"""`RouteConfig`: what a route file or a folder says about itself; `Rules`: what then holds for a route."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Literal

from pagesapi.conf import conf, size_of
from pagesapi.endpoints.cors import Cors
from pagesapi.endpoints.guards import Guard, require_any, require_bearer, require_permission
from pagesapi.http.body import Limit
from pagesapi.policy import UNSET, Unset, checked_revalidate, checked_tags

Middleware = str | Callable[..., Any]  # a dotted path, or a factory as in Django
BOUNDS = (("max_duration", 1, 900), ("memory", 128, 10240))  # seconds and MB: those of AWS Lambda, the widest
FACTORIES = (require_any, require_bearer, require_permission)
Csrf = Literal["origin", "token", False]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteConfig:
    """The policy of one route, in its file, or of a folder, in its `_middleware.py`.

    >>> config = RouteConfig(methods=["POST"], body_limit="5mb", csrf=False, middleware=[require_bearer(TOKEN)])

    `body_limit`: bytes, or "5mb"; None: no limit; not set anywhere: `PAGESAPI["BODY_LIMIT"]`. `parse_body` False:
    `req.body` is None, and `req.read()` reads. `etag` False: no `ETag` on GET and HEAD answers of status 200.
    `methods`: what `handler` answers, in upper case; None: every one. `csrf`: "origin", by the headers of browsers,
    without a token; "token", Django's own check; False, none, for a webhook. `cors`: a `Cors`; False: no other origin;
    None: the project's `CORS_*` settings. `middleware`: guards, Django middleware or their dotted paths, one or
    several, which run inside those of the folders above.

    `static` True: GET is made once, stored, served and prerendered. `revalidate`: seconds until that is made anew;
    None: the next build. `tags`: for `revalidate_tag`. `max_duration`: seconds, 1 to 900, and `memory`: MB, 128 to
    10,240, of a serverless function; None: the platform's.

    A field that is not set comes from the folders above; their `middleware` is only ever added to. Raises `ValueError`
    for a wrong value.
    """

    body_limit: int | str | Unset | None = UNSET
    parse_body: bool | Unset = UNSET
    etag: bool | Unset = UNSET
    csrf: Csrf | Unset = UNSET
    methods: Sequence[str] | Unset | None = UNSET
    static: bool | Unset = UNSET
    revalidate: int | Unset | None = UNSET
    tags: Sequence[str] | Unset = UNSET
    cors: Cors | Literal[False] | Unset | None = UNSET
    max_duration: int | Unset | None = UNSET
    memory: int | Unset | None = UNSET
    middleware: Middleware | Sequence[Middleware] = ()

    def __post_init__(self) -> None:
        if self.body_limit is not UNSET:
            size_of(self.body_limit)
        for name in ("parse_body", "etag", "static"):
            if getattr(self, name) is not UNSET and not isinstance(getattr(self, name), bool):
                raise ValueError(f"RouteConfig({name}=…) takes True or False, not {getattr(self, name)!r}.")
        if self.csrf is not UNSET and self.csrf not in ("origin", "token") and self.csrf is not False:
            raise ValueError(f'RouteConfig(csrf=…) takes "origin", "token" or False, not {self.csrf!r}.')
        if not isinstance(self.cors, Cors) and self.cors not in (UNSET, None) and self.cors is not False:
            raise ValueError(f"RouteConfig(cors=…) takes a Cors, False or None, not {self.cors!r}.")
        self._check_methods()
        for name, least, most in BOUNDS:
            _check_number(name, getattr(self, name), least, most)
        checked_revalidate(self.revalidate)
        if not isinstance(self.tags, Unset):
            object.__setattr__(self, "tags", checked_tags(self.tags))
        object.__setattr__(self, "middleware", checked_middleware(self.middleware))
        if self.static is False and (self.revalidate not in (UNSET, None) or self.tags not in (UNSET, ())):
            raise ValueError("RouteConfig(revalidate=…, tags=…) is for stored answers: add static=True.")

    def _check_methods(self) -> None:
        names = self.methods
        if names is None or isinstance(names, Unset):
            return
        if isinstance(names, str) or not all(isinstance(name, str) and name.isupper() for name in names) or not names:
            raise ValueError(f'RouteConfig(methods=…) takes upper-case names such as ["GET", "POST"], not {names!r}.')


def _check_number(name: str, value: Any, least: int, most: int) -> None:
    if value is UNSET or value is None or (type(value) is int and least <= value <= most):
        return
    raise ValueError(f"RouteConfig({name}=…) takes a whole number from {least} to {most}, or None, not {value!r}.")


def checked_middleware(given: Any) -> tuple[Middleware, ...]:
    """One item or several, as a tuple. Raises `ValueError` for what is neither callable nor a dotted path."""
    items = tuple(given) if isinstance(given, (list, tuple)) else (given,)
    for item in items:
        if item in FACTORIES or (isinstance(item, type) and issubclass(item, Guard)):
            raise ValueError(f"middleware takes a guard, and {item.__name__} makes one: write {item.__name__}(…).")
        if not callable(item) and not (isinstance(item, str) and "." in item):
            raise ValueError(f"middleware takes Django middleware or their dotted paths, not {item!r}.")
    return items


@dataclass(frozen=True, kw_only=True)  # without slots, for what is computed once
class Rules:
    """Every field of `RouteConfig` with the value that holds for one route, its folders taken in."""

    body_limit: int | str | Unset | None = UNSET
    parse_body: bool = True
    etag: bool = True
    csrf: Csrf = "origin"
    methods: Sequence[str] | None = None
    static: bool = False
    revalidate: int | None = None
    tags: Sequence[str] = ()
    cors: Cors | Literal[False] | None = None
    max_duration: int | None = None
    memory: int | None = None
    middleware: tuple[Middleware, ...] = ()  # outermost first

    @classmethod
    def of(cls, configs: Iterable[RouteConfig]) -> Rules:
        """From the outermost folder to the route: the last word counts, but middleware only ever adds."""
        values: dict[str, Any] = {}
        middleware: list[Middleware] = []
        for config in configs:
            middleware += config.middleware  # type: ignore[arg-type]  # a tuple since it was checked
            for name in FIELDS:
                value = getattr(config, name)
                if value is not UNSET:
                    values[name] = value
        return cls(**values, middleware=tuple(middleware))

    @cached_property
    def limit(self) -> Limit:
        """Of the body. The project's is read once, for a change of its settings makes a new tree."""
        size = conf.body_limit if self.body_limit is UNSET else size_of(self.body_limit)
        return Limit(size.bytes, size.text)


FIELDS = tuple(each.name for each in fields(RouteConfig) if each.name != "middleware")
