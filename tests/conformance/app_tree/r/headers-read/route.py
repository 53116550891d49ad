from pagesapi import JsonResponse


async def GET(request):
    return JsonResponse({"ua": request.headers.get("X-Test")})
