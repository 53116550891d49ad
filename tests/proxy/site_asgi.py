import os

from pagesapi.asgi import get_asgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.proxy.site_settings"
application = get_asgi_application()
