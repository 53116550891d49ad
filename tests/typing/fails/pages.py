"""What no static page takes or gives."""

from django.http import HttpRequest, HttpResponse

from pagesapi.pages import StaticPge  # error: attr-defined
from pagesapi.pages import Props, StaticContext, StaticPage, prerender, render_page, revalidate_tag, static_page
from pagesapi.preview import enable, preview_of


class PostPage(StaticPage):
    template_name = 3  # error: assignment
    revalidate = "60"  # error: assignment
    fallback = "block"  # error: assignment
    tags = 3  # error: assignment

    def get_static_props(self) -> dict[str, str]:  # error: override
        return {}

    def get_static_paths(self) -> list[str]:  # error: override
        return ["hello"]


class ListPage(StaticPage):
    async def get_static_props(self, context: StaticContext) -> list[str]:  # error: override
        context.parms  # error: attr-defined
        context.preview = True  # error: misc
        if context.reason == "fresh":  # error: comparison-overlap
            return []
        return Props(["a"])  # error: arg-type, return-value


@static_page  # error: type-var
def about(request: HttpRequest) -> dict[str, str]:
    return {}


@static_page
async def archive(request: HttpRequest, year: int) -> HttpResponse:
    return HttpResponse(year)


@static_page(paths=lambda: ["2026"])  # error: list-item
def years(request: HttpRequest, year: int) -> HttpResponse:
    return HttpResponse(year)


async def shown(request: HttpRequest) -> None:
    archive(request, "2026")  # error: arg-type
    await archive(request, 2026)  # error: misc
    static_page(revalidate="60")  # error: call-overload
    static_page(revalidat=60)  # error: call-overload
    static_page(paths=[{"year": 2026}])  # error: call-overload
    Props({}, revalidate="60")  # error: arg-type
    render_page("/").text  # error: attr-defined
    revalidate_tag(["posts"])  # error: arg-type
    prerender(worker=2)  # error: call-arg
    prerender(only="/blog/*").page  # error: attr-defined
    enable("/blog/")  # error: type-var
    enable(HttpResponse(), maxage=60)  # error: call-arg
    preview_of(request).data  # error: union-attr
