from tests.conformance.pages_tree._echo import echo


def handler(req, res):
    echo("ünï.py", req, res)
