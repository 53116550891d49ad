"""A project that is nothing but the tree."""

from django.urls import include, path

urlpatterns = [path("", include("pagesapi.urls"))]
