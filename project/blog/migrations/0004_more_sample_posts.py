from datetime import datetime, timezone
from typing import Any

from django.db import migrations

POSTS: list[dict[str, Any]] = [
    {
        "title": "A page is made before anybody asks",
        "slug": "a-page-is-made-before-anybody-asks",
        "body": "manage.py prerender walks the URLconf, asks every page which paths it has, and writes the answers "
        "into the folder out/. Any web server can hand them out, and this Django hands out the same bytes.\n\n"
        "A page that knows nothing of its visitor can be made for all of them at once. So it is rendered without "
        "one: no cookies, no session, no query. What would make it somebody's own page is refused, with a message "
        "that says what to do instead.",
    },
    {
        "title": "Old for a moment, never for long",
        "slug": "old-for-a-moment-never-for-long",
        "body": "This page lives for 60 seconds. Whoever comes later gets it all the same, at once, and meanwhile it "
        "is made anew; the next visitor sees the new one. However many ask in that moment, it is made once.\n\n"
        "If that fails, because the database is away or a template is broken, the good copy stays.",
    },
    {
        "title": "Saved, and the page is new",
        "slug": "saved-and-the-page-is-new",
        "body": "Sixty seconds are long for somebody who has just corrected a typing error. A receiver of post_save, "
        "in project/blog/receivers.py, says which pages show a post, and their next visitor gets them new.\n\n"
        "It takes effect when the transaction is committed: no page is made of rows that are rolled back.",
    },
    {
        "title": "Look before you publish",
        "slug": "look-before-you-publish",
        "body": "An editor in preview sees every page as it would be: posts that are not published, and the next "
        "text of those that are. Everybody else goes on seeing what is stored.\n\n"
        "Sign in to the admin, follow “Preview drafts” at the foot of any page, and come back here.",
        "draft": "You are in preview: this is the draft of this post, and the published text says something else.\n\n"
        "In the admin, “Publish selected posts” puts this text in the place of that one.",
    },
    {
        "title": "A post that is not finished",
        "slug": "a-post-that-is-not-finished",
        "body": "You see this because you are in preview. To everybody else this page is a 404, and no list has it.",
        "published": False,
    },
]
FIRST_DAY = 4  # of January: the posts of 0002 have the days before


def add_posts(apps: Any, schema_editor: Any) -> None:
    Post = apps.get_model("blog", "Post")
    for day, post in enumerate(POSTS, start=FIRST_DAY):
        row, is_new = Post.objects.get_or_create(slug=post["slug"], defaults=post)
        if is_new:
            row.created = datetime(2026, 1, day, 9, tzinfo=timezone.utc)
            row.save(update_fields=["created"])


def remove_posts(apps: Any, schema_editor: Any) -> None:
    apps.get_model("blog", "Post").objects.filter(slug__in=[post["slug"] for post in POSTS]).delete()


class Migration(migrations.Migration):
    dependencies = [("blog", "0003_post_draft")]
    operations = [migrations.RunPython(add_posts, remove_posts)]
