"""What may not be said of a response."""

from pagesapi import Request, Response


def handler(req: Request, res: Response) -> Response:
    res.staus(200)  # error: attr-defined
    res.status("200")  # error: arg-type
    res.status_code = "404"  # error: assignment
    res.status(200).jsn({})  # error: attr-defined
    res.setHeader("A", "b")  # error: attr-defined
    res.set_header("A", 1.5)  # error: arg-type
    res.set_header("A")  # error: call-arg
    res.get_header("A").lower()  # error: union-attr
    res.set_cookie("a", "b", max_age="1 day")  # error: arg-type
    res.set_cookie("a", "b", samesite="lax")  # error: arg-type
    res.set_cookie("a", "b", httpOnly=True)  # error: call-arg
    res.delete_cookie("a", max_age=0)  # error: call-arg
    res.redirect(303)  # error: call-overload
    res.redirect("/a", "/b")  # error: call-overload
    res.redirect(url="/a")  # error: call-overload
    res.stream(b"bytes")  # error: arg-type
    res.stream([1, 2])  # error: list-item, list-item
    res.sse(3)  # error: arg-type
    res.json()  # error: call-arg
    res.json({}, status=201)  # error: call-arg
    res.end({"a": 1})  # error: arg-type
    res.set_preview_data({}, max_age="1 day")  # error: arg-type
    res.set_preview_data({}, 3600)  # error: call-arg
    return res.revalidate()  # error: call-arg


async def ahandler(req: Request, res: Response) -> Response:
    res.arevalidate("/blog/").json({})  # error: attr-defined
    return res.arevalidate("/blog/")  # error: return-value
