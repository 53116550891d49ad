"""Debian's nginx, started with a given configuration on a free loopback port."""

import os
import shutil
import signal
import socket
import subprocess
import types
from pathlib import Path

import pytest

from tests.servers.gate import TIMEOUT
from tests.servers.wire import Connection

# An ordinary user's PATH has no sbin.
PROGRAM = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")

# The worker is the user who runs the tests, for a temporary folder is nobody else's; only root may and must say so.
USER = "user root;" if os.geteuid() == 0 else ""
MAIN = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr info;
events {{}}
http {{
    access_log off;
    keepalive_requests 1000000;
    include /etc/nginx/mime.types;
    {temporary}
    include {folder}/site.conf;
    include {folder}/further.conf;
}}
"""


class Nginx:
    """with Nginx(folder, conf, root) as nginx, nginx.connect() as connection: connection.request("GET", "/")

    `folder` is an empty one of its own; "listen 80;" and "root /path/to/out;" in the configuration are replaced.
    """

    def __init__(self, folder: Path, conf: str, root: Path, *, further: str = "") -> None:
        """`further`: more configuration, of the same port."""
        assert PROGRAM is not None
        self.log = folder / "error.log"
        # It listens before nginx runs, and nginx takes it over as it does its predecessor's in an upgrade: there is no
        # moment in which somebody else could get the port, and a request that comes too early waits.
        with socket.create_server(("127.0.0.1", 0), backlog=128) as listening, self.log.open("wb") as log:
            self.port: int = listening.getsockname()[1]
            self._write(folder, conf, root, further)
            self._process = subprocess.Popen(
                [PROGRAM, "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")],
                env={**os.environ, "NGINX": f"{listening.fileno()};"},
                pass_fds=[listening.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def __enter__(self) -> "Nginx":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self.stop()

    def connect(self) -> Connection:
        try:
            return Connection(self.port)
        except ConnectionRefusedError:
            raise RuntimeError(f"nginx does not listen:\n{self.log.read_text()}") from None

    def complaints(self) -> list[str]:
        """What it logged above "notice"."""
        levels = ("[warn]", "[error]", "[crit]", "[alert]", "[emerg]")
        lines = self.log.read_text("utf-8", "replace").splitlines()
        return [line for line in lines if any(level in line for level in levels)]

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(TIMEOUT)

    def _write(self, folder: Path, conf: str, root: Path, further: str) -> None:
        listen = f"listen 127.0.0.1:{self.port};"
        for old, new in {"listen 80;": listen, "root /path/to/out;": f'root "{root}";'}.items():
            assert conf.count(old) == 1, f"{old} is not there once"
            conf = conf.replace(old, new)
        (folder / "site.conf").write_text(conf, "utf-8")
        (folder / "further.conf").write_text(further.replace("listen 80;", listen), "utf-8")
        temporary = " ".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)
        (folder / "nginx.conf").write_text(MAIN.format(user=USER, folder=folder, temporary=temporary), "utf-8")


def require_nginx() -> None:
    """Skips the test where there is no nginx, or fails it where nothing may be skipped."""
    if PROGRAM is not None:
        return
    if os.environ.get("PAGESAPI_CI"):
        pytest.fail("nginx is not installed")
    pytest.skip("nginx is not installed")
