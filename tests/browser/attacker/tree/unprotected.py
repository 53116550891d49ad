"""The control: what gets in here would get in everywhere, if nothing stood in its way."""

from pagesapi import RouteConfig
from tests.browser.attacker.effects import leave_row

config = RouteConfig(csrf=False)
GET = POST = PUT = PATCH = DELETE = leave_row
