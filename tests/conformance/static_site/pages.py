"""The static pages: one class for each file below `pages/` of the observed site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.http.response import HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render

from pagesapi.pages import Props, StaticContext, StaticPage, static_page
from tests.conformance.static_site.content import LISTED, exception_of, next_number


class Sample(StaticPage):
    """Shows the values of `shown` that a case asks for; `n` is the number of the rendering."""

    template_name = "page.html"
    shown: tuple[str, ...] = ("n",)

    def get_static_props(self, context: StaticContext) -> Any:
        path = self.request.path
        return exception_of(path) or {"props": self.values(next_number(path), context)}

    def values(self, number: int, context: StaticContext) -> Mapping[str, Any]:
        known = {
            "n": number,
            "preview": context.preview,
            "previewData": context.preview_data,
            "draftMode": context.draft,
            "reason": context.reason,
        }
        return {name: known[name] for name in self.shown}


class Plain(Sample):
    shown = ("n", "preview", "previewData", "draftMode", "reason")


class EverySecond(Sample):
    revalidate = 1
    shown = ("n", "preview", "previewData", "reason")


class EveryMinute(Sample):
    revalidate = 60


class Flagged(Sample):
    """A 404 as long as its content says so."""

    def values(self, number: int, context: StaticContext) -> Mapping[str, Any]:
        return {"found": True}


class RevalidateTrue(Sample):
    def get_static_props(self, context: StaticContext) -> Any:
        return Props({"props": {}}, revalidate=True)


class Post(Sample):
    """What does not come to a page, a 404 or a redirect, lives five seconds; a page lives one."""

    revalidate = 5

    def get_static_paths(self) -> Iterable[Mapping[str, str]]:
        return [{"slug": slug} for slug in LISTED]

    def get_static_props(self, context: StaticContext) -> Any:
        given = super().get_static_props(context)
        lifetime = None if context.params["slug"] == "never" else 1
        return given if isinstance(given, HttpResponseBase) else Props(given, revalidate=lifetime)

    def values(self, number: int, context: StaticContext) -> Mapping[str, Any]:
        slug = context.params["slug"]
        if slug == "never":
            return {"slug": slug, "n": number}
        params = dict(context.params)
        return {"slug": slug, "n": number, "params": params, "preview": context.preview, "reason": context.reason}


class Segments(Sample):
    fallback = False

    def get_static_paths(self) -> Iterable[Mapping[str, str]]:
        return [{"slug": "a"}, {"slug": "a/b"}]

    def values(self, number: int, context: StaticContext) -> Mapping[str, Any]:
        return {"params": {"slug": context.params["slug"].split("/")}}


class Given(StaticPage):
    """What `get_static_props` may give, and what it may not."""

    template_name = "page.html"

    def get_static_props(self, context: StaticContext) -> Any:
        return GIVEN[context.params["kind"]]()


def circle() -> Any:
    values: dict[str, Any] = {}
    values["self"] = values
    return {"props": {"a": values}}


def not_found_with_props() -> Any:
    raise Http404("nf-props")


GIVEN: dict[str, Any] = {
    "null": lambda: None,
    "str": lambda: "x",
    "extra": lambda: Props({"props": {}}, foo=1, bar=2),  # type: ignore[call-arg]
    "noprops": lambda: {"a": 1},
    "props-date": lambda: {"props": {"d": datetime.fromtimestamp(0, timezone.utc)}},
    "props-nan": lambda: {"props": {"a": float("nan"), "b": float("inf")}},
    "props-circ": circle,
    "props-null": lambda: Props(None),  # type: ignore[arg-type]
    "rev-0": lambda: Props({"props": {}}, revalidate=0),
    "rev-null": lambda: Props({"props": {}}, revalidate=None),
    "rev-true": lambda: Props({"props": {}}, revalidate=True),
    "nf-props": not_found_with_props,
    "redir-nodest": HttpResponseRedirect,  # without where to
    "redir-noperm": lambda: redirect("/"),
    "redir-badstatus": lambda: HttpResponseRedirect("/", status=200),
    "redir-badbase": lambda: HttpResponseRedirect("/", base_path="x"),
    "redir-noboth": lambda: redirect(5),  # type: ignore[call-overload]
    "redir-301": lambda: HttpResponsePermanentRedirect("/"),
    "large": lambda: {"props": {"x": "y" * 140 * 1024}},
}


@static_page
def static(request: HttpRequest) -> HttpResponse:
    return render(request, "page.html", {"props": "static"})


@static_page
def draft(request: HttpRequest) -> HttpResponse:
    return render(request, "page.html", {"props": state_of(request)})


@static_page
def draft_as_json(request: HttpRequest) -> HttpResponse:
    return JsonResponse(state_of(request))


def state_of(request: HttpRequest) -> dict[str, Any]:
    context: StaticContext = request.static_context  # type: ignore[attr-defined]
    return {"d": context.draft, "n": next_number(request.path)}


@static_page
def cookie_reader(request: HttpRequest) -> HttpResponse:
    context: StaticContext = request.static_context  # type: ignore[attr-defined]
    values = {"d": context.draft, "data": request.COOKIES.get("data")}
    return render(request, "page.html", {"props": values})
