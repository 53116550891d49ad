from django.http import StreamingHttpResponse


def GET(request):
    return StreamingHttpResponse((f"chunk{number}\n" for number in range(3)), content_type="text/plain")
