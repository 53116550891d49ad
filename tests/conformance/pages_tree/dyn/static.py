from tests.conformance.pages_tree._echo import echo


def handler(req, res):
    echo("dyn/static.py", req, res)
