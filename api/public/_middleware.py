"""The pages of one other origin may call everything beneath. Without cookies, so they speak for nobody."""

import os

from pagesapi import Cors, RouteConfig

config = RouteConfig(cors=Cors(origins=[os.environ.get("DEMO_FRONT_END") or "http://localhost:3000"]))
