"""Settings of the site that real servers serve: the proxies in `tree`."""

from pathlib import Path

from tests.servers.site_settings import *  # noqa: F403

ROOT_URLCONF = "tests.servers.site_urls"
PAGESAPI = {"API_DIR": Path(__file__).parent / "tree"}
