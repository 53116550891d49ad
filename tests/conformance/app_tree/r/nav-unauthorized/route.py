from pagesapi import HTTPError


def GET(request):
    raise HTTPError(401)
