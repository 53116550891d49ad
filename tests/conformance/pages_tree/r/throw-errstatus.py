class TeapotError(Exception):
    statusCode = 418  # noqa: N815 - the name that JavaScript gives it


def handler(req, res):
    raise TeapotError("teapot")
