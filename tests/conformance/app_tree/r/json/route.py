from pagesapi import JsonResponse


def GET(request):
    return JsonResponse({"a": 1})
