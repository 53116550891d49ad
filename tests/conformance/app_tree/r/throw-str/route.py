def GET(request):
    raise "str"  # noqa: B016 - the very mistake that the case is about
