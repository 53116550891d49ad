"""The folder that `deploy aws` wrote, as AWS would serve it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pagesapi.deploy.verify.answer import Answer
from pagesapi.deploy.verify.events import http_api_event
from pagesapi.deploy.verify.gateway import HttpApi
from pagesapi.deploy.verify.lambda_runtime import PAYLOAD_LIMIT, LambdaRuntime
from pagesapi.deploy.verify.question import Question
from pagesapi.deploy.verify.results import second_answer
from pagesapi.deploy.verify.template import read_template, transformed
from pagesapi.exceptions import DeployError

VARIABLES = "It has the variables of the template alone: --env names those that `sam deploy` is to ask for."
JSON = (("content-type", "application/json"),)
NOT_FOUND = Answer(404, JSON, b'{"message":"Not Found"}', "(none)")
TOO_LARGE = Answer(413, JSON, b'{"message":"Request Entity Too Large"}', "(none)")


class LambdaSite:
    """A `Site`: the template's HTTP API before its functions, each of which is started when it is first asked for.

    `dependencies`: a folder with what `requirements.txt` would install. `environment`: what the functions' variables
    are to be where the template leaves it to the deployment, such as `SECRET_KEY`.
    """

    def __init__(self, folder: Path, dependencies: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.dependencies = dependencies
        self.environment = environment
        self.api = HttpApi(transformed(read_template(folder / "template.yaml")))
        self.runtimes: dict[str, LambdaRuntime] = {}
        self.broken: dict[str, DeployError] = {}  # functions that do not start; they are not tried again

    def ask(self, question: Question) -> Answer:
        found = self.api.find(question)
        if found is None:
            return NOT_FOUND
        route, params = found
        event = http_api_event(question, route.key, params)
        if len(json.dumps(event)) > PAYLOAD_LIMIT:
            return TOO_LARGE
        result = self._invoke(route.function, event)
        return replace(second_answer(question, result), function=route.function)

    def _invoke(self, name: str, event: dict[str, object]) -> object:
        if name in self.broken:
            raise self.broken[name]
        runtime = self._runtime(name)
        try:
            return runtime.invoke(event, self.api.functions[name].timeout)
        except DeployError as error:
            if runtime.has_started:
                raise
            self.broken[name] = DeployError(f"{error}\n{VARIABLES}")
            raise self.broken[name] from error

    def close(self) -> None:
        while self.runtimes:
            self.runtimes.popitem()[1].close()

    def _runtime(self, name: str) -> LambdaRuntime:
        """One that has ended is replaced, as Lambda does."""
        runtime = self.runtimes.get(name)
        if runtime is not None and runtime.is_alive:
            return runtime
        if runtime is not None:
            runtime.close()
        function = self.api.functions[name]
        variables = {**self.environment, **function.variables}
        runtime = LambdaRuntime(
            self.folder / "function", function.handler, variables, self.dependencies, name=function.name
        )
        self.runtimes[name] = runtime
        return runtime
