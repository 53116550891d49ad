"""Settings of the site that the real servers serve: as in production, without a database."""

from pathlib import Path

BASE_DIR = Path(__file__).parents[1]
DEBUG = False
SECRET_KEY = "signs-nothing-that-matters"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "tests.servers.site_urls"
WSGI_APPLICATION = "tests.servers.site_wsgi.application"
INSTALLED_APPS = ["corsheaders", "pagesapi"]
MIDDLEWARE = [
    "pagesapi.middleware.ApiMiddleware",
    # So that streams are shown to pass it unbuffered.
    "django.middleware.gzip.GZipMiddleware",
    # As in every project that `startproject` makes; it appends slashes and counts bodies.
    "django.middleware.common.CommonMiddleware",
]
PAGESAPI = {"API_DIR": Path(__file__).parent / "tree"}
USE_TZ = True

# Everything on standard error, which the tests keep and show when one of them fails.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}, "nowhere": {"class": "logging.NullHandler"}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # What Django refuses on purpose it logs with a traceback, which here would look like an accident.
        "django.security": {"handlers": ["nowhere"], "propagate": False},
    },
}
