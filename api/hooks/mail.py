"""Mail that was sent to the blog: its provider calls this for each, and it becomes feedback."""

from typing import Any

from django.http import HttpRequest

from api.feedback import save_feedback, text_fields
from pagesapi import JsonResponse


def POST(request: HttpRequest) -> JsonResponse:
    """`{"email": sender, "message": text}`, as JSON or as a form; a provider that gets no 2xx sends it again."""
    body: Any = request.api.body  # type: ignore[attr-defined]
    row = save_feedback(**text_fields(body))
    return JsonResponse({"saved": row.pk}, status=201)
