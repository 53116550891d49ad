from datetime import datetime, timezone
from typing import Any

from django.db import migrations

POSTS = [
    {
        "title": "A file is an endpoint",
        "slug": "a-file-is-an-endpoint",
        "body": "Put hello.py into the folder api/ and /api/hello answers. There is no list of URLs to keep: "
        "the folder is the list.",
    },
    {
        "title": "Brackets are parameters",
        "slug": "brackets-are-parameters",
        "body": "posts/[id].py answers /api/posts/1, docs/[...slug].py any depth below /api/docs, and "
        "shop/[[...slug]].py that and /api/shop itself.",
    },
    {
        "title": "Pages import, they do not fetch",
        "slug": "pages-import-they-do-not-fetch",
        "body": "This list comes from list_posts(), a function of api/posts/index.py. The page imports it, "
        "as any Python code would; no request to its own server is made.",
    },
]


def add_posts(apps: Any, schema_editor: Any) -> None:
    Post = apps.get_model("blog", "Post")
    for day, post in enumerate(POSTS, start=1):
        row = Post.objects.create(**post)
        # `auto_now_add` sets the moment of the migration; three different days make an order to look at.
        row.created = datetime(2026, 1, day, 9, tzinfo=timezone.utc)
        row.save(update_fields=["created"])


def remove_posts(apps: Any, schema_editor: Any) -> None:
    apps.get_model("blog", "Post").objects.filter(slug__in=[post["slug"] for post in POSTS]).delete()


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]
    operations = [migrations.RunPython(add_posts, remove_posts)]
