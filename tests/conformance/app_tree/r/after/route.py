import logging

from django.http import HttpResponse


class ResponseWithAfter(HttpResponse):
    """Django's way to act after the answer: the server calls `close()` when it is sent."""

    def close(self):
        super().close()
        logging.getLogger(__name__).info("AFTER RAN")


def GET(request):
    return ResponseWithAfter("x", content_type="text/plain; charset=utf-8")
