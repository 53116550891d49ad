import os

from pagesapi import Cors, RouteConfig
from tests.browser.attacker.effects import leave_row

config = RouteConfig(cors=Cors(origins=[os.environ["DEMO_FRONT_END"]]))
GET = POST = PUT = PATCH = leave_row
