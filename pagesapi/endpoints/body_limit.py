"""The limit of a body that Django reads, not `Request`: in method functions, and for the token of a form."""

from __future__ import annotations

from django.conf import settings

from pagesapi.endpoints.config import Rules
from pagesapi.http.body import LimitedStream, check_length, open_body
from pagesapi.http.request import Request
from pagesapi.http.source import DjangoSource


def limit_body(source: DjangoSource, api: Request, rules: Rules) -> None:
    """The limit for a function that reads Django's request: at once by the length, else as the bytes come.

    Where Django could not read the body itself, it is read now: beyond `DATA_UPLOAD_MAX_MEMORY_SIZE`, which a higher
    limit of the route overrules, and a form without a length, which Django takes for empty.
    """
    limit, length = rules.limit, source.length
    check_length(source, limit)
    is_form = source.content_type == "multipart/form-data"
    beyond = limit.allows_more_than(settings.DATA_UPLOAD_MAX_MEMORY_SIZE, length)
    if rules.parse_body and is_form and (beyond or length is None):
        api.load()
    elif rules.parse_body and beyond:
        source.keep(open_body(source, limit).read(), None, None)
    elif length is None:
        source.django._stream = LimitedStream(source.open(), limit)
        source.django._read_started = False
