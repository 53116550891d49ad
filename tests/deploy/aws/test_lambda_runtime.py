"""Lambda's runtime API on loopback, before the real runtime client."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pagesapi.deploy.verify.lambda_runtime import PAYLOAD_LIMIT
from pagesapi.deploy.verify.runtime_folder import link_runtime
from pagesapi.exceptions import DeployError
from tests.deploy.aws.conftest import HANDLER, Start

COUNT = """
number = 0

def handler(event, context):
    global number
    number += 1
    print(f"call {number}")
    return {"number": number, "event": event, "id": context.aws_request_id}
"""
ROOT = Path(__file__).resolve().parents[3]


def test_one_process_answers_several_events(start: Start) -> None:
    runtime = start(COUNT)
    answers = [runtime.invoke({"é": each}) for each in (1, 2, 3)]
    assert [(each["number"], each["event"]) for each in answers] == [(1, {"é": 1}), (2, {"é": 2}), (3, {"é": 3})]
    assert len({each["id"] for each in answers}) == 3
    assert runtime.log.splitlines() == ["call 1", "call 2", "call 3"]


def test_a_function_sees_its_own_folder_and_variables_and_nothing_of_this_environment(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_SECRET_OF_THIS_SHELL", "1")
    source = """
import importlib.util, os, sys

def handler(event, context):
    names = ("django", "pagesapi", "pytest", "awslambdaric")
    found = {name: importlib.util.find_spec(name) is not None for name in names}
    left = context.get_remaining_time_in_millis()
    return {"found": found, "variables": dict(os.environ), "folder": os.getcwd(), "left": left}
"""
    runtime = start(source, SETTING="given")
    told = runtime.invoke({}, timeout=7)
    assert told["found"] == {"django": False, "pagesapi": False, "pytest": False, "awslambdaric": True}
    assert told["variables"]["SETTING"] == "given"
    assert told["variables"]["AWS_LAMBDA_FUNCTION_NAME"] == "function"
    assert told["variables"]["_HANDLER"] == HANDLER
    assert told["variables"]["LAMBDA_TASK_ROOT"] == told["folder"]
    assert "A_SECRET_OF_THIS_SHELL" not in told["variables"]
    assert 0 < told["left"] <= 7000


def test_a_function_that_raises_says_what_and_answers_the_next_event(start: Start) -> None:
    runtime = start("def handler(event, context):\n    print('hello')\n    return 1 / event['by']")
    with pytest.raises(DeployError, match=r"'function' raised ZeroDivisionError: division by zero\.(?s:.*)hello"):
        runtime.invoke({"by": 0})
    assert runtime.invoke({"by": 2}) == 0.5


@pytest.mark.parametrize(
    ("source", "handler", "message"),
    [
        ("1 / 0", HANDLER, "cannot be started: ZeroDivisionError: division by zero"),
        ("", HANDLER, "cannot be started: Runtime.HandlerNotFound: Handler 'handler' missing"),
        ("", "nowhere.handler", "cannot be started: Runtime.ImportModuleError: Unable to import module 'nowhere'"),
        ("import os; os._exit(3)", HANDLER, "ended with exit status 3"),
    ],
)
def test_a_function_that_cannot_be_started_says_why(start: Start, source: str, handler: str, message: str) -> None:
    runtime = start(source, handler)
    with pytest.raises(DeployError, match=message):
        runtime.invoke({})
    with pytest.raises(DeployError, match="ended with exit status"):
        runtime.invoke({})
    assert not runtime.is_alive


def test_a_function_that_ends_in_the_middle_of_an_event_says_so(start: Start) -> None:
    runtime = start("import os\ndef handler(event, context):\n    print('last words', flush=True)\n    os._exit(5)")
    with pytest.raises(DeployError, match=r"ended with exit status 5\. Its log ends:\nlast words"):
        runtime.invoke({})


def test_a_function_that_takes_too_long_is_ended(start: Start) -> None:
    runtime = start("import threading\ndef handler(event, context):\n    threading.Event().wait()")
    with pytest.raises(DeployError, match=r"took longer than its 0\.2 s"):
        runtime.invoke({}, timeout=0.2)
    assert not runtime.is_alive


def test_an_event_larger_than_lambda_takes_never_reaches_the_function(start: Start) -> None:
    runtime = start("def handler(event, context):\n    return len(event)")
    with pytest.raises(DeployError, match="RequestEntityTooLargeException: the event has 6,291,557 bytes"):
        runtime.invoke("x" * (PAYLOAD_LIMIT - 1))
    assert runtime.invoke("x" * (PAYLOAD_LIMIT - 2)) == PAYLOAD_LIMIT - 2
    assert runtime.log == ""


def test_an_answer_larger_than_lambda_takes_is_refused_which_ends_the_client(start: Start) -> None:
    runtime = start("def handler(event, context):\n    return 'x' * event")
    assert len(runtime.invoke(PAYLOAD_LIMIT - 2)) == PAYLOAD_LIMIT - 2
    with pytest.raises(
        DeployError, match=r"failed with Function\.ResponseSizeTooLarge: its answer has 6,291,557 bytes"
    ):
        runtime.invoke(PAYLOAD_LIMIT - 1)
    assert not runtime.is_alive


def test_what_cannot_be_json_is_an_error_and_not_the_end(start: Start) -> None:
    runtime = start("def handler(event, context):\n    return {'ok': 1} if event else object()")
    with pytest.raises(DeployError, match=r"Runtime\.MarshalError: Unable to marshal response"):
        runtime.invoke(None)
    assert runtime.invoke(1) == {"ok": 1}


def test_an_error_that_is_told_in_other_words_is_shown_as_it_is(start: Start) -> None:
    """A function may call the runtime API itself; whatever it says there."""
    source = """
