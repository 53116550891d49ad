"""How a page's file is named in Vercel's folder: one name a URL, so that one rule of its routing finds them all.

No file stands under its own URL there: Vercel would serve `about/index.html` at `/about/`, at `/about` and under its
file name, and the live site has a redirect at the second and nothing at the third.
"""

from __future__ import annotations

PREFIX = "_pagesapi"  # of all that has a name of ours; what a visitor asks for below it goes to Django
SLASHED = f"{PREFIX}/slash"  # URLs that end with a slash, without it
PLAIN = f"{PREFIX}/plain"
SUFFIX = ".html"  # of all of them; where that says the wrong type, an override says another
SITE, PAGES = "site", "pages"  # functions: the whole project, and what makes a page anew
# An inner name that ends so would be a function to Vercel, or a page's file to us.
TAKEN = (".func", SUFFIX)
LONGEST_NAME = 255 - len(".prerender-fallback.xxxxxxxxxxxxxxxx")  # bytes, with all that is written beside it


def name_of(url: str) -> str:
    """
    >>> name_of("/"), name_of("/blog/"), name_of("/about")
    ('_pagesapi/slash.html', '_pagesapi/slash/blog.html', '_pagesapi/plain/about.html')
    """
    folder, path = (SLASHED, url[:-1]) if url.endswith("/") else (PLAIN, url)
    return f"{folder}{path}{SUFFIX}"


def url_of(path: str) -> str:
    """The page's URL for what a function was asked for: its name with a slash before it, or the URL itself.

    >>> url_of("/_pagesapi/slash/blog.html"), url_of("/blog/")
    ('/blog/', '/blog/')
    """
    for folder, end in ((SLASHED, "/"), (PLAIN, "")):
        if path.startswith((f"/{folder}/", f"/{folder}{SUFFIX}")) and path.endswith(SUFFIX):
            return path[len(folder) + 1 : -len(SUFFIX)] + end
    return path


def is_possible(name: str) -> bool:
    """Whether a file of that name can be written; if not, the page is the site function's."""
    *folders, last = name.split("/")
    return len(last.encode()) <= LONGEST_NAME and not any(part.endswith(TAKEN) for part in folders)
