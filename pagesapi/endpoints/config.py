"""`RouteConfig`: what a route file says about itself in its `config`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pagesapi.conf import Size, conf, size_of
from pagesapi.http.body import Limit
from pagesapi.policy import UNSET, Unset, checked_revalidate, checked_tags


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteConfig:
    """The policy of one route: `config = RouteConfig(body_limit="5mb")`. Raises `ValueError` for a wrong value."""

    body_limit: int | str | Unset | None = UNSET  # bytes, or "5mb"; None: no limit; unset: PAGESAPI["BODY_LIMIT"]
    parse_body: bool = True  # False: `req.body` is None, and `req.read()` reads
    etag: bool = True  # an ETag on GET and HEAD answers of status 200
    csrf: Literal["origin", False] = "origin"  # False: a webhook, callable from any site
    methods: Sequence[str] | None = None  # what `handler` answers; None: every method
    static: bool = False  # True: GET is made once, stored, served and prerendered
    revalidate: int | None = None  # seconds until a static answer is made anew; None: the next build
    tags: Sequence[str] = ()  # for revalidate_tag

    def __post_init__(self) -> None:
        if self.body_limit is not UNSET:
            size_of(self.body_limit)
        for name in ("parse_body", "etag", "static"):
            if not isinstance(getattr(self, name), bool):
                raise ValueError(f"RouteConfig({name}=…) takes True or False, not {getattr(self, name)!r}.")
        if self.csrf != "origin" and self.csrf is not False:
            raise ValueError(f'RouteConfig(csrf=…) takes "origin" or False, not {self.csrf!r}.')
        self._check_methods()
        checked_revalidate(self.revalidate)
        checked_tags(self.tags)
        if not self.static and (self.revalidate is not None or self.tags):
            raise ValueError("RouteConfig(revalidate=…, tags=…) is for stored answers: add static=True.")

    def _check_methods(self) -> None:
        if self.methods is None:
            return
        names = self.methods
        if isinstance(names, str) or not all(isinstance(name, str) and name.isupper() for name in names) or not names:
            raise ValueError(f'RouteConfig(methods=…) takes upper-case names such as ["GET", "POST"], not {names!r}.')

    @property
    def limit(self) -> Limit:
        return _limit(conf.body_limit if self.body_limit is UNSET else size_of(self.body_limit))


@lru_cache
def _limit(size: Size) -> Limit:
    return Limit(size.bytes, size.text)


DEFAULT = RouteConfig()
