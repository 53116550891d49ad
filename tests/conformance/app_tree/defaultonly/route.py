"""The nearest thing to `export default`: a function of a name that means nothing here."""

from tests.conformance.app_tree._text import text


def default(request):
    return text("x")
