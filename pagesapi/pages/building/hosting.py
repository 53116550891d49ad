"""The files that `prerender` writes for hosts, as pieces of text, so that a site of any size fits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pagesapi.pages.building.built import BuiltPage
from pagesapi.pages.building.headers_file import headers_file
from pagesapi.pages.building.nginx import nginx_conf
from pagesapi.pages.building.redirects import redirects_file
from pagesapi.pages.building.refresh import refresh_page
from pagesapi.pages.building.site import SIGNATURE, Site

__all__ = ["SIGNATURE", "Site", "headers_file", "hosting_files", "nginx_conf", "redirects_file", "refresh_page"]


def hosting_files(pages: Callable[[], Iterable[BuiltPage]], site: Site) -> dict[str, Iterator[str]]:
    """File names and contents (UTF-8). `pages` gives all pages in the order of their paths, each time it is called."""
    return {
        "_headers": headers_file(pages(), site),
        "_redirects": redirects_file(pages(), site),
        "nginx.conf.example": nginx_conf(pages, site),
    }
