from pagesapi import RouteConfig
from pagesapi.guards import require_user
from tests.browser.attacker.effects import leave_row

config = RouteConfig(csrf="token", middleware=[require_user])
POST = leave_row
