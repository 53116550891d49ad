"""What may not be asked of an endpoint in process, or in a test."""

from pagesapi import acall_route, call_route, load_route
from pagesapi.testing import ApiClient, assert_static, page_clock, route_tree

load_route(3)  # error: arg-type
call_route("hello", "POST")  # error: call-arg
call_route("hello", methd="POST")  # error: call-arg
call_route("hello", params=["id"])  # error: arg-type
call_route("hello").json()  # error: attr-defined

ApiClient("hello")  # error: arg-type
ApiClient()("hello").fetch()  # error: attr-defined
ApiClient()("hello").get().staus_code  # error: attr-defined
assert_static(3)  # error: arg-type
route_tree({"a.py": 3})  # error: dict-item

with page_clock() as clock:
    clock.advance("61")  # error: arg-type
    clock.forward(61)  # error: attr-defined


async def acalled() -> None:
    (await acall_route("hello", methd="POST")).status_code  # error: call-arg
    acall_route("hello").status_code  # error: attr-defined
