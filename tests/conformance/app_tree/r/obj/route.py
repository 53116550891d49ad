def GET(request):
    return {"a": 1}
