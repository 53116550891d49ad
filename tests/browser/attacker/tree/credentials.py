import os

from pagesapi import Cors, RouteConfig
from pagesapi.guards import require_user
from tests.browser.attacker.effects import leave_row

config = RouteConfig(cors=Cors(origins=[os.environ["DEMO_FRONT_END"]], credentials=True), middleware=[require_user])
GET = POST = PUT = PATCH = DELETE = leave_row
