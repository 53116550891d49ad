"""The application as `startproject` writes it, without this package's counting of bodies."""

from django.core.asgi import get_asgi_application

application = get_asgi_application()
