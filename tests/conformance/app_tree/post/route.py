from tests.conformance.app_tree._text import text


def POST(request):
    return text("post-body")
