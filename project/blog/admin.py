from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from project.blog.models import Feedback, Post


@admin.register(Post)
class PostAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # at run time it takes none
    list_display = ["title", "published", "created"]
    list_filter = ["published"]
    prepopulated_fields = {"slug": ["title"]}
    search_fields = ["title", "body"]
    actions = ["publish"]

    def view_on_site(self, post: Post) -> str:
        """In preview, where a draft is seen too. The template below templates/admin/ calls the link so."""
        return reverse("pagesapi:preview", query={"slug": post.slug})

    @admin.action(description="Publish selected posts, their drafts as their texts", permissions=["change"])
    def publish(self, request: HttpRequest, posts: "QuerySet[Post]") -> None:
        for post in posts:  # one by one: `update()` would send no signal, and so renew no page
            post.publish()


@admin.register(Feedback)
class FeedbackAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["email", "message", "created"]
    readonly_fields = ["email", "message", "created"]
