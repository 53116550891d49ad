"""A project with an API, pages and a static file, without a database: whatever is asked, it answers the same."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

FILES = {
    "requirements.txt": "django\npagesapi\n",
    "small_settings.py": """
        import os
        from pathlib import Path

        BASE_DIR = Path(__file__).resolve().parent
        DEBUG = False
        SECRET_KEY = os.environ["SMALL_SECRET"]
        ALLOWED_HOSTS = ["example.com"]
        ROOT_URLCONF = "small_urls"
        INSTALLED_APPS = ["django.contrib.staticfiles", "corsheaders", "pagesapi"]
        MIDDLEWARE = ["pagesapi.middleware.ApiMiddleware", "django.middleware.common.CommonMiddleware"]
        STATIC_URL = "/static/"
        STATICFILES_DIRS = [BASE_DIR / "assets"]
        PAGESAPI = {"SITE_URL": "https://example.com"}
        LANGUAGE_CODE = "en"
        USE_TZ = True
    """,
    "small_urls.py": """
        from django.http import HttpResponse, HttpResponseRedirect
        from django.urls import include, path

        from pagesapi.pages import static_page


        @static_page
        def about(request):
            return HttpResponse("<title>About</title>")


        @static_page(revalidate=60)
        def home(request):
            from api.hello import GET

            return HttpResponse(f"<title>{GET(request)['message']}</title>")


        @static_page
        def old(request):
            return HttpResponseRedirect("/about/")


        urlpatterns = [
            path("", home),
            path("about/", about),
            path("old/", old),
            path("", include("pagesapi.urls")),
        ]
    """,
    "assets/site.css": "body { color: black }",
    "api/hello.py": """
        def GET(request):
            return {"message": "Hello"}
    """,
    "api/posts/[id].py": """
        from pagesapi import RouteConfig

        config = RouteConfig(memory=256, max_duration=10)


        def GET(request, id):
            return {"id": id}


        def DELETE(request, id):
            return None
    """,
    "api/posts/new.py": """
        def handler(req, res):
            res.json({"new": True})
    """,
}


def write_project(folder: Path) -> Path:
    for name, source in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(source), "utf-8")
    return folder
