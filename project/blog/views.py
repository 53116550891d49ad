from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from api.index import list_endpoints
from api.posts.index import list_posts


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Made on every request. It calls what the endpoints call, never the site's own URLs."""
    return render(request, "blog/home.html", {"posts": list_posts(), "endpoints": list_endpoints()})
