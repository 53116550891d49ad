"""`revalidate`, `revalidate_tag`, `res.revalidate`: the next visitor gets a new page, from the commit on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models.signals import post_save
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from pytest_django import DjangoCaptureOnCommitCallbacks

from pagesapi.exceptions import PageNotFound
from pagesapi.pages import (
    Props,
    StaticContext,
    StaticPage,
    arevalidate,
    arevalidate_tag,
    revalidate,
    revalidate_tag,
    signals,
    static_page,
)
from pagesapi.pages.invalidate import revalidate_all
from pagesapi.testing import route_tree
from tests.machinery.asking import Ask
from tests.pages.conftest import Sent, UseUrls
from tests.pages.site.counted import Counted

pytestmark = pytest.mark.usefixtures("site")

Capture = DjangoCaptureOnCommitCallbacks


class Tagged(StaticPage):
    template_name = "site/home.html"

    def get_static_props(self, context: StaticContext) -> Props:
        return Props({"title": context.params["n"]}, tags=[f"n-{context.params['n']}"])


@pytest.fixture
def view(use_urls: UseUrls) -> Counted:
    counted = Counted()
    page: Any = static_page(tags=["letters"])(counted)
    use_urls(
        path("p/", page, name="p"),
        path("<int:n>/", static_page(tags=["numbers"])(counted)),
        path("tagged/<int:n>/", Tagged.as_view()),
        path("ordinary/", lambda request: HttpResponse("x")),
        path("", include("pagesapi.urls")),
    )
    return counted


@pytest.fixture
def states(ask: Ask) -> Callable[..., str]:
    """What `X-Pagesapi-Cache` says of each URL, its first letters: "H" for a HIT, "M" for a MISS."""
    return lambda *urls: "".join(ask(url)["X-Pagesapi-Cache"][0] for url in urls)


URLS = ("/p/", "/1/", "/2/", "/tagged/1/", "/tagged/2/")
States = Callable[..., str]


@pytest.mark.parametrize(
    ("change", "made"),
    [
        (lambda: revalidate("/p/"), "MHHHH"),
        (lambda: revalidate("/p/?a=1"), "MHHHH"),
        (lambda: revalidate("/%70/"), "MHHHH"),
        (lambda: revalidate("/1/"), "HMHHH"),
        (lambda: revalidate("/01/"), "HMHHH"),
        (lambda: revalidate_tag("letters"), "MHHHH"),
        (lambda: revalidate_tag("numbers"), "HMMHH"),
        (lambda: revalidate_tag("n-2"), "HHHHM"),
        (lambda: revalidate_tag("unheard of"), "HHHHH"),
        (revalidate_all, "MMMMM"),
        (lambda: async_to_sync(arevalidate)("/2/"), "HHMHH"),
        (lambda: async_to_sync(arevalidate_tag)("letters"), "MHHHH"),
    ],
)
def test_the_next_visitor_gets_a_new_page(
    view: Counted, states: States, change: Callable[[], None], made: str
) -> None:
    assert states(*URLS) == "MMMMM"
    assert states(*URLS) == "HHHHH"
    change()
    assert states(*URLS) == made
    assert states(*URLS) == "HHHHH"


def test_a_page_that_was_never_made_may_be_revalidated(view: Counted, ask: Ask) -> None:
    revalidate("/1/")
    assert ask("/1/")["X-Pagesapi-Cache"] == "MISS"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("/none/", "No static page has the path '/none/': no URL pattern matches it"),
        ("/ordinary/", "'/ordinary/' is no static page: it is answered by"),
        ("https://example.com/p/", "write it from its first slash on, without scheme and host"),
        ("//example.com/p/", "is no path"),
        ("p", "is no path"),
        ("", "is no path"),
    ],
)
def test_what_is_no_static_page_raises(view: Counted, url: str, message: str) -> None:
    for change in (revalidate, async_to_sync(arevalidate)):
        with pytest.raises(PageNotFound) as caught:
            change(url)
        assert message in str(caught.value)


@pytest.mark.parametrize("tag", ["", None, 3, "x" * 257, ["a"]])
def test_what_is_no_tag_raises(tag: Any) -> None:
    for change in (revalidate_tag, async_to_sync(arevalidate_tag)):
        with pytest.raises((ValueError, TypeError), match="tag"):
            change(tag)


def test_a_receiver_learns_what_was_revalidated(view: Counted, sent: Sent) -> None:
    revalidate("/01/?x=1")
    revalidate_tag("numbers")
    revalidate_all()
    assert [(call["paths"], call["tags"], call["all"]) for call in sent["pages_revalidated"]] == [
        (("/1/",), (), False),
        ((), ("numbers",), False),
        ((), (), True),
    ]


def test_a_receiver_learns_the_path_as_a_url(use_urls: UseUrls, sent: Sent) -> None:
    use_urls(path("<str:s>/", static_page(Counted())))
    revalidate("/ü 100%25/")
    assert sent["pages_revalidated"][0]["paths"] == ("/%C3%BC%20100%25/",)


def test_a_receiver_that_fails_does_not_undo_the_change(view: Counted, states: States) -> None:
    def broken(**kwargs: object) -> None:
        raise ArithmeticError("The CDN is away")

    states("/p/")
    signals.pages_revalidated.connect(broken)
    signals.page_rendered.connect(broken)
    try:
        revalidate("/p/")
        assert states("/p/", "/p/") == "MH"
    finally:
        signals.pages_revalidated.disconnect(broken)
        signals.page_rendered.disconnect(broken)


# Transactions


@pytest.mark.django_db
def test_inside_a_transaction_it_takes_effect_on_commit(
    view: Counted, states: States, sent: Sent, django_capture_on_commit_callbacks: Capture
) -> None:
    states("/p/", "/1/")
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        revalidate("/p/")
        revalidate_tag("numbers")
        assert (states("/p/", "/1/"), sent["pages_revalidated"]) == ("HH", [])
    assert states("/p/", "/1/") == "MM"
    assert len(sent["pages_revalidated"]) == 2


def undone(change: Callable[[], None]) -> None:
    with transaction.atomic():
        change()
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_after_a_rollback_nothing_has_happened(
    view: Counted, states: States, sent: Sent, django_capture_on_commit_callbacks: Capture
) -> None:
    states("/p/")
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        undone(lambda: revalidate("/p/"))
        with transaction.atomic():
            undone(lambda: revalidate_tag("letters"))
    assert (states("/p/"), sent["pages_revalidated"], callbacks) == ("H", [], [])


@pytest.mark.django_db
def test_a_receiver_of_post_save_revalidates_on_commit(
    view: Counted, states: States, django_capture_on_commit_callbacks: Capture
) -> None:
    def changed(sender: object, instance: Group, **kwargs: object) -> None:
        revalidate(f"/{instance.pk}/")

    post_save.connect(changed, sender=Group)
    try:
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            group = Group.objects.create(name="editors")
            url = f"/{group.pk}/"
            assert states(url, url) == "MH"
        assert states(url) == "M"
    finally:
        post_save.disconnect(changed, sender=Group)


@pytest.mark.django_db
def test_a_path_that_is_no_page_raises_at_once_inside_a_transaction(view: Counted) -> None:
    with pytest.raises(PageNotFound), transaction.atomic():
        revalidate("/none/")


# From endpoints


TREE = {
    "one.py": "def handler(req, res): res.revalidate(req.query.path).json('done')",
    "aone.py": """
        async def handler(req, res):
            await res.arevalidate(req.query.path)
            return 'done'
    """,
    "fails.py": """
        def handler(req, res):
            res.revalidate(req.query.path)
            raise ArithmeticError
    """,
}


@pytest.mark.parametrize("name", ["one", "aone"])
def test_an_endpoint_revalidates(view: Counted, ask: Ask, states: States, name: str) -> None:
    with route_tree(TREE):
        states("/p/")
        assert b"done" in ask(f"/api/{name}?path=/p/", method="POST").content
        assert states("/p/") == "M"
        assert ask(f"/api/{name}?path=/none/", method="POST").status_code == 500
        with pytest.raises(PageNotFound):
            ask(f"/api/{name}?path=/none/", method="POST", raises=True)


@pytest.mark.django_db
@pytest.mark.usefixtures("atomic_requests")
def test_an_endpoint_whose_transaction_is_rolled_back_revalidates_nothing(
    view: Counted, ask: Ask, states: States, django_capture_on_commit_callbacks: Capture
) -> None:
    with route_tree(TREE), django_capture_on_commit_callbacks(execute=True) as callbacks:
        states("/p/")
        assert ask("/api/fails?path=/p/", method="POST").status_code == 500
        assert (states("/p/"), callbacks) == ("H", [])


def test_a_view_may_revalidate_what_it_shows_next(view: Counted, use_urls: UseUrls, ask: Ask) -> None:
    def save(request: HttpRequest) -> HttpResponse:
        revalidate("/p/")
        return HttpResponse("saved")

    use_urls(path("p/", static_page(view)), path("save/", save))
    ask("/p/")
    assert ask("/save/", method="POST").content == b"saved"
    assert ask("/p/").content == b"made 2"
