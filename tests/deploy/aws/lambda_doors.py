"""AWS's front doors: five kinds of events for one question, and what each makes of a function's result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pagesapi.deploy.verify import events, results
from pagesapi.deploy.verify.answer import Answer
from pagesapi.deploy.verify.lambda_runtime import LambdaRuntime
from pagesapi.deploy.verify.question import Question

HOST = ("Host", "example.com")


@dataclass(frozen=True)
class Door:
    name: str
    event: Callable[[Question], dict[str, Any]]
    answer: results.Reading
    joins: bool = True  # whether it hands over every value of a header or of a query's key that is repeated

    def ask(
        self, runtime: LambdaRuntime, method: str, target: str, *headers: tuple[str, str], body: bytes = b""
    ) -> Answer:
        question = Question(method, target, (HOST, *headers), body)
        return self.answer(question, runtime.invoke(self.event(question)))


HTTP_API = Door("http-api", events.http_api_event, results.second_answer)
DOORS = (
    HTTP_API,
    Door("function-url", events.function_url_event, results.second_answer),
    Door("rest-api", events.rest_api_event, results.first_answer),
    Door("balancer", events.balancer_event, results.balancer_answer, joins=False),
    Door("multi-value-balancer", events.multi_value_balancer_event, results.multi_value_balancer_answer),
)
