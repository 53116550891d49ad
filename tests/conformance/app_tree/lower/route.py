from tests.conformance.app_tree._text import text


def get(request):
    return text("x")
