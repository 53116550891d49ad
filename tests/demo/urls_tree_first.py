"""The demo's patterns in the other order."""

from django.urls import include, path

urlpatterns = [
    path("", include("pagesapi.urls")),
    path("api/v1/", include("project.blog.v1")),
]
