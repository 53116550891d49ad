"""Real servers, each started when a test first asks for it and stopped after the last test."""

from collections.abc import Generator, Iterator

import pytest

from tests.servers.gate import Gate
from tests.servers.kinds import EVERY_KIND, parameters
from tests.servers.running import Kind, Server


@pytest.fixture(scope="session")
def started() -> Iterator[dict[Kind, Server | Exception]]:
    """Every server that a test has asked for, or why it did not start: neither is tried twice."""
    servers: dict[Kind, Server | Exception] = {}
    yield servers
    for server in servers.values():
        if isinstance(server, Server):
            server.stop()


@pytest.fixture(params=parameters(*EVERY_KIND))
def server(request: pytest.FixtureRequest, started: dict[Kind, Server | Exception]) -> Server:
    kind: Kind = request.param
    if kind not in started:
        try:
            started[kind] = Server(kind)
        except Exception as error:  # noqa: BLE001 - raised for this test and all others that need the server
            started[kind] = error
    server = started[kind]
    if isinstance(server, Exception):
        raise server
    server.forget_output()
    return server


@pytest.fixture
def gate() -> Iterator[Gate]:
    with Gate() as gate:
        yield gate


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    server = getattr(item, "funcargs", {}).get("server")
    if report.failed and isinstance(server, Server):
        report.sections.append((f"Output of {server.kind.name}", server.output_so_far()))
    return report
