from django.http import StreamingHttpResponse


def part_and_error():
    yield "part"
    raise RuntimeError("stream boom")


def GET(request):
    response = StreamingHttpResponse(part_and_error())
    del response["Content-Type"]
    return response
