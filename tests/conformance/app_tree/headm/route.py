from tests.conformance.app_tree._text import text


def HEAD(request):
    return text(headers={"X-Head": "1"})


def GET(request):
    return text("x")
