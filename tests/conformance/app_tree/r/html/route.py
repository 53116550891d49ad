from django.http import HttpResponse


def GET(request):
    return HttpResponse("<p>x</p>", content_type="text/html")
