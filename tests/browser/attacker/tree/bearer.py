import os

from pagesapi import Cors, RouteConfig
from pagesapi.guards import require_bearer
from tests.browser.attacker.effects import leave_row

config = RouteConfig(
    cors=Cors(origins=[os.environ["DEMO_FRONT_END"]]),
    middleware=[require_bearer(os.environ["DEMO_HOOK_TOKEN"])],
)
GET = POST = leave_row
