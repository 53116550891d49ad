from django.contrib import admin
from django.urls import include, path

from project.blog import views

urlpatterns = [
    path("", views.home, name="home"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("project.blog.v1")),  # written by hand, long before the tree; untouched by it
    path("", include("pagesapi.urls")),
]
