"""A service that wants a key, shown under a URL of ours: the key is added here, and no browser ever sees it."""

import os
from collections.abc import Callable

from pagesapi import HTTPError, Request, Response, RouteConfig

config = RouteConfig(methods=["GET"])  # everybody may use the key this way, so let them read and no more


def not_configured(req: Request, res: Response) -> None:
    raise HTTPError(503, "Set DEMO_UPSTREAM_URL and DEMO_API_KEY in the server's environment, and start it again.")


handler: Callable[..., object] = not_configured

if (url := os.environ.get("DEMO_UPSTREAM_URL")) and (key := os.environ.get("DEMO_API_KEY")):
    from pagesapi.proxy import proxy  # here, since it needs httpx, and the rest of the demo does not

    handler = proxy(url, headers={"Authorization": f"Bearer {key}"})
