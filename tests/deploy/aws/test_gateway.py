"""API Gateway's HTTP API: which function answers, and what becomes of its answer."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from pagesapi.deploy.verify.answer import Answer
from pagesapi.deploy.verify.gateway import HttpApi
from pagesapi.deploy.verify.lambda_site import LambdaSite
from pagesapi.deploy.verify.question import Question
from pagesapi.deploy.verify.results import (
    balancer_answer,
    first_answer,
    multi_value_balancer_answer,
    second_answer,
)
from pagesapi.deploy.verify.template import read_template, transformed
from pagesapi.exceptions import DeployError

GET = Question("GET", "/")
HEAD = """
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Given: {Type: String, NoEcho: true}
  Chosen: {Type: String, Default: by default}
Globals:
  Function: {Runtime: python3.13, Handler: pagesapi_function.handler, CodeUri: function/, Timeout: 29}
Resources:
  Api: {Type: AWS::Serverless::HttpApi}
"""
EVENT = "{{Type: HttpApi, Properties: {{ApiId: {{Ref: Api}}{}}}}}"


def template(tmp_path: Path, functions: dict[str, list[str]], more: str = "") -> Path:
    """A SAM template: functions with their routes, "GET /api/posts" or "$default"."""
    text = HEAD
    for name, routes in functions.items():
        text += f"  {name}:\n    Type: AWS::Serverless::Function\n    Properties:\n{more}      Events:\n"
        for number, route in enumerate(routes):
            method, _, path = route.partition(" ")
            place = "" if method == "$default" else f", Path: '{path}', Method: {method}"
            text += f"        Event{number}: {EVENT.format(place)}\n"
    (tmp_path / "template.yaml").write_text(text)
    return tmp_path / "template.yaml"


@pytest.fixture
def api(tmp_path: Path) -> HttpApi:
    functions = {
        "Site": ["$default"],
        "Index": ["ANY /api"],
        "Posts": ["GET /api/posts", "POST /api/posts", "GET /api/posts/{p3}"],
        "New": ["ANY /api/posts/new", "PUT /api/posts/new"],
        "Docs": ["GET /api/docs/{proxy+}", "ANY /api/docs/a/{p4}"],
        "Any": ["ANY /api/{p2}"],
    }
    return HttpApi(transformed(read_template(template(tmp_path, functions))))


@pytest.mark.parametrize(
    ("method", "target", "key", "params"),
    [
        ("GET", "/", "$default", {}),
        ("GET", "/about/", "$default", {}),
        ("GET", "/api", "ANY /api", {}),
        ("DELETE", "/api/", "ANY /api", {}),
        ("GET", "/api/posts?page=2", "GET /api/posts", {}),
        ("GET", "/api/posts/", "GET /api/posts", {}),
        ("POST", "/api/posts", "POST /api/posts", {}),
        # Of a method that the route has not, a less specific route takes it, if one has it.
        ("DELETE", "/api/posts", "ANY /api/{p2}", {"p2": "posts"}),
        ("GET", "/api/posts/3", "GET /api/posts/{p3}", {"p3": "3"}),
        ("GET", "/api/posts/a%20b", "GET /api/posts/{p3}", {"p3": "a b"}),
        ("DELETE", "/api/posts/3", "$default", {}),
        ("GET", "/api/posts/new", "ANY /api/posts/new", {}),
        ("PUT", "/api/posts/new", "PUT /api/posts/new", {}),
        ("GET", "/api/docs", "ANY /api/{p2}", {"p2": "docs"}),
        ("GET", "/api/docs/a", "GET /api/docs/{proxy+}", {"proxy": "a"}),
        ("GET", "/api/docs/b/c/d", "GET /api/docs/{proxy+}", {"proxy": "b/c/d"}),
        ("GET", "/api/docs/a/c", "ANY /api/docs/a/{p4}", {"p4": "c"}),
        ("GET", "/api/posts/3/4", "$default", {}),
    ],
)
def test_the_most_specific_route_answers(
    api: HttpApi, method: str, target: str, key: str, params: dict[str, str]
) -> None:
    found = api.find(Question(method, target))
    assert found is not None
    assert (found[0].key, found[1]) == (key, params)


def test_without_a_default_route_the_gateway_itself_answers(tmp_path: Path) -> None:
    template(tmp_path, {"Posts": ["GET /api/posts"]})
    site = LambdaSite(tmp_path, tmp_path, {})
    answer = site.ask(Question("GET", "/"))
    assert (answer.status, answer.body) == (404, b'{"message":"Not Found"}')
    assert site.ask(Question("POST", "/api/posts")).status == 404
    site.close()


def test_a_body_larger_than_lambda_takes_is_413_by_the_gateway(tmp_path: Path) -> None:
    template(tmp_path, {"Posts": ["$default"]})
    site = LambdaSite(tmp_path, tmp_path, {})
    answer = site.ask(Question("POST", "/", (("Content-Type", "text/plain"),), b"x" * 6_291_556))
    assert (answer.status, answer.body) == (413, b'{"message":"Request Entity Too Large"}')
    assert not site.runtimes
    site.close()


def test_each_function_is_a_process_with_variables_and_a_time_of_its_own(tmp_path: Path) -> None:
    more = """\
      Timeout: 1
      Environment:
        Variables:
          {PLAIN: "1", NUMBER: 2, SECRET: {Ref: Given}, WITH_DEFAULT: {Ref: Chosen}, ARN: {"Fn::GetAtt": [Api, Arn]}}
