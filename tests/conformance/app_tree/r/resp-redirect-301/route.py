from django.http import HttpResponsePermanentRedirect


def GET(request):
    return HttpResponsePermanentRedirect("https://example.com/x")
