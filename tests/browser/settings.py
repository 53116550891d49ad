from tests.demo.settings import *  # noqa: F403 - all of them

ROOT_URLCONF = "tests.browser.urls"
