import os

from pagesapi import RouteConfig
from pagesapi.guards import require_any, require_bearer, require_user
from tests.browser.attacker.effects import leave_row

config = RouteConfig(middleware=[require_any(require_user, require_bearer(os.environ["DEMO_HOOK_TOKEN"]))])
GET = POST = leave_row
