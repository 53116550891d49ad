"""What is told of two answers to one question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pagesapi.deploy.verify.answer import Answer
from pagesapi.deploy.verify.comparison import Comparison, Row, table
from pagesapi.deploy.verify.question import Pairs, Question
from pagesapi.deploy.verify.questions import Inquiry
from pagesapi.exceptions import DeployError

GET = Inquiry(Question("GET", "/api/posts"))
TYPE = ("Content-Type", "text/plain")


@dataclass
class Answers:
    """A site that answers in turn; the last answer again and again."""

    answers: list[Answer]

    def ask(self, question: Question) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def close(self) -> None: ...


@dataclass
class Asked:
    """A site that answers what a function says."""

    answer: Callable[[Question], Answer]

    def ask(self, question: Question) -> Answer:
        return self.answer(question)

    def close(self) -> None: ...


def text(body: bytes = b"x", *headers: tuple[str, str], status: int = 200) -> Answer:
    return Answer(status, (TYPE, *headers), body, "site")


def row(live: list[Answer], site: Answer, inquiry: Inquiry = GET, moved: tuple[str, str] = ("", "")) -> Row:
    return Comparison(Answers(live), Answers([site]), moved).row(inquiry)


def test_the_same_is_the_same_whatever_the_order_and_case_of_the_headers() -> None:
    one = Answer(200, (("Content-Type", "a"), ("Set-Cookie", "a=1"), ("Vary", "Origin"), ("Set-Cookie", "b=2")), b"x")
    other = Answer(
        200, (("set-cookie", "a=1"), ("set-cookie", "b=2"), ("vary", "Origin"), ("content-type", "a")), b"x"
    )
    assert row([one], other).verdict == "same"


def test_what_a_server_says_of_itself_and_where_a_page_was_found_is_not_compared() -> None:
    live = text(b"x", ("Date", "now"), ("Server", "live"), ("Connection", "close"), ("X-Pagesapi-Cache", "MISS"))
    assert row([live], text(b"x", ("X-Pagesapi-Cache", "HIT"))).verdict == "same"


@pytest.mark.parametrize(
    ("site", "detail"),
    [
        (text(b"x", status=404), "status: 200 live, 404 here"),
        (text(b"y"), "body from byte 0: b'x' live, b'y' here"),
        (text(b"xy"), "body from byte 1: b'' live, b'y' here"),
        (text(b"x", ("ETag", '"1"')), 'etag: none live, "1" here'),
        (Answer(200, (), b"x"), "content-type: text/plain live, none here"),
        (text(b"x", ("A", "b" * 99)), f"a: none live, {'b' * 59}… here"),
        (text(b"x", ("Cache-Control", "s-maxage=60")), "cache-control: none live, s-maxage=60 here"),
    ],
)
def test_each_difference_is_told(site: Answer, detail: str) -> None:
    found = row([text()], site)
    assert (found.verdict, found.is_right, found.detail) == ("differs", False, detail)
    assert (found.live, found.site) == (200, site.status)
    assert list(Comparison(Answers([text()]), Answers([site])).rows([GET])) == [found]


def test_what_varies_by_itself_is_told_and_only_its_status_and_type_are_compared() -> None:
    times = [text(b"1", ("Set-Cookie", "csrf=1")), text(b"2", ("Set-Cookie", "csrf=2"))]
    found = row([*times], text(b"3", ("Set-Cookie", "csrf=3")))
    assert (found.verdict, found.is_right, found.detail) == ("varies", True, "body, set-cookie")
    assert row([*times], text(b"3", ("Set-Cookie", "csrf=3"), status=500)).verdict == "differs"
    assert row([*times], Answer(200, (("Content-Type", "a/b"),), b"3")).verdict == "differs"
    assert row([*times], text(b"3", ("Set-Cookie", "csrf=3"), ("ETag", "x"))).detail == "etag: none live, x here"
    # A status that varies is no excuse for another one.
    assert row([text(status=500), text()], text()).detail == "status: 500 live, 200 here"


def test_no_answer_at_all_is_told_with_its_reason() -> None:
    def fail(question: Question) -> Answer:
        raise DeployError("The function 'site' took longer than its 3 s.\nIts log ends: …")

    found = Comparison(Answers([text()]), Asked(fail)).row(GET)
    assert (found.verdict, found.is_right, found.live, found.site) == ("failed", False, 200, None)
    assert found.detail.startswith("The function 'site' took longer than its 3 s.")


def test_what_may_change_something_is_not_asked() -> None:
    def never(question: Question) -> Answer:
        raise AssertionError

    found = Comparison(Asked(never), Asked(never)).row(Inquiry(Question("POST", "/"), is_asked=False))
    assert (found.verdict, found.is_right) == ("not asked", True)


def with_etag(question: Question) -> Answer:
    known = '"1"' in question.values("If-None-Match")
    return text(b"" if known else b"x", ("ETag", '"1"'), status=304 if known else 200)


def test_a_page_is_asked_again_with_its_etag() -> None:
    inquiry = Inquiry(Question("GET", "/"), is_conditional=True)
    assert Comparison(Asked(with_etag), Asked(with_etag)).row(inquiry).site == 304
    found = Comparison(Asked(with_etag), Answers([text(b"x", ("ETag", '"1"'))])).row(inquiry)
    assert found.detail.startswith("body from byte 0")
    assert found.question.values("If-None-Match") == ['"1"']
    for without in (text(), text(b"x", ("ETag", '"1"'), status=404)):
        assert row([without], text(), inquiry).detail == "it has no ETag"


def test_a_static_file_that_the_application_leaves_to_its_server_is_compared_with_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_bytes(b"a {}")
    inquiry = Inquiry(Question("GET", "/static/a.css"), file=tmp_path / "a.css")
    missing, there = text(status=404), text(b"a {}", ("Last-Modified", "then"))
    assert row([missing], there, inquiry).verdict == "same"
    assert row([missing], text(b"b {}"), inquiry).detail == "body from byte 0: b'a {}' live, b'b {}' here"
    assert row([missing], missing, inquiry).verdict == "differs"
    assert row([there], text(b"a {}"), inquiry).verdict == "differs"  # the application serves it: all of it counts
    head = Inquiry(Question("HEAD", "/static/a.css"), file=tmp_path / "a.css")
    assert row([missing], text(b""), head).verdict == "same"


def test_a_folder_that_an_answer_names_stands_for_the_projects_own() -> None:
    moved = ("/dist/aws/function", "/project")
    live = [counted(b"in /project/api")]
    assert row(live, counted(b"in /dist/aws/function/api"), moved=moved).verdict == "same"
    assert row(live, counted(b"in /elsewhere/api"), moved=moved).verdict == "differs"


def counted(body: bytes) -> Answer:
    return text(body, ("Content-Length", str(len(body))))


def test_the_table_has_a_line_for_each_question() -> None:
    origin: Pairs = (("Origin", "https://a.example"), ("Access-Control-Request-Method", "GET"))
    rows = [
        Row(Question("GET", "/api/posts"), "same", "Site", 200, 200),
        Row(Question("OPTIONS", "/", origin), "differs", "Site", 204, 405, "status: 405 here\nmore"),
        Row(Question("POST", "/"), "not asked", detail="it may change something"),
    ]
    empty = Comparison(Answers([text()]), Answers([text()])).rows([])
    assert [line for line, _ in table(empty)] == ["QUESTION  FUNCTION  LIVE  HERE  VERDICT  WHAT DIFFERS"]
    lines = list(table(rows))
    assert [line for line, _ in lines] == [
        "QUESTION                                           FUNCTION  LIVE  HERE  VERDICT    WHAT DIFFERS",
        "GET /api/posts                                     Site      200   200   same",
        "OPTIONS / (Origin, Access-Control-Request-Method)  Site      204   405   differs    status: 405 here",
        "POST /                                                                   not asked  it may change something",
    ]
    assert [found for _, found in lines] == [None, *rows]
