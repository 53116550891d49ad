"""pagesapi's endpoints, in both styles: the files of two trees, by name with their source."""

from __future__ import annotations

HANDLER = {
    "hello.py": """
from benchmarks.peers.cases import MESSAGE

def handler(req, res):
    res.status(200).json({"message": MESSAGE})
""",
    "posts/[id=int].py": """
from benchmarks.peers.cases import TITLE

def handler(req, res):
    res.status(200).json({"id": req.query["id"], "title": TITLE})
""",
    "orders.py": """
from benchmarks.peers.structs import Order

def handler(req, res):
    res.status(200).json(req.parse(Order))
""",
    "posts/index.py": """
from benchmarks.peers.cases import posts

def handler(req, res):
    res.status(200).json(posts())
""",
}
METHODS = {
    "hello.py": """
from benchmarks.peers.cases import MESSAGE

def GET(request):
    return {"message": MESSAGE}
""",
    "posts/[id=int].py": """
from benchmarks.peers.cases import TITLE

def GET(request, id):
    return {"id": id, "title": TITLE}
""",
    "orders.py": """
from benchmarks.peers.structs import Order

def POST(request):
    return request.api.parse(Order)
""",
    "posts/index.py": """
from benchmarks.peers.cases import posts

def GET(request):
    return posts()
""",
}
