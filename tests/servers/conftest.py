"""Real servers, each started when a test first asks for it and stopped after the last test."""

from collections.abc import Generator, Iterator

import pytest

from tests.servers.gate import Gate
from tests.servers.kinds import EVERY_KIND, parameters
from tests.servers.running import Kind, Server


@pytest.fixture(scope="session")
def running_servers() -> Iterator[dict[Kind, Server]]:
    servers: dict[Kind, Server] = {}
    yield servers
    for server in servers.values():
        server.stop()


@pytest.fixture(params=parameters(*EVERY_KIND))
def server(request: pytest.FixtureRequest, running_servers: dict[Kind, Server]) -> Server:
    kind: Kind = request.param
    if kind not in running_servers:
        running_servers[kind] = Server(kind)
    running = running_servers[kind]
    running.forget_output()
    return running


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
