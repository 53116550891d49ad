"""Method functions: Django's request, and the parameters of the path."""

from asked import MethodRequest, PersonRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from people.models import Person, Post
from typing_extensions import TypedDict, assert_type

from pagesapi import JsonResponse, Request
from pagesapi.guards import require_permission, require_user


class PostJSON(TypedDict):
    slug: str
    title: str


async def GET(request: HttpRequest, id: str) -> PostJSON:
    return as_json(await found(id))


@require_user
def PATCH(request: PersonRequest, id: str) -> JsonResponse:
    assert_type(request.user, Person)
    assert_type(request.api, Request)
    change = request.api.parse(PostJSON)
    return JsonResponse({"by": request.user.nickname, **change}, status=202, headers={"X-By": "a"})


@csrf_exempt
@require_permission("people.delete_post")
async def DELETE(request: MethodRequest, id: str) -> HttpResponse:
    await (await found(id)).adelete()
    return HttpResponse(status=204)


async def found(id: str) -> Post:
    post = await Post.objects.filter(slug=id).afirst()
    if post is None:
        raise Http404(id)
    return post


def as_json(post: Post) -> PostJSON:
    return {"slug": post.slug, "title": post.title}
