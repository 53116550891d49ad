from pagesapi import JsonResponse


def GET(request):
    return JsonResponse({"a": 1}, headers={"Content-Type": "application/vnd.api+json"})
