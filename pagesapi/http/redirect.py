"""Where a redirect within the site leads: a path of a request's own host, with its query."""

from __future__ import annotations

import re
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import escape_uri_path

# What `django.utils.encoding.iri_to_uri` leaves as it is (RFC 3986 §2.2, §2.3, and "%" of what is encoded already).
SAFE = "/#%[]=:;$&()+,!?*@'~"


def location_of(request: HttpRequest, path: str) -> str:
    """The `Location` for a decoded path below the script prefix, with the request's query.

    It never begins with two slashes, or a slash and a backslash (an open redirect).
    """
    script = request.path[: len(request.path) - len(request.path_info)] or (settings.FORCE_SCRIPT_NAME or "").rstrip(
        "/"
    )
    location = escape_uri_path(re.sub(r"^[/\\]+", "/", script + path))
    query = request.META.get("QUERY_STRING", "")
    raw = query.encode("latin-1", "replace") if hasattr(request, "environ") else query.encode()
    return location + (f"?{quote(raw, safe=SAFE)}" if query else "")
