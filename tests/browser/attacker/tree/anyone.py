from pagesapi import Cors, RouteConfig
from tests.browser.attacker.effects import leave_row

config = RouteConfig(cors=Cors(origins="*"))
GET = POST = leave_row
