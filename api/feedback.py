from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pagesapi import Request, Response, RouteConfig
from project.blog.models import Feedback

config = RouteConfig(methods=["GET", "POST"], body_limit="64kb")


def save_feedback(email: str, message: str) -> Feedback:
    """The saved row; ValidationError with the names of the fields that are wrong."""
    feedback = Feedback(email=email, message=message)
    feedback.full_clean()
    feedback.save()
    return feedback


def list_feedback(*, with_addresses: bool) -> list[dict[str, Any]]:
    """The newest 20. An address is nobody's business but the staff's."""
    return [feedback_as_json(row, with_address=with_addresses) for row in Feedback.objects.all()[:20]]


def feedback_as_json(row: Feedback, *, with_address: bool) -> dict[str, Any]:
    email = row.email if with_address else f"{row.email[:1]}…@{row.email.rpartition('@')[2]}"
    return {"id": row.pk, "email": email, "message": row.message, "created": row.created}


def handler(req: Request, res: Response) -> Response | HttpResponse:
    if req.method != "POST":
        rows = list_feedback(with_addresses=req.user.is_staff)
        return res.status(200).json({"count": Feedback.objects.count(), "feedback": rows})
    fields = text_fields(req.body)
    by_form = comes_from_a_page(req)
    try:
        row = save_feedback(**fields)
    except ValidationError as error:
        if not by_form:
            raise  # 400, with each field and what is wrong with it
        return render(req.django, "blog/feedback.html", {"fields": fields, "errors": error.message_dict}, status=400)
    if by_form:
        messages.success(req.django, f"Your feedback is saved as number {row.pk}.")
        return see_thanks()
    return res.status(201).json({"message": "Success!", "feedback": feedback_as_json(row, with_address=True)})


def text_fields(body: Any) -> dict[str, str]:
    """The two fields of a form or a JSON object; what is missing or no text counts as empty."""
    given = body if isinstance(body, dict) else {}
    return {name: value if isinstance(value := given.get(name), str) else "" for name in ("email", "message")}


def comes_from_a_page(req: Request) -> bool:
    """A browser that submits a form without JavaScript asks for HTML; everyone else gets JSON."""
    return req.django.get_preferred_type(["application/json", "text/html"]) == "text/html"


def see_thanks() -> HttpResponse:
    response = redirect("thanks")
    response.status_code = 303  # the browser follows with GET, so that a reload sends nothing twice
    return response
