"""The demo's settings, in a folder of its own: nothing is written into the project."""

import os
from pathlib import Path

from project import settings as demo
from project.settings import *  # noqa: F403 - all of the demo's

BASE_DIR = Path(os.environ["DEMO_TESTS_DIR"])  # for `.pagesapi` and `out`
PAGESAPI = {**demo.PAGESAPI, "API_DIR": demo.BASE_DIR / "api"}
