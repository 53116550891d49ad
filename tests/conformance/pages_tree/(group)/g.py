from tests.conformance.pages_tree._echo import echo


def handler(req, res):
    echo("(group)/g.py", req, res)
