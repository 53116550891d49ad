from datetime import datetime, timezone


def handler(req, res):
    res.send(datetime.fromtimestamp(0, timezone.utc))
