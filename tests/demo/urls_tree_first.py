"""The demo's patterns with the tree before all others."""

from django.urls import include, path

from project.urls import urlpatterns as demo

urlpatterns = [path("", include("pagesapi.urls")), *demo]
