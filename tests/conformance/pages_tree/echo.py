from tests.conformance.pages_tree._echo import echo


def handler(req, res):
    echo("echo.py", req, res)
