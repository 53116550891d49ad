from django.http import HttpResponseRedirect


def GET(request):
    return HttpResponseRedirect("https://example.com/x")
