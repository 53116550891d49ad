from pagesapi import RouteConfig
from pagesapi.guards import require_user
from tests.browser.attacker.effects import leave_row

config = RouteConfig(middleware=[require_user])
GET = POST = PUT = PATCH = DELETE = leave_row
