"""The staff enter preview here, and see drafts on every page until they leave, or for an hour.

Entering changes what a browser shows, so no other site may bring it about. A link on this site enters at once: the
browser says where a link stood. From elsewhere a page with a button comes first, and the POST of that has to pass the
check of its origin that every endpoint makes. Where it leads is a post's slug and no URL, so nobody can make a link
that leads from here to a site of theirs.
"""

from django.contrib.auth.views import redirect_to_login
from django.core.validators import validate_slug
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from api.posts.index import find_post
from pagesapi import Request, Response, RouteConfig

HOUR = 60 * 60  # short, since the cookie does not know of a log-out

config = RouteConfig(methods=["GET", "POST"])


def handler(req: Request, res: Response) -> Response | HttpResponse:
    if not req.user.is_staff:
        return redirect_to_login(req.url, reverse("admin:login"))
    url = place_to_see(req.GET.get("slug", ""), drafts=True)
    if req.method == "POST" or is_own_link(req):
        return res.set_draft_mode(max_age=HOUR).redirect(303, url)
    return render(req.django, "blog/preview.html", {"url": url})


def place_to_see(slug: str, *, drafts: bool) -> str:
    """The post, or the list of posts without a slug; `ValidationError` for what is none, `Http404` for no post."""
    if not slug:
        return reverse("posts")
    validate_slug(slug)
    return find_post(slug, drafts=drafts).get_absolute_url()


def is_own_link(req: Request) -> bool:
    """Whether the browser says that the link stood on this site, or that its address was typed."""
    return req.headers.get("Sec-Fetch-Site") in {"same-origin", "none"}
