from django.core.exceptions import PermissionDenied


def GET(request):
    raise PermissionDenied
