"""A project of a test's own: settings, URLs and folders, prerendered in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, path
from pytest_django import Settings

from pagesapi.pages import prerender, static_page
from pagesapi.pages.building.report import Report

FOLDER = Path(__file__).resolve().parent
HOST_FILES = {"_headers", "_redirects", "nginx.conf.example", "404.html"}  # of every site


class Project:
    def __init__(self, settings: Settings, base: Path) -> None:
        self.settings = settings
        self.move(base)
        settings.ALLOWED_HOSTS = ["example.com", "testserver"]
        settings.INTERNAL_IPS = []
        settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
        settings.STATICFILES_DIRS = []
        settings.STATIC_URL = "/static/"
        settings.TEMPLATES = [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [FOLDER / "sample" / "templates", base / "templates"],
            }
        ]
        self.configure()
        self.urls(text_page("", "Home"))

    def move(self, base: Path) -> None:
        base.mkdir(exist_ok=True)
        self.base, self.out, self.work = base, base / "out", base / ".pagesapi"
        self.settings.BASE_DIR = base

    def configure(self, **values: Any) -> None:
        """Keys of PAGESAPI."""
        self.settings.PAGESAPI = {"SITE_URL": "https://example.com", **values}

    def urls(self, *patterns: URLPattern | URLResolver, handler404: Callable[..., Any] | None = None) -> None:
        self.settings.ROOT_URLCONF = type("Urls", (), {"urlpatterns": list(patterns), "handler404": handler404})

    def build(self, output: Path | str | None = None, *, workers: int = 1, **options: Any) -> Report:
        return prerender(output, workers=workers, **options)

    def built(self, output: Path | str | None = None, **options: Any) -> Report:
        """A build that has to succeed."""
        report = self.build(output, **options)
        assert report.failures == []
        return report

    @property
    def names(self) -> set[str]:
        """The files of the site's pages."""
        return set(files_in(self.out)) - HOST_FILES

    def text(self, name: str) -> str:
        return (self.out / name).read_text("utf-8")

    @property
    def left_over(self) -> set[str]:
        """What stands beside the output folder and is not of it."""
        return names_in(self.base) - {"out", ".pagesapi"}

    def visit(self, url: str) -> HttpResponse:
        return Client(headers={"host": "example.com"}).get(url)  # type: ignore[return-value]


def names_in(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()
    }


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """By these one sees that a file was written anew."""
    found = {file.relative_to(folder).as_posix(): file.stat() for file in folder.rglob("*") if file.is_file()}
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in found.items()}


def text_page(
    route: str, text: str, *, name: str | None = None, content_type: str | None = None, **options: Any
) -> URLPattern:
    """A page without parameters that says a text."""

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(text, content_type=content_type)

    return path(route, static_page(**options)(view), name=name)


def listed_pages(
    route: str,
    values: Iterable[Any] | Callable[[], Any],
    view: Callable[..., HttpResponse] | None = None,
    *,
    name: str | None = None,
    **options: Any,
) -> URLPattern:
    """A page for each value of its parameter "key"."""

    def paths() -> Iterable[dict[str, Any]]:
        return ({"key": value} for value in (values() if callable(values) else values))

    def shown(request: HttpRequest, key: Any) -> HttpResponse:
        return HttpResponse(f"Page {key}")

    return path(route, static_page(paths=paths, **options)(view or shown), name=name)


class NoStore:
    """A store that nobody reaches."""

    def __getattr__(self, name: str) -> Any:
        raise ConnectionRefusedError(111, "Connection refused")
