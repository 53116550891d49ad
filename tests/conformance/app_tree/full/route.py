from tests.conformance.app_tree._text import text


def GET(request):
    return text("ok")


def POST(request):
    return text("ok")


def DELETE(request):
    return text("ok")
