from pagesapi import RouteConfig

config = RouteConfig(static=True)


def GET(request):
    return {"status": "fine"}
