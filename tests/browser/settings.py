"""The demo's settings for servers that a browser visits; what they log goes to their output, which a failure shows."""

from tests.demo import settings as demo
from tests.demo.settings import *  # noqa: F403 - all of them

ROOT_URLCONF = "tests.browser.urls"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"output": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"handlers": ["output"]}, "pagesapi": {"handlers": ["output"]}},
}
# Two processes write at once. A row of a test need not outlive the machine, so nobody waits for its disk, and
# no journal comes and goes as a file.
DEFAULT = demo.DATABASES["default"]
OPTIONS = {**DEFAULT["OPTIONS"], "timeout": 120, "init_command": "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY"}
DATABASES = {"default": {**DEFAULT, "OPTIONS": OPTIONS}}
