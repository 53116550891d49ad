"""What a site has besides its pages: static files, the 404 page, and the files that tell a host about it."""

from __future__ import annotations

import filecmp
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.contrib.staticfiles.utils import get_files

from pagesapi.conf import conf
from pagesapi.exceptions import PrerenderError
from pagesapi.pages.building.maker import Change, Places, link, put_file
from pagesapi.pages.building.site import Site
from pagesapi.pages.render import render_not_found

COMMON = "django.middleware.common.CommonMiddleware"


def site_of_settings() -> Site:
    return Site(
        static_url=static_url(),
        append_slash=settings.APPEND_SLASH and COMMON in settings.MIDDLEWARE,
        api_prefix=f"/{conf.api_prefix}" if conf.api_prefix else "",
        api_slash=conf.trailing_slash,
        script_prefix=f"{conf.script_name}/",
        server_name=conf.site_url.name if conf.site_url else "_",
    )


def static_url() -> str | None:
    """`STATIC_URL` below the script prefix; None where the static files are on another host, or there are none."""
    url = settings.STATIC_URL if apps.is_installed("django.contrib.staticfiles") else None
    prefix = conf.script_name
    if not url or not url.startswith("/") or url.startswith("//"):
        return None
    return url.removeprefix(prefix) if url.startswith(f"{prefix}/") else None


def put_not_found(places: Places) -> Change:
    """`404.html`: what the project's `handler404` makes of nobody's request."""
    return put_file(places, "404.html", render_not_found(settings.LANGUAGE_CODE, "/404.html"))


def put_host_file(places: Places, name: str, lines: Iterable[str]) -> Change:
    """Piece by piece, since a site of a million exceptions has a line for each."""
    target, old = Path(places.staging, name), Path(places.output, name)
    with target.open("xb") as file:
        file.writelines(line.encode() for line in lines)
    if not old.is_file():
        return "new"
    if not filecmp.cmp(old, target, shallow=False):
        return "changed"
    target.unlink()
    if not link(str(old), str(target), name):
        shutil.copy2(old, target)
    return "unchanged"


def put_static_files(places: Places) -> Iterator[tuple[str, Change]]:
    """Every static file, as `collectstatic` would copy it; of a storage with hashed names, what that has made."""
    url = static_url()
    if url is None:
        return
    folder = url.strip("/")
    for name, content in _static_files():
        file = f"{folder}/{name}" if folder else name
        yield file, put_file(places, file, content())


def _static_files() -> Iterator[tuple[str, Callable[[], bytes]]]:
    storage: Any = staticfiles_storage
    if isinstance(storage, ManifestFilesMixin):
        yield from _collected(storage)
        return
    config: Any = apps.get_app_config("staticfiles")
    ignored: list[str] = config.ignore_patterns  # those of collectstatic
    seen: set[str] = set()
    for finder in get_finders():
        for path, source in finder.list(ignored):
            prefix = getattr(source, "prefix", None)
            name = (f"{prefix}/{path}" if prefix else path).replace("\\", "/")
            if name not in seen:  # the first finder wins, as in collectstatic
                seen.add(name)
                yield name, _reader(source, path)


def _collected(storage: Any) -> Iterator[tuple[str, Callable[[], bytes]]]:
    if not storage.exists(""):
        raise PrerenderError(
            "The names of the static files are hashed, so they have to be collected first: manage.py collectstatic. "
            "Or leave them out: --no-static."
        )
    for path in get_files(storage):
        yield path.replace("\\", "/"), _reader(storage, path)


def _reader(storage: Any, path: str) -> Callable[[], bytes]:
    def read() -> bytes:
        with storage.open(path) as file:
            return file.read()  # type: ignore[no-any-return]

    return read
