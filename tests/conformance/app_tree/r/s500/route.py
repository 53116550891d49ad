from tests.conformance.app_tree._text import text


def GET(request):
    return text("err", status=500)
