"""What the sample's pages are made from; a case may change it before it asks."""

from __future__ import annotations

from collections import Counter

from django.http import Http404, HttpResponse, HttpResponseRedirect

LISTED = ("one", "two", "sp ace", "ünï")
TARGET = "/ssg/plain"
SECRET = "the text of an exception"  # nobody's business
MOODS = {  # by the last segment of a path
    "missing": "missing",
    "missing-forever": "missing",
    "nf": "missing",
    "nf-forever": "missing",
    "redir": "redirects",
    "redir303": "redirects with 303",
}

changed_moods: dict[str, str] = {}  # by path
renderings: Counter[str] = Counter()  # by path: those that came to a page


def forget() -> None:
    changed_moods.clear()
    renderings.clear()


def exception_of(path: str) -> HttpResponse | None:
    """What there is in the place of the page; None: the page."""
    mood = changed_moods.get(path, MOODS.get(path.rpartition("/")[2], "found"))
    if mood == "throws":
        raise RuntimeError(SECRET)
    if mood == "missing":
        raise Http404(path)
    if mood == "redirects":
        return HttpResponseRedirect(TARGET, preserve_request=True)
    return HttpResponseRedirect(TARGET, status=303) if mood == "redirects with 303" else None


def next_number(path: str) -> int:
    renderings[path] += 1
    return renderings[path]
