"""A project of endpoints alone. The environment says which peer's; without, they all are there (in process)."""

import os
from importlib.util import find_spec
from pathlib import Path

from django.core.management.utils import get_random_secret_key

OURS = "pagesapi.middleware.ApiMiddleware"
DEFAULT = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def middleware_of(urlconf: str) -> list[str]:
    """What `startproject` writes, and what the package behind the URLconf wants besides."""
    return [OURS, *DEFAULT] if urlconf == "benchmarks.peers.file_routes" else DEFAULT


BASE_DIR = Path(os.environ.get("BENCHMARKS_BASE", ""))
SECRET_KEY = get_random_secret_key()
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = os.environ.get("BENCHMARKS_URLCONF", "benchmarks.peers.views")
# What `startproject` writes.
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "pagesapi",
    *(app for app in ("rest_framework", "dmr", "django_bolt") if find_spec(app)),
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
MIDDLEWARE = middleware_of(ROOT_URLCONF) if os.environ.get("BENCHMARKS_MIDDLEWARE") == "default" else []
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
USE_TZ = True
STATIC_URL = "static/"

DMR_SETTINGS = {"validate_responses": False}  # what its documentation recommends in production
BOLT_API = ["benchmarks.peers.bolt:api"]
