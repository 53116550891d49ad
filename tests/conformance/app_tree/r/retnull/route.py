def GET(request):
    return None
