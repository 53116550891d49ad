"""Programs call what is beneath, not browsers: each shows the token, and comes from no site.

As long as the environment has no DEMO_HOOK_TOKEN nobody is let in.
"""

import os

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from pagesapi import RouteConfig
from pagesapi.guards import require_bearer


def is_token(request: HttpRequest, token: str) -> bool:
    expected = os.environ.get("DEMO_HOOK_TOKEN", "")
    return bool(expected) and constant_time_compare(token, expected)


middleware = [require_bearer(is_token)]
config = RouteConfig(csrf=False)
