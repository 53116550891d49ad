"""A user's tests, with pytest and with Django's own runner."""

from pathlib import Path

from django.test import SimpleTestCase
from people.models import Person

from pagesapi.testing import ApiClient, PageClock, assert_policy, assert_static, page_clock, page_store, route_tree


def prices_have_two_decimals(api: ApiClient, page_clock: PageClock, person: Person) -> None:
    answer = api("prices/[id]").get(id=3, query={"currency": "eur"}, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert answer.json() == {"id": "3", "price": "9.90"}
    api("prices/[id]").post(body={"price": "9.90"}, user=person, params={"id": 3})
    assert api("prices/[id]").url(id=3).startswith("/api/")
    page_clock.advance(61)
    assert_policy(Path("policy.json"))


class PriceTest(SimpleTestCase):
    @route_tree({"prices/[id].py": "def GET(request, id): return {'id': id}"}, TRAILING_SLASH="accept")
    def test_the_price_has_two_decimals(self) -> None:
        assert self.client.get("/api/prices/3").json() == {"id": "3"}

    @page_store()
    def test_the_imprint_is_static(self) -> None:
        with page_clock() as clock:
            clock.advance(61)
            assert assert_static("/imprint/", self.client).status_code == 200

    def test_a_tree_is_a_folder(self) -> None:
        with route_tree({"a.py": ""}) as folder:
            assert (folder / "a.py").exists()
