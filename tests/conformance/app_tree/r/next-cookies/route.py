from pagesapi import JsonResponse


def GET(request):
    response = JsonResponse({})
    response.set_cookie("a", "1")
    response.set_cookie("b", "2", max_age=5)
    response.delete_cookie("c")
    return response
