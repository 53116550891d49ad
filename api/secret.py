"""A service that wants a key, shown under a URL of ours: the key is added here, and no browser ever sees it."""

import os

from pagesapi import HTTPError, Request, Response, RouteConfig
from pagesapi.proxy import proxy

config = RouteConfig(methods=["GET"])  # who may use the key this way can read, no more

URL = os.environ.get("DEMO_UPSTREAM_URL", "")
KEY = os.environ.get("DEMO_API_KEY", "")


def not_configured(req: Request, res: Response) -> None:
    raise HTTPError(503, "Set DEMO_UPSTREAM_URL and DEMO_API_KEY in the server's environment, and start it again.")


handler = proxy(URL, headers={"Authorization": f"Bearer {KEY}"}) if URL and KEY else not_configured
