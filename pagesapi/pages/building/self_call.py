"""A page that asks its own site over HTTP while it is built: refused, for nobody may be there to answer."""

from __future__ import annotations

import sys
from typing import Any

from pagesapi.conf import SiteURL
from pagesapi.exceptions import PageError

LOOPBACK = ("localhost", "127.0.0.1", "::1", "0.0.0.0")  # noqa: S104 - compared with, not bound to


class Watch:
    """Python's audit hook, which cannot be taken away again, so there is one a process."""

    def __init__(self) -> None:
        self.site: SiteURL | None = None
        self.refused: PageError | None = None
        self.is_hooked = False

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if self.site is None:
            return
        if event == "socket.getaddrinfo":
            self.refuse(self.site, args[0], args[1])
        elif event == "socket.connect" and isinstance(args[1], tuple):
            self.refuse(self.site, args[1][0], args[1][1])

    def refuse(self, site: SiteURL, host: Any, port: Any) -> None:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if not isinstance(name, str) or _number(port) != site.port:
            return
        own = (site.name, *LOOPBACK) if site.name in LOOPBACK else (site.name,)
        if name.lower().rstrip(".") in own:
            self.refused = PageError(
                f"The page asks its own site, {site}, over HTTP while it is built, when nobody is there to answer. "
                "Import the function of the api/ module and call it: from api.posts import list_posts."
            )
            raise self.refused


def _number(port: Any) -> int | None:
    """A port as programs give it: a number, its text, the name of a service."""
    try:
        return int(port)
    except (TypeError, ValueError):
        return {"http": 80, "https": 443, b"http": 80, b"https": 443}.get(port)


_watch = Watch()


class no_calls_to:  # noqa: N801 - a context manager, named as a sentence
    """Raise `PageError` in every thread that connects to the site; and in the end, if somebody caught that."""

    def __init__(self, site: SiteURL) -> None:
        self.site = site

    def __enter__(self) -> None:
        if not _watch.is_hooked:
            sys.addaudithook(_watch)
            _watch.is_hooked = True
        self.before = _watch.site
        _watch.site, _watch.refused = self.site, None

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        _watch.site = self.before
        refused, _watch.refused = _watch.refused, None
        if refused is not None and kind is None:
            raise refused
