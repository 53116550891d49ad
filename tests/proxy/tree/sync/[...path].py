import os

from pagesapi import RouteConfig
from pagesapi.proxy import proxy

config = RouteConfig(body_limit=None)
handler = proxy(os.environ["PAGESAPI_TEST_UPSTREAM"], response_limit=None)