"""
    template(tmp_path, {"Site": ["$default"], "Posts": ["GET /api/posts"]}, more)
    (tmp_path / "function").mkdir()
    (tmp_path / "function" / "pagesapi_function.py").write_text(
        dedent("""
            import json, os, threading

            def handler(event, context):
                if event["rawPath"] == "/end":
                    os._exit(1)
                if event["rawPath"] == "/wait":
                    threading.Event().wait()
                names = ("PLAIN", "NUMBER", "SECRET", "WITH_DEFAULT", "ARN", "AWS_LAMBDA_FUNCTION_NAME")
                values = [os.environ.get(name) for name in names]
                return {"statusCode": 200, "body": json.dumps([*values, os.getpid()])}
        """)
    )
    site = LambdaSite(tmp_path, tmp_path, {"SECRET": "given here", "PLAIN": "not this"})
    try:
        answers = [site.ask(Question("GET", path)) for path in ("/", "/api/posts", "/x")]
        values = [eval(answer.body.replace(b"null", b"None")) for answer in answers]  # noqa: S307
        assert values[0][:6] == ["1", "2", "given here", "by default", None, "Site"]
        assert values[1][5] == "Posts"
        assert values[0][6] == values[2][6] != values[1][6]
        assert [answer.function for answer in answers] == ["Site", "Posts", "Site"]
        with pytest.raises(DeployError, match="ended with exit status 1"):
            site.ask(Question("GET", "/end"))
        with pytest.raises(DeployError, match="took longer than its 1 s"):
            site.ask(Question("GET", "/wait"))
        assert site.ask(Question("GET", "/")).status == 200  # by another process
    finally:
        site.close()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Resources": {}}, "0 HTTP APIs"),
        ({"Resources": {"Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {}}}}, "one, with its routes in it"),
    ],
)
def test_a_template_without_an_api_is_told(change: dict[str, Any], message: str) -> None:
    with pytest.raises(DeployError, match=message):
        HttpApi(change)


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("https://elsewhere.example", "names no function"),
        ({"Fn::Sub": "arn:functions/${Nobody.Arn}/invocations"}, "'GET /x' names 'Nobody', which is no function"),
    ],
)
def test_a_route_to_no_function_is_told(uri: object, message: str) -> None:
    operation = {"x-amazon-apigateway-integration": {"uri": uri}}
    body = {"paths": {"/x": {"get": operation, "parameters": [], "x-amazon-apigateway-cors": {}}}}
    document = {"Resources": {"Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": body}}}}
    with pytest.raises(DeployError, match=message):
        HttpApi(document)


# What becomes of a function's result


@pytest.mark.parametrize("result", ["text", {"a": 1}, [1], 5, None])
def test_a_result_without_a_status_is_the_body_of_format_2(result: object) -> None:
    answer = second_answer(GET, result)
    assert (answer.status, answer.headers) == (200, (("content-type", "application/json"),))
    assert answer.body.decode() == (
        "text" if result == "text" else str(result).replace("'", '"').replace("None", "null")
    )


def test_headers_and_cookies_of_each_format() -> None:
    result = {"statusCode": 200, "headers": {"A": "1", "B": 2, "C": True}, "cookies": ["d=1", "e=2"], "body": "x"}
    assert second_answer(GET, result).headers == (
        ("A", "1"),
        ("B", "2"),
        ("C", "true"),
        ("set-cookie", "d=1"),
        ("set-cookie", "e=2"),
    )
    both = {"statusCode": 200, "headers": {"a": "1", "B": "2"}, "multiValueHeaders": {"A": ["3", "4"]}}
    assert first_answer(GET, both).headers == (("B", "2"), ("A", "3"), ("A", "4"))
    assert balancer_answer(GET, both).headers == (("a", "1"), ("B", "2"))
    assert multi_value_balancer_answer(GET, both).headers == (("A", "3"), ("A", "4"))


@pytest.mark.parametrize(
    ("result", "problem"),
    [
        ({"statusCode": "200"}, "its status is '200'"),
        ({"statusCode": 20}, "its status is 20"),
        ({"statusCode": 200, "headers": []}, None),
        ({"statusCode": 200, "headers": ["a"]}, "its headers are"),
        ({"statusCode": 200, "headers": {"a": None}}, "its header a is None"),
        ({"statusCode": 200, "headers": {"a": "b\r\nc: d"}}, "its header a has a line break"),
        ({"statusCode": 200, "cookies": "a=b"}, "its cookies are"),
        ({"statusCode": 200, "cookies": [1]}, "its cookies are"),
        ({"statusCode": 200, "body": {"a": 1}}, "its body is dict, not text"),
        ({"statusCode": 200, "body": "?", "isBase64Encoded": True}, "its body is not base64"),
    ],
)
def test_a_result_that_the_platform_refuses_is_told(result: object, problem: str | None) -> None:
    if problem is None:
        assert second_answer(GET, result) == Answer(200, (), b"")
        return
    with pytest.raises(DeployError, match=rf"The platform answers 502 in the function's place: {problem}"):
        second_answer(GET, result)


def test_a_result_of_the_first_format_has_a_status_and_lists() -> None:
    for reading in (first_answer, balancer_answer, multi_value_balancer_answer):
        with pytest.raises(DeployError, match="its result is no answer, but 'text'"):
            reading(GET, "text")
    with pytest.raises(DeployError, match="its multiValueHeaders are"):
        first_answer(GET, {"statusCode": 200, "multiValueHeaders": {"a": "b"}})
