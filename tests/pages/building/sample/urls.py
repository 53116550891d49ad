from django.urls import include, path

from tests.pages.building.sample import views

urlpatterns = [
    path("", views.HomePage.as_view(), name="home"),
    path("posts/<int:number>/", views.PostPage.as_view(), name="post"),
    path("posts/", views.to_home, name="posts"),
    path("feed.xml", views.feed, name="feed"),
    path("drafts/", views.drafts, name="drafts"),
    path("long/<str:key>/", views.missing, name="long"),
    path("", include("pagesapi.urls")),
]
