"""The renewal of a page as a task of Django's (6.0 and later)."""

from __future__ import annotations

from django.tasks import task

from pagesapi.pages.discover import page_for
from pagesapi.pages.produce import held, make
from pagesapi.pages.shelf import get_shelf


@task
def renew_page(path: str) -> None:
    """`path` is decoded. A page that fails is logged and signalled, and tried again later, as everywhere."""
    shelf, known = get_shelf(), page_for(path)
    with held(shelf, path) as is_mine:
        if is_mine:
            make(shelf, known, "stale")
