from tests.conformance.app_tree._text import text


def QUERY(request):
    return text("q")


def GET(request):
    return text("g")
