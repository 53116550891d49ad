"""Settings of the site that several worker processes serve together; the test says by the environment which store."""

import json
import os
from pathlib import Path

from tests.servers.site_settings import LOGGING as SITE_LOGGING

told = json.loads(os.environ["STORE_TESTS"])

DEBUG = False
SECRET_KEY = "signs-nothing-that-matters"
ALLOWED_HOSTS = ["127.0.0.1"]
BASE_DIR = Path(told["folder"])
ROOT_URLCONF = "tests.pages.store.workers_urls"
INSTALLED_APPS = ["corsheaders", "pagesapi"]
MIDDLEWARE = ["tests.pages.store.workers_urls.note_visits"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}, **told["caches"]}
PAGESAPI = {"SITE_URL": "http://127.0.0.1", "STORE": told["store"]}
USE_TZ = True
LOGGING = SITE_LOGGING
