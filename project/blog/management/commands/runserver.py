"""`manage.py runserver` of the demo: says where to look, once it listens."""

from django.contrib.staticfiles.management.commands import runserver
from django.urls import reverse

PLACES: tuple[tuple[str, dict[str, str], str], ...] = (
    ("home", {}, "the first page: posts, every endpoint, and a form that saves"),
    ("posts", {}, "static pages: a list in several, and the posts"),
    ("pagesapi:index", {}, "what the files below api/ answer"),
    ("pagesapi:posts", {}, "api/posts/index.py"),
    ("pagesapi:posts/[id]", {"id": "1"}, "api/posts/[id].py"),
    ("pagesapi:docs/[...slug]", {"slug": "guides/first-steps"}, "api/docs/[...slug].py"),
    ("admin:index", {}, "after `manage.py createsuperuser`; then “Preview drafts” at the foot of a page"),
)


class Command(runserver.Command):
    def on_bind(self, server_port: int) -> None:
        super().on_bind(server_port)
        address: str = self.addr  # type: ignore[attr-defined]  # django-stubs does not know it
        host = "127.0.0.1" if address in {"0", "0.0.0.0"} else f"[{address}]" if ":" in address else address  # noqa: S104
        rows = [
            (f"{self.protocol}://{host}:{server_port}{reverse(name, kwargs=kwargs)}", about)
            for name, kwargs, about in PLACES
        ]
        width = max(len(url) for url, _ in rows)
        self.stdout.write("\nTo look at:")
        for url, about in rows:
            self.stdout.write(f"  {url:{width}}  {about}")
        self.stdout.write("How it is done: README.md, docs/first-steps.md\n")
