from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import reverse

from api.preview.index import place_to_see
from pagesapi import Request, Response, RouteConfig

config = RouteConfig(methods=["GET", "POST"])


def handler(req: Request, res: Response) -> Response:
    """For everybody: the worst that a stranger's link can do here is to show what everybody sees."""
    try:
        url = place_to_see(req.GET.get("slug", ""), drafts=False)
    except (Http404, ValidationError):
        url = reverse("posts")  # a draft is nothing to see from here on
    return res.set_draft_mode(enable=False).redirect(303, url)
