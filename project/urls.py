from django.contrib import admin
from django.contrib.staticfiles.views import serve
from django.urls import include, path

from project.blog import feeds, views

urlpatterns = [
    path("", views.HomePage.as_view(), name="home"),
    path("blog/", views.PostsPage.as_view(), name="posts"),
    path("blog/page/<int:number>/", views.FurtherPostsPage.as_view(), name="posts-page"),
    path("blog/<slug:slug>/", views.PostPage.as_view(), name="post"),
    path("about/", views.about, name="about"),
    path("feed.xml", feeds.feed, name="feed"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("thanks/", views.thanks, name="thanks"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("project.blog.v1")),  # written by hand, long before the tree; untouched by it
    path("", include("pagesapi.urls")),
    # So that the demo has its stylesheet with DEBUG=0 too, when no other server stands before it. A real site leaves
    # this to its web server, a CDN or whitenoise.
    path("static/<path:path>", serve, {"insecure": True}),
]
