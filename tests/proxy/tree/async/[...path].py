import os

from pagesapi import RouteConfig
from pagesapi.proxy import aproxy

config = RouteConfig(body_limit=None)
handler = aproxy(os.environ["PAGESAPI_TEST_UPSTREAM"], response_limit=None)
