"""An endpoint that is answered for each request: neither its answer nor its code is of the site."""


def GET(request):
    return {"secret": True}
