"""A project with nothing in it: no middleware, and no `PAGESAPI`, so that every setting is its default."""

from pathlib import Path

from django.core.management.utils import get_random_secret_key

SECRET_KEY = get_random_secret_key()
DEBUG = False
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["corsheaders", "pagesapi"]
MIDDLEWARE: list[str] = []
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}

# Each measurement sets these two anew.
BASE_DIR = Path()
ROOT_URLCONF = "pagesapi.urls"
