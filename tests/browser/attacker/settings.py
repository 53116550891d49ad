"""The demo's settings, for a tree of its endpoints and those of this folder."""

from tests.browser import settings as browser
from tests.browser.settings import *  # noqa: F403 - all of them

PAGESAPI = {**browser.PAGESAPI, "API_DIR": browser.BASE_DIR / "api"}
X_FRAME_OPTIONS = "SAMEORIGIN"  # so that the site's own pages can read what their forms get in a frame