import http.client, os

def handler(event, context):
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    connection.request("POST", f"/2018-06-01/runtime/invocation/{context.aws_request_id}/error", "not json")
    connection.getresponse().read()
    os._exit(0)
"""
    with pytest.raises(DeployError, match="raised not json"):
        start(source).invoke({})


def test_a_connection_that_breaks_is_no_answer(start: Start) -> None:
    source = """
import os, socket

def handler(event, context):
    host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
    for part in (b"", b"POST /2018", b"POST /x HTTP/1.1\\r\\nContent-Length: 5\\r\\n\\r\\nbo"):
        with socket.create_connection((host, int(port))) as broken:
            broken.sendall(part)
            broken.shutdown(socket.SHUT_WR)
            assert broken.recv(1) == b""  # hung up there too
    return "whole"
"""
    assert start(source).invoke({}) == "whole"


def test_nothing_is_left_when_it_is_closed(start: Start, tmp_path: Path) -> None:
    source = """
import os, subprocess, sys

def handler(event, context):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    return {"pids": [os.getpid(), child.pid], "temporary": os.environ["TMPDIR"]}
"""
    runtime = start(source)
    told = runtime.invoke({})
    before = sorted(tmp_path.rglob("*"))
    runtime.close()
    for pid in told["pids"]:
        assert not _is_running(pid)
    assert not Path(told["temporary"]).exists()
    assert sorted(tmp_path.rglob("*")) == before  # no bytecode either


def _is_running(pid: int) -> bool:
    """A zombie is not: its parent, which was ended too, will not ask for it, and init does."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_ctrl_c_leaves_no_process(tmp_path: Path) -> None:
    (tmp_path / "pagesapi_function.py").write_text(
        "import os, threading\n"
        "def handler(event, context):\n"
        "    print(os.getpid(), file=open(event, 'w'), flush=True)\n"
        "    threading.Event().wait()\n"
    )
    fifo = tmp_path / "pid"
    os.mkfifo(fifo)
    caller = (
        "import signal, sys\n"
        "from pathlib import Path\n"
        "from pagesapi.deploy.verify.lambda_runtime import LambdaRuntime\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "folder = Path(sys.argv[1])\n"
        f"with LambdaRuntime(folder, {HANDLER!r}, {{}}, folder) as runtime:\n"
        "    runtime.invoke(sys.argv[2], timeout=600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", caller, str(tmp_path), str(fifo)], cwd=ROOT, stderr=subprocess.PIPE, text=True
    ) as process:
        pid = int(fifo.read_text())  # once the function is in the middle of its event
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert "KeyboardInterrupt" in errors
    assert not _is_running(pid)


def test_without_the_runtime_client_the_cure_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeployError, match=r"no-such-client is not installed.*pip install 'pagesapi\[verify\]'"):
        link_runtime(tmp_path, "no-such-client")
