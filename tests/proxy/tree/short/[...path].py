import os

from pagesapi import RouteConfig
from pagesapi.proxy import proxy

config = RouteConfig(body_limit="1mb")
handler = proxy(os.environ["PAGESAPI_TEST_UPSTREAM"], timeout=0.2, deadline=0.5, response_limit="1mb")
