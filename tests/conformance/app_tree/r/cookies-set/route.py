from tests.conformance.app_tree._text import text


async def GET(request):
    response = text("x")
    response.set_cookie("a", "1")
    return response
