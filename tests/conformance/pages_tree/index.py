from tests.conformance.pages_tree._echo import echo


def handler(req, res):
    echo("index.py", req, res)
