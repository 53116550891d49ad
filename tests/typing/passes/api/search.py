"""Another service under a URL of ours."""

import os

from pagesapi import Request
from pagesapi.proxy import aproxy, proxy


def key_of(req: Request) -> dict[str, str]:
    return {"Authorization": f"Bearer {req.session['key']}"}


async def akey_of(req: Request) -> dict[str, str]:
    return {"X-User": str((await req.auser()).pk)}


handler = proxy("https://api.example/v1", headers={"Authorization": "Bearer key"}, request_headers=["Accept-Language"])
GET = proxy(os.environ.get("SEARCH_URL"), headers=key_of, timeout=2.5, deadline=None, response_limit="5mb")
POST = aproxy("https://api.example/v1", headers=akey_of, follow_redirects=True)
PUT = aproxy("https://api.example/v1", headers=lambda req: {"X-Path": req.path})
