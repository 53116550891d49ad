"""As `startproject` writes them, and the packages of one URLconf, which the environment names."""

import os
from pathlib import Path

URLCONF = os.environ["BENCHMARKS_URLCONF"]  # a module beside this file
APPS = {"bare": [], "constant": [], "distill": ["django_distill"], "bakery": ["bakery"]}.get(
    URLCONF, ["corsheaders", "pagesapi"]
)

BASE_DIR = Path(os.environ["BENCHMARKS_BASE"])
SECRET_KEY = "protects nothing"  # noqa: S105 - as it says
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = f"benchmarks.blog.{URLCONF}"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *APPS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).resolve().with_name("templates")],
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
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static"
MEDIA_ROOT = BASE_DIR / "media"

PAGESAPI = {
    "SITE_URL": "https://example.com",
    "OUTPUT_DIR": BASE_DIR / "out",
    "STORE": {"BACKEND": "pagesapi.pages.store.FileStore", "OPTIONS": {"LOCATION": BASE_DIR / "store"}},
}
if "pagesapi" in APPS:
    MIDDLEWARE.insert(0, "pagesapi.middleware.ApiMiddleware")
