def handler(req, res):
    """Neither answers nor returns."""
