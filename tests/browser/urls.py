"""The demo's patterns, with posts that are stale after a second, so that no test waits for a minute."""

from django.urls import path

from project.blog.views import PostPage
from project.urls import urlpatterns as demo

urlpatterns = [
    path("blog/<slug:slug>/", PostPage.as_view(revalidate=1), name="post"),
    *(pattern for pattern in demo if getattr(pattern, "name", None) != "post"),
]
