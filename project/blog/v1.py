"""The API that was here before the `api/` tree: ordinary views, ordinary patterns, trailing slashes."""

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.http import require_safe

from project.blog.models import Post


@require_safe
def index(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"version": 1, "posts": request.build_absolute_uri("posts/")})


@require_safe
def post_list(request: HttpRequest) -> JsonResponse:
    posts = Post.objects.filter(published=True).values("id", "title", "slug")
    return JsonResponse({"results": list(posts)})


@require_safe
def post_detail(request: HttpRequest, pk: int) -> JsonResponse:
    post = Post.objects.filter(published=True, pk=pk).values("id", "title", "slug", "body").first()
    if post is None:
        return JsonResponse({"error": "no such post"}, status=404)
    return JsonResponse(post)


urlpatterns = [
    path("", index),
    path("posts/", post_list),
    path("posts/<int:pk>/", post_detail),
]
