from django.urls import reverse

from pagesapi import Request, Response


def list_endpoints() -> list[dict[str, str]]:
    """What there is to try, as the page and this endpoint show it."""
    return [
        {"url": reverse(f"pagesapi:{name}", kwargs=kwargs), "file": f"api/{file}", "about": about}
        for name, kwargs, file, about in [
            ("index", {}, "index.py", "this list"),
            ("hello", {}, "hello.py", "a message"),
            ("user", {}, "user.py", "who is signed in"),
            ("feedback", {}, "feedback.py", "a form, saved and read back"),
            ("[id]", {"id": "42"}, "[id].py", "a parameter in the path"),
            ("posts", {}, "posts/index.py", "GET the posts, POST a new one"),
            ("posts/[id]", {"id": "1"}, "posts/[id].py", "GET, PATCH, DELETE one post"),
            ("archive", {}, "archive/index.py", "built once and renewed: a static endpoint"),
            ("archive/[year=int]", {"year": "2026"}, "archive/[year=int].py", "the same, for each year"),
            ("docs/[...slug]", {"slug": "guides/first-steps"}, "docs/[...slug].py", "one or more segments"),
            (
                "shop/[[...slug]]",
                {"slug": "shoes/red"},
                "shop/[[...slug]].py",
                "any number of segments, or none",
            ),
            ("public/posts", {}, "public/posts.py", "what the pages of one other origin may read"),
        ]
    ]


def handler(req: Request, res: Response) -> None:
    res.status(200).json({"endpoints": list_endpoints()})
