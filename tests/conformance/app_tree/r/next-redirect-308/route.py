from tests.conformance.app_tree._text import text


def GET(request):
    return text(status=308, headers={"Location": request.build_absolute_uri("/dest")})
