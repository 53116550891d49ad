"""Preview mode, Next.js's draft mode: a signed cookie with which an editor sees pages made for nobody else."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from pagesapi.conf import conf
from pagesapi.exceptions import PagesapiError
from pagesapi.http.json import encode

R = TypeVar("R", bound=HttpResponseBase)
COOKIE = "pagesapi_preview"
NO_STORE = "private, no-store"  # what every answer to an editor says
CDN_HEADERS = ("cdn-cache-control", "surrogate-control", "expires")  # "Cloudflare-CDN-Cache-Control" and so on
SALT = "pagesapi.preview"
LARGEST_DATA = 2000  # bytes of JSON, as Next.js's 2 KB: a cookie may have 4,096 bytes in all
LONGEST_PATH = 500  # characters
MAX_AGES = (1, 365 * 86400)  # seconds


@dataclass(frozen=True, slots=True)
class Preview:
    """What a valid cookie says. `data`: the JSON value that `enable` or `set_preview_data` was given, `{}` without."""

    data: Any


class PreviewDataTooLarge(PagesapiError, ValueError):
    """The preview data are more than a cookie holds: 2,000 bytes of JSON."""


def enable(response: R, data: Any = None, *, max_age: int | None = None, path: str | None = None) -> R:
    """Let this visitor see previews: sets the cookie `pagesapi_preview`, and returns the response.

    >>> return enable(redirect("/blog/hello/"), {"post": 3}, max_age=3600, path="/blog")

    `data`: any JSON value of at most 2,000 bytes, encrypted (by the extra `preview`); None: draft mode, no data.
    `max_age`: seconds (`PREVIEW["max_age"]`, a day). `path`: only for URLs below it ("/blog").
    Raises `ValueError` for wrong ones, `PreviewDataTooLarge` among them, and `ImproperlyConfigured` for data without
    the extra.
    """
    options = conf.preview
    seconds = options.max_age if max_age is None else _checked_age(max_age)
    where = _checked_path(path)
    value = _signer().sign(f"{seconds}.{_text(where.encode())}.{'' if data is None else _encrypted(data)}")
    response.set_cookie(
        COOKIE,
        value,
        max_age=seconds,
        path=where,
        secure=options.secure or options.samesite == "None",
        httponly=True,
        samesite=options.samesite,  # type: ignore[arg-type]  # one of the three
    )
    return make_private(response)


def disable(response: R, *, path: str | None = None) -> R:
    """Leave preview mode, and return the response. `path` has to be the one that `enable` was given."""
    options = conf.preview
    response.delete_cookie(COOKIE, path=_checked_path(path), samesite=options.samesite)  # type: ignore[arg-type]
    response.cookies[COOKIE]["httponly"] = True
    if options.secure or options.samesite == "None":
        response.cookies[COOKIE]["secure"] = True
    return make_private(response)


def make_private(response: R) -> R:
    """For one visitor: of no cache, whichever header it goes by (RFC 9213: a CDN's own wins over Cache-Control)."""
    for name in list(response.headers):
        if name.lower().endswith(CDN_HEADERS):
            del response.headers[name]
    response.headers["Cache-Control"] = NO_STORE
    return response


def preview_of(request: HttpRequest) -> Preview | None:
    """The preview of Django's request: `preview_of(request).data`.

    None without a cookie, or with one that is forged, altered, too old, or for another path.
    """
    if COOKIE not in request.META.get("HTTP_COOKIE", ""):
        return None
    return read_preview(request.COOKIES.get(COOKIE), request.path)


def read_preview(cookie: str | None, path: str) -> Preview | None:
    """The same for a cookie's value and the path that it was sent to."""
    if not cookie:
        return None
    try:
        seconds, where, token = _signer().unsign(cookie).split(".", 2)
        _signer().unsign(cookie, max_age=int(seconds))
    except (BadSignature, ValueError):
        return None
    if not _covers(unquote(_bytes(where).decode()), path):
        return None
    return Preview(_decrypted(token) if token else {})


def _covers(where: str, path: str) -> bool:
    """RFC 6265 §5.1.4; the browser keeps to it, but a cookie can be sent by hand."""
    return path == where or path.startswith(where if where.endswith("/") else f"{where}/")


def _signer() -> TimestampSigner:
    return TimestampSigner(salt=SALT)  # SECRET_KEY, and SECRET_KEY_FALLBACKS


def _checked_age(value: int) -> int:
    lowest, highest = MAX_AGES
    if isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest:
        return value
    raise ValueError(f"max_age is a number of seconds from {lowest} to {highest}, not {value!r}.")


def _checked_path(path: str | None) -> str:
    if path is None:
        return "/"
    if isinstance(path, str) and len(path) > LONGEST_PATH:
        raise ValueError(f"path has {len(path)} characters; with the data, a cookie has room for {LONGEST_PATH}.")
    if isinstance(path, str) and path.startswith("/") and path.isascii() and path.isprintable() and ";" not in path:
        return path
    raise ValueError(f'path is a URL path such as "/blog", not {path!r}.')


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


# The data


def _encrypted(data: Any) -> str:
    content = encode(data)
    if len(content) > LARGEST_DATA:
        raise PreviewDataTooLarge(
            f"The preview data have {len(content):,} bytes of JSON; a cookie holds {LARGEST_DATA:,}. "
            "Store the id of what is previewed, and look it up in get_static_props."
        )
    token: bytes = _fernet().encrypt_at_time(content, int(time.time()))
    return token.decode().rstrip("=")


def _decrypted(token: str) -> Any:
    """The signature holds already, so this was encrypted with one of the keys."""
    return json.loads(_fernet().decrypt(token + "=" * (-len(token) % 4)))


def _fernet() -> Any:
    try:
        from cryptography.fernet import Fernet, MultiFernet  # noqa: PLC0415 - an extra
    except ImportError:
        raise ImproperlyConfigured(
            "Preview data are encrypted by the package cryptography, which is not installed: "
            'pip install "pagesapi[preview]". Without data, set_draft_mode() needs none.'
        ) from None
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret)) for secret in keys])


def _key(secret: str | bytes) -> bytes:
    digest = salted_hmac(f"{SALT}.data", "key", secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)
