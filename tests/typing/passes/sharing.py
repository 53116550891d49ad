"""Endpoints and pages used by other code: modules by name, requests in process, previews, pages made anew."""

from types import ModuleType

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from people.models import Person
from typing_extensions import assert_type

from pagesapi import acall_route, call_route, load_route
from pagesapi.pages import (
    Rendered,
    arender_page,
    arevalidate,
    arevalidate_tag,
    iter_pages,
    prerender,
    render_page,
    revalidate,
    revalidate_tag,
)
from pagesapi.preview import Preview, disable, enable, preview_of


def shared(editor: Person) -> bytes:
    assert_type(load_route("posts/[id]"), ModuleType)
    title: str = load_route("posts/[id]").title_of(3)
    body = {"title": title}
    answer = call_route("posts/[id]", method="PATCH", params={"id": 3}, body=body, user=editor, query={"a": [1, 2]})
    assert_type(answer, HttpResponseBase)
    return answer.getvalue()


async def ashared(editor: Person) -> None:
    answer = await acall_route("posts/[id]", params={"id": 3}, user=editor, headers={"Accept": "text/html"})
    assert_type(answer, HttpResponseBase)
    await arevalidate("/blog/")
    await arevalidate_tag("posts")
    assert_type(await arender_page("/"), Rendered)


def enter(request: HttpRequest) -> HttpResponseRedirect:
    return enable(HttpResponseRedirect("/blog/"), {"post": 3}, max_age=3600, path="/blog")


def leave(request: HttpRequest) -> HttpResponse:
    preview = preview_of(request)
    assert_type(preview, Preview | None)
    return disable(HttpResponse("Bye"), path="/blog")


def build() -> int:
    revalidate("/blog/")
    revalidate_tag("posts")
    for page in iter_pages():
        assert_type(page.url, str)
    assert_type(render_page("/").body, bytes)
    report = prerender("out", workers=2, only=["/blog/*"])
    assert_type(report.ok, bool)
    return report.pages
