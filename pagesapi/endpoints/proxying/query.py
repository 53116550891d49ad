"""Query strings: what the configured URL says, no caller overrides."""

from __future__ import annotations

import re
from urllib.parse import quote

from pagesapi.endpoints.proxying.segment import plain

SAFE = "%!$&'()*+,;=:@/?[]"  # RFC 3986 §3.4, and brackets, which frameworks use
LIKE_UNDERSCORE = re.compile(r"[ .]")  # PHP reads "api.key" as "api_key"


def joined(configured: str, given: bytes | str) -> str:
    """The configured query string, and what of the given one does not speak of the same names."""
    sendable = quote(given, safe=SAFE)
    return "&".join(filter(None, (configured, without(configured, sendable))))


def without(configured: str, query: str) -> str:
    """A query string without the names of the configured one."""
    if not configured:
        return query
    taken = set().union(*map(names, configured.split("&")))
    return "&".join(pair for pair in query.split("&") if not taken & names(pair))


def names(pair: str) -> set[str]:
    """What servers may take for the name in `name=value`; some part pairs at semicolons, too.

    >>> sorted(names("page=1;%20API.Key[]=2"))
    ['api_key', 'page']
    """
    return {_name(part.partition("=")[0]) for part in pair.split(";")}


def _name(text: str) -> str:
    decoded = plain(text.replace("+", " "))
    name = re.split(r"[\[\0=]", text if decoded is None else decoded, maxsplit=1)[0]
    return LIKE_UNDERSCORE.sub("_", name.strip()).casefold()
