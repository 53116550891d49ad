from django.urls import path

from tests.pages.site import views

urlpatterns = [
    path("", views.HomePage.as_view(), name="home"),
    path("about/", views.about, name="about"),
    path("headers/", views.headers, name="headers"),
    path("blog/<slug:slug>/", views.PostPage.as_view(), name="post"),
    path("async/<slug:slug>/", views.AsyncPostPage.as_view(), name="async-post"),
]
