"""What a visitor of a front end elsewhere has to say."""

from dataclasses import asdict, dataclass

from django.http import HttpRequest

from api.feedback import feedback_as_json, save_feedback
from pagesapi import JsonResponse, RouteConfig

config = RouteConfig(body_limit="64kb")  # all else, `cors` too, as the folder says


@dataclass
class NewFeedback:
    email: str
    message: str


def POST(request: HttpRequest) -> JsonResponse:
    """The saved row, its address hidden."""
    new: NewFeedback = request.api.parse(NewFeedback)  # type: ignore[attr-defined]
    row = save_feedback(**asdict(new))
    return JsonResponse(feedback_as_json(row, with_address=False), status=201)
