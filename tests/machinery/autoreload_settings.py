"""Settings of a small project whose `runserver` is watched; the environment names its tree."""

from __future__ import annotations

import os

SECRET_KEY = "of a test"
DEBUG = True
ALLOWED_HOSTS = ["*"]
USE_TZ = True
INSTALLED_APPS = ["corsheaders", "pagesapi"]
MIDDLEWARE = ["pagesapi.middleware.ApiMiddleware"]
ROOT_URLCONF = "tests.machinery.autoreload_urls"
PAGESAPI = {"API_DIR": os.environ.get("API_DIR_OF_A_TEST", "")}
