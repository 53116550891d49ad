"""A request without a visitor: what a page is rendered with."""

from __future__ import annotations

from io import BytesIO
from typing import Any, NoReturn

from django.apps import apps
from django.core.handlers.wsgi import WSGIRequest
from django.urls import resolve
from django.urls.resolvers import ResolverMatch

from pagesapi.conf import SiteURL, conf
from pagesapi.exceptions import PageError
from pagesapi.pages.address import url_of

# The keys that `django.middleware.csrf.get_token` writes.
CSRF_KEYS = ("CSRF_COOKIE", "CSRF_COOKIE_NEEDS_UPDATE")
CURES = {
    "request.session": "Fetch what belongs to a visitor in the browser, from an endpoint",
    "a CSRF token": "A token belongs to a visitor. Post the form to an endpoint of the API, which needs none",
    "a CSP nonce": "A nonce may be used once. Allow the script by its hash, or put it into a file",
    "messages": "Show them on an ordinary view, to which a form leads",
    "a cookie": "Set it in an endpoint, or in the browser",
}


def refusal(path: str, what: str) -> PageError:
    return PageError(
        f"The static page {path} uses {what}, but it is made once, for everybody. {CURES[what]}; "
        "or make the page an ordinary Django view."
    )


class PageMeta(dict[str, Any]):
    """`request.META`, into which nobody may put a CSRF token."""

    path = ""

    def __setitem__(self, key: str, value: Any) -> None:
        if key in CSRF_KEYS:
            raise refusal(self.path, "a CSRF token")
        super().__setitem__(key, value)

    def update(self, *args: Any, **kwargs: Any) -> None:
        for key, value in dict(*args, **kwargs).items():
            self[key] = value


class RefusedNonce:
    """Django's and django-csp's nonce: it may be asked whether it is there, and not for its value."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        raise refusal(self.path, "a CSP nonce")

    __html__ = __str__


class RefusedMessages:
    """django.contrib.messages: there are none, and none can be added."""

    used = False
    added_new = False

    def __init__(self, path: str) -> None:
        self.path = path

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Any:
        return iter(())

    def add(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise refusal(self.path, "messages")


class PageRequest(WSGIRequest):
    """GET on `SITE_URL`, of nobody: no cookies, no query, no session."""

    static_context: Any
    _match: ResolverMatch | None = None

    def __init__(self, path: str, site: SiteURL, language: str, namespace: str = "") -> None:
        meta = PageMeta(
            {
                "REQUEST_METHOD": "GET",
                "PATH_INFO": path.encode("utf-8", "surrogateescape").decode("latin-1"),
                "SCRIPT_NAME": conf.script_name,
                "QUERY_STRING": "",
                "HTTP_HOST": site.host,
                "SERVER_NAME": site.name,
                "SERVER_PORT": str(site.port),
                "SERVER_PROTOCOL": "HTTP/1.1",
                "REMOTE_ADDR": "192.0.2.1",  # RFC 5737: of nobody, and not of the trusted loopback
                "wsgi.url_scheme": site.scheme,
                "wsgi.input": BytesIO(),
            }
        )
        super().__init__(meta)
        meta.path = url_of(path)
        self.LANGUAGE_CODE = language
        self.current_app = namespace  # else every {% url %} asks for the resolver_match
        self._messages = RefusedMessages(meta.path)
        self._csp_nonce = self.csp_nonce = RefusedNonce(meta.path)

    def _get_scheme(self) -> str:
        return self.META["wsgi.url_scheme"]  # type: ignore[no-any-return]

    @property
    def session(self) -> NoReturn:  # type: ignore[override]  # an attribute that its middleware sets
        raise refusal(self.META.path, "request.session")  # type: ignore[attr-defined]

    @property
    def user(self) -> Any:  # type: ignore[override]  # the same
        """Anonymous, always."""
        if not apps.is_installed("django.contrib.auth"):
            raise AttributeError("django.contrib.auth is not installed.")
        from django.contrib.auth.models import AnonymousUser  # noqa: PLC0415 - needs the app to be installed

        return AnonymousUser()

    async def auser(self) -> Any:
        return self.user

    @property
    def resolver_match(self) -> ResolverMatch:
        if self._match is None:
            self._match = resolve(self.path_info)
        return self._match

    @resolver_match.setter
    def resolver_match(self, match: Any) -> None:
        """Django's handler and `HttpRequest.__init__` set it; here it is looked up if somebody asks."""

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(
            f"The request of a static page has no {name!r}: MIDDLEWARE runs when the page is served, not when it is "
            "made. Leave it out of the page, or make it an ordinary Django view."
        )
