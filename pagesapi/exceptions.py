"""Every exception of the package. Raising one of these, or reading one of their messages, is public."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any


class PagesapiError(Exception):
    """Base of all exceptions that pagesapi raises."""


class HTTPError(PagesapiError):
    """Raise it in an endpoint to answer with a status and a problem document (RFC 9457).

    >>> raise HTTPError(409, "Already voted", headers={"Retry-After": "60"}, poll=7)

    `status`: 400 to 599, else `ValueError`. `detail`: text for the caller; None: the status and its title say it.
    `headers`: of the answer. Further keywords become members of the document, as `"poll": 7`.
    """

    def __init__(
        self,
        status: int,
        detail: str | None = None,
        *,
        headers: dict[str, str] | None = None,
        **extra: Any,
    ) -> None:
        if not isinstance(status, int) or not 400 <= status <= 599:
            raise ValueError(f"HTTPError takes a status from 400 to 599, not {status!r}.")
        super().__init__(status, detail)
        self.status = int(status)
        self.detail = detail
        self.headers = headers or {}
        self.extra = extra

    def __str__(self) -> str:
        return f"{self.status} {self.detail or title_of(self.status)}"


class CrossSiteError(HTTPError):
    """A page of another site sent the request, or one without the token: 403, logged as Django logs it.

    `reason`, the detail with its cure, is for the log, and for callers with `DEBUG` alone.
    """

    def __init__(self, status: int, detail: str, cure: str = "") -> None:
        super().__init__(status, detail)
        self.reason = f"{detail} {cure}".rstrip()


class MissingField(HTTPError, KeyError):
    """A key of the query or of a JSON or form body that the caller did not send: a `KeyError`, and a 400.

    Raised by `req.query["id"]` and `req.body["email"]`; `field` is the key.
    """

    def __init__(self, field: object) -> None:
        super().__init__(400, f"The field {field!r} is missing.", errors={str(field): ["This field is required."]})
        self.field = field


class ResponseError(PagesapiError):
    """An endpoint's answer cannot be sent: answered twice, not at all, or with something unsendable."""


class JSONEncodeError(ResponseError, TypeError):
    """A value that has no JSON form; the message names its type and its place."""


class RouteNotFound(PagesapiError, LookupError):
    """No route has the name that was asked for."""


class RouteImportError(PagesapiError, ImportError):
    """A route file cannot be imported under its name."""


class RouteError(PagesapiError):
    """A route file does not export what an endpoint needs; the message says what to change."""


class TreeRefused(PagesapiError):
    """The API tree holds errors, so nothing of it is served; `manage.py check` lists them."""


class PageError(PagesapiError):
    """A static page cannot be made; the message names the page, what is wrong with it, and what to do."""


class PageNotFound(PagesapiError, LookupError):
    """No static page has the path that was asked for."""


class StoreError(PagesapiError):
    """The store of pages cannot be read or written; pages are then made for one visitor at a time."""


class PageBusy(PagesapiError):
    """A page is being rendered by somebody else, for longer than a visitor may be kept waiting."""


class PrerenderError(PagesapiError):
    """A build cannot begin or cannot be finished; the site that was there before still stands."""


class DeployError(PagesapiError):
    """A folder for a platform cannot be written, or not be proved; an earlier one still stands."""


# What RFC 9110 calls these, and older Pythons do not.
TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}


def title_of(status: int) -> str:
    """404 → 'Not Found'; a status that HTTP does not define has the title of its class (RFC 9110 §15)."""
    try:
        return TITLES.get(status) or HTTPStatus(status).phrase
    except ValueError:
        return "Client Error" if status < 500 else "Server Error"
