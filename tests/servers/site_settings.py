"""Settings of the site that the real servers serve: as in production, without a database."""

from pathlib import Path

DEBUG = False
SECRET_KEY = "signs-nothing-that-matters"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "tests.servers.site_urls"
WSGI_APPLICATION = "tests.servers.site_wsgi.application"
INSTALLED_APPS = ["corsheaders", "pagesapi"]
# GZipMiddleware, so that streams are shown to pass it unbuffered.
MIDDLEWARE = ["pagesapi.middleware.ApiMiddleware", "django.middleware.gzip.GZipMiddleware"]
PAGESAPI = {"API_DIR": Path(__file__).parent / "tree"}
USE_TZ = True

# Everything on standard error, which the tests keep and show when one of them fails.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
