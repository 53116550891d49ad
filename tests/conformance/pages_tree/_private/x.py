from tests.conformance.pages_tree._echo import echo


def handler(req, res):
    echo("_private/x.py", req, res)
