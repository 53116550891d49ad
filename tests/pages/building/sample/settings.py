"""A small project for `manage.py prerender` in a process of its own; the environment says what it is to be like."""

import json
import os
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
BASE_DIR = Path(os.environ["SAMPLE_DIR"])  # a test's own; the code stays where it is

SECRET_KEY = "of the tests"
DEBUG = False
ALLOWED_HOSTS = ["example.com", "localhost"]
ROOT_URLCONF = "tests.pages.building.sample.urls"
INSTALLED_APPS = ["django.contrib.staticfiles", "corsheaders", "pagesapi"]
MIDDLEWARE = ["pagesapi.middleware.ApiMiddleware", "django.middleware.common.CommonMiddleware"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [FOLDER / "templates"]}]
DATABASES: dict[str, object] = {}
USE_TZ = True
STATIC_URL = "/static/"
STATICFILES_DIRS = [FOLDER / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
PAGESAPI: dict[str, object] = {"SITE_URL": "https://example.com", "API_DIR": FOLDER / "tree"}

# {"DEBUG": true, "PAGESAPI": {"BUILD_ID": "one"}}
GIVEN = json.loads(os.environ.get("SAMPLE_SETTINGS", "{}"))
PAGESAPI.update(GIVEN.pop("PAGESAPI", {}))
globals().update(GIVEN)

if os.environ.get("SAMPLE_SLOW_WORKER"):
    from tests.pages.building.sample import slowness  # noqa: F401
