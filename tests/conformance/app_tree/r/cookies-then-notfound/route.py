from django.http import Http404

from tests.conformance.app_tree._text import text


async def GET(request):
    response = text("x")
    response.set_cookie("a", "1")
    raise Http404
