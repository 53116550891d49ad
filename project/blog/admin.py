from django.contrib import admin

from project.blog.models import Feedback, Post


@admin.register(Post)
class PostAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # at run time it takes none
    list_display = ["title", "published", "created"]
    list_filter = ["published"]
    prepopulated_fields = {"slug": ["title"]}
    search_fields = ["title", "body"]


@admin.register(Feedback)
class FeedbackAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["email", "message", "created"]
    readonly_fields = ["email", "message", "created"]
