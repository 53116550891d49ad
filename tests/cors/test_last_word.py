"""Where a handler speaks of CORS or of `Vary` itself: the policy is the last word."""

from __future__ import annotations

import pytest

from pagesapi.testing import route_tree
from tests.cors.telling import APP, EVIL, told, varies_by, with_cors
from tests.machinery.asking import Ask

OWN = """
    def handler(req, res):
        res.set_header("Access-Control-Allow-Origin", "*")
        res.set_header("access-control-allow-credentials", "true")
        res.set_header("Access-Control-Expose-Headers", "X-Secret")
        res.set_header("ACCESS-CONTROL-MAX-AGE", "1")
        res.json(1)
"""


@pytest.mark.parametrize("origin", [APP, EVIL, None])
@pytest.mark.parametrize("cors", [f"Cors(origins=['{APP}'])", "False", "Cors(origins=[])"])
def test_the_policy_is_the_last_word(ask: Ask, cors: str, origin: str | None) -> None:
    with route_tree({"_middleware.py": with_cors(cors), "own.py": OWN}):
        response = ask("/api/own", headers={} if origin is None else {"Origin": origin})
    assert told(response) == ({"allow-origin": APP} if origin == APP and APP in cors else {})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Cookie", ["cookie", "origin"]),
        ("Origin", ["origin"]),
        ("ORIGIN, Accept", ["accept", "origin"]),
        ("Accept-Language,Cookie", ["accept-language", "cookie", "origin"]),
        ("*", ["*"]),
        ("Accept, *", ["*"]),
    ],
)
def test_what_an_answer_varies_by_is_added_to(ask: Ask, value: str, expected: list[str]) -> None:
    source = f"def handler(req, res): res.set_header('Vary', '{value}').json(1)"
    with route_tree({"_middleware.py": with_cors(f"Cors(origins=['{APP}'])"), "a.py": source}):
        for headers in ({"Origin": APP}, {"Origin": EVIL}, {}):
            assert sorted(varies_by(ask("/api/a", headers=headers))) == expected
