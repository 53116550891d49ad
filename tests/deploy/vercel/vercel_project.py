"""A small project, without a database: pages of every kind, and endpoints that tell what they were asked."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

FILES = {
    "vercel_site_settings.py": """
        import os
        from pathlib import Path

        BASE_DIR = Path(__file__).parent
        DEBUG = False
        SECRET_KEY = os.environ["SECRET_KEY"]
        ALLOWED_HOSTS = ["example.com"]
        ROOT_URLCONF = "vercel_site_urls"
        WSGI_APPLICATION = None
        INSTALLED_APPS = ["corsheaders", "django.contrib.staticfiles", "pagesapi"]
        MIDDLEWARE = [
            "pagesapi.middleware.ApiMiddleware",
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.gzip.GZipMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ]
        TEMPLATES = []
        DATABASES = {}
        STATIC_URL = "/static/"
        STATICFILES_DIRS = [BASE_DIR / "assets"]
        LANGUAGE_CODE = "en"
        TIME_ZONE = "UTC"
        PAGESAPI = {"SITE_URL": "https://example.com"}
        USE_TZ = True
    """,
    "vercel_site_urls.py": """
        import os
        import time

        from django.http import HttpResponse, HttpResponsePermanentRedirect
        from django.urls import include, path
        from django.views.decorators.clickjacking import xframe_options_exempt

        from pagesapi.pages import static_page


        @static_page(revalidate=60)
        def home(request):
            return HttpResponse(f"made at {time.time_ns()}, " + "a" * 2000)


        @static_page(revalidate=60)
        def fragile(request):
            if os.environ.get("PAGESAPI_FUNCTION"):
                raise ValueError("its source is gone")
            return HttpResponse("as it was built")


        @static_page
        def about(request):
            return HttpResponse("about us")


        @static_page
        def feed(request):
            return HttpResponse("<feed/>", content_type="application/atom+xml")


        @static_page
        def moved(request):
            return HttpResponsePermanentRedirect("/about/")


        @static_page
        def headed(request):
            return HttpResponse("with a header", headers={"X-Own": "yes"})


        @static_page
        @xframe_options_exempt
        def framed(request):
            return HttpResponse("may be framed")


        @static_page(paths=lambda: [{"slug": "first"}, {"slug": "zweite-größe"}])
        def post(request, slug):
            return HttpResponse(f"post {slug}")


        urlpatterns = [
            path("", include("pagesapi.urls")),
            path("", home),
            path("about/", about),
            path("fragile/", fragile),
            path("imprint", about),
            path("feed.xml", feed),
            path("moved/", moved),
            path("headed/", headed),
            path("framed/", framed),
            path("blog/<str:slug>/", post),
        ]
    """,
    "requirements.txt": "pagesapi\n",
    "assets/site.css": "body { color: black }\n",
    "api/echo/[[...path]].py": """
        import base64

        from django.utils import timezone, translation

        from pagesapi import RouteConfig

        config = RouteConfig(body_limit="6mb", max_duration=30, memory=512)


        def handler(req, res):
            django = req.django
            return {
                "method": req.method,
                "path": django.path,
                "query": django.META["QUERY_STRING"],
                "headers": {name.lower(): value for name, value in django.headers.items()},
                "cookies": dict(req.cookies),
                "body": base64.b64encode(req.raw).decode(),
                "value": None if isinstance(req.body, bytes) else req.body,
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
            res.set_cookie("left", "behind").set_cookie("and", "another").json({})
    """,
    "api/limited.py": """
        from pagesapi import RouteConfig

        config = RouteConfig(body_limit="1kb")


        def POST(request):
            return len(request.api.raw)
    """,
    "api/where.py": """
        import sys


        def GET(request):
            files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
            return {"modules": sorted(filter(None, files)), "path": sys.path}
    """,
    "api/crash.py": """
        def GET(request):
            raise ValueError("nobody caught this")
    """,
    "api/stream.py": """
        def GET(request):
            return (f"{number}\\n" for number in range(3))
    """,
    "api/years/index.py": """
        from pagesapi import Cors, RouteConfig

        config = RouteConfig(static=True, cors=Cors(origins=["https://app.example"]))


        def GET(request):
            return {"years": [2025, 2026]}


        def POST(request):
            return {"added": True}
    """,
    "api/years/[year=int].py": """
        from pagesapi import RouteConfig

        config = RouteConfig(static=True, revalidate=10)


        def get_static_paths():
            return [{"year": 2026}]


        def GET(request, year):
            return {"year": year}
    """,
    "api/years/[name].py": """
        def GET(request, name):
            return {"name": name}
    """,
}


def write_project(folder: Path) -> Path:
    for name, source in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(source), "utf-8")
    return folder
