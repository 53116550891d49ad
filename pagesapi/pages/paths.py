"""A page's path as a user writes it: a URL path, percent-encoded or not."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from django.utils.encoding import repercent_broken_unicode
from django.utils.functional import Promise

from pagesapi.conf import conf
from pagesapi.exceptions import PageNotFound


def decoded(path: Any) -> str:
    """ "/blog/%C3%BC/?a=1" → "/blog/ü/": what `reverse()` and `get_absolute_url()` give, as the URLconf sees it.

    The query is left out, and `FORCE_SCRIPT_NAME`. Raises `PageNotFound` for what is no path of this site.
    """
    path = str(path) if isinstance(path, Promise) else path  # reverse_lazy()
    if not isinstance(path, str) or not path.startswith("/") or path.startswith("//"):
        raise PageNotFound(
            f"{path!r:.300} is no path: write it from its first slash on, without scheme and host, as /blog/hello/."
        )
    text = urlsplit(path).path
    prefix = conf.script_name
    if prefix and (text == prefix or text.startswith(f"{prefix}/")):
        text = text[len(prefix) :] or "/"
    try:
        raw = unquote_to_bytes(text)
    except UnicodeError:
        raise PageNotFound(f"{path!r:.300} is no path: it cannot be encoded.") from None
    return repercent_broken_unicode(raw).decode()  # as Django reads a request's path
