from tests.conformance.pages_tree._echo import echo


def handler(req, res):
    echo("nested/index.py", req, res)
