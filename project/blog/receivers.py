"""A post that changed: the pages that show it are made anew for their next visitor.

Inside a transaction this happens on commit, so that no page is made of rows that are rolled back. What sends no
signal, as `QuerySet.update()`, is seen when the pages are older than their `revalidate`.
"""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from pagesapi.pages import revalidate, revalidate_tag
from project.blog.models import Post


@receiver([post_save, post_delete], sender=Post)
def renew_pages(instance: Post, **kwargs: Any) -> None:
    revalidate_tag("posts")  # every list: home, /blog/, the feed, the sitemap, /api/archive
    revalidate_tag(instance.tag)  # its page, at a former slug too
    revalidate(instance.get_absolute_url())  # and where there was a 404 until now
