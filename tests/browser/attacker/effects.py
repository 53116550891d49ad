"""What the endpoints of `tree` do: each leaves a row that tells for whom it ran."""

from __future__ import annotations

from django.http import HttpRequest

from project.blog.models import Feedback

NOBODY = "nobody"


def leave_row(request: HttpRequest) -> dict[str, str]:
    who = "victim" if request.user.is_authenticated else NOBODY
    Feedback.objects.create(email=f"{who}@example.com", message=request.GET["attempt"])
    return {"ran as": who}
