from django.http import HttpRequest


def GET(request: HttpRequest, name: str) -> dict[str, str]:
    return {"name": name}
