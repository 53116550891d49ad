from django.http import HttpResponseRedirect


def GET(request):
    return HttpResponseRedirect("/x")
