from tests.conformance.app_tree._text import text

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type, Authorization",
}


def GET(request):
    return text("x")


def OPTIONS(request):
    return text(status=204, headers=CORS)
