"""A small project as the code of a function, without a database: what its endpoints tell is what they were asked."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

FILES = {
    "site_settings.py": """
        from pathlib import Path

        BASE_DIR = Path(__file__).parent
        DEBUG = False
        SECRET_KEY = "signs-nothing-that-matters"
        ALLOWED_HOSTS = ["example.com"]
        ROOT_URLCONF = "site_urls"
        INSTALLED_APPS = ["corsheaders", "pagesapi"]
        MIDDLEWARE = ["pagesapi.middleware.ApiMiddleware", "django.middleware.common.CommonMiddleware"]
        LANGUAGE_CODE = "en"
        TIME_ZONE = "UTC"
        PAGESAPI = {"SITE_URL": "https://example.com"}
        USE_TZ = True
    """,
    "site_urls.py": """
        from django.urls import include, path

        urlpatterns = [path("", include("pagesapi.urls"))]
    """,
    "api/echo/[[...path]].py": """
        import base64

        from django.utils import timezone, translation

        from pagesapi import RouteConfig

        config = RouteConfig(body_limit="6mb")


        def handler(req, res):
            django = req.django
            return {
                "method": req.method,
                "path": django.path,
                "query": django.META["QUERY_STRING"],
                "headers": {name.lower(): value for name, value in django.headers.items()},
                "cookies": dict(req.cookies),
                "body": base64.b64encode(req.raw).decode(),
                "client": django.META["REMOTE_ADDR"],
                "url": django.build_absolute_uri("/"),
                "port": django.get_port(),
                "language": translation.get_language(),
                "time_zone": timezone.get_current_timezone_name(),
                "marked": hasattr(django, "mark"),
            }
    """,
    "api/leave.py": """
        from django.utils import timezone, translation


        def handler(req, res):
            req.django.mark = True
            translation.activate("de")
            timezone.activate("Asia/Tokyo")
            res.set_cookie("left", "behind").set_header("X-Left", "behind").json({"body": req.body})
    """,
    "api/cookies.py": """
        def GET(request):
            from pagesapi import JsonResponse

            response = JsonResponse({})
            for name in ("a", "b", "c"):
                response.set_cookie(name, "1; 2", httponly=True)
            return response
    """,
    "api/binary.py": """
        def GET(request):
            return bytes(range(256))


        def POST(request):
            return request.api.raw
    """,
    "api/latin.py": """
        from django.http import HttpResponse


        def GET(request):
            return HttpResponse("Grüße", content_type="text/plain; charset=iso-8859-1")
    """,
    "api/text.py": """
        def GET(request):
            return "Grüße"
    """,
    "api/nothing.py": """
        def GET(request):
            return None
    """,
    "api/large.py": """
        def GET(request):
            size = int(request.GET["size"])
            return b"x" * size if "binary" in request.GET else "x" * size
    """,
    "api/crash.py": """
        def GET(request):
            raise ValueError("nobody caught this")
    """,
}
FUNCTION = """
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_settings")
    os.environ.setdefault("PAGESAPI_FUNCTION", "site")

    from pagesapi.deploy.aws import make_handler

    handler = make_handler("{interface}")
"""


def write_project(folder: Path, interface: str) -> Path:
    for name, source in {**FILES, "pagesapi_function.py": FUNCTION.format(interface=interface)}.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(source), "utf-8")
    return folder
