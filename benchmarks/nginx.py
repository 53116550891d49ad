"""nginx over a folder that `prerender` wrote, with the configuration that it wrote there, or with the least."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.client import TIMEOUT
from benchmarks.node import pinned
from benchmarks.server import free_port, wait_for

# An ordinary user's PATH has no sbin.
PROGRAM = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
USER = "user root;" if os.geteuid() == 0 else ""  # a temporary folder is nobody else's
MAIN = """\
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{}}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    include /etc/nginx/mime.types;
    {temporary}
    include {folder}/site.conf;
}}
"""
PLAIN = "server {\n    listen 80;\n    root /path/to/out;\n    etag on;\n}\n"


@contextmanager
def serving(out: Path, conf: str = PLAIN, *, cores: Sequence[int] = ()) -> Iterator[tuple[int, int]]:
    """Its port, and its process. "listen 80;" and "root /path/to/out;" in the configuration are replaced."""
    assert PROGRAM is not None
    with tempfile.TemporaryDirectory(prefix="benchmarks_") as name:
        folder, port = Path(name), free_port()
        site = conf.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("/path/to/out;", f'"{out}";')
        (folder / "site.conf").write_text(site, "utf-8")
        temporary = " ".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)
        main = MAIN.format(user=USER, folder=folder, temporary=temporary)
        (folder / "nginx.conf").write_text(main, "utf-8")
        command = [PROGRAM, "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]
        process = subprocess.Popen([*pinned(cores), *command], stdin=subprocess.DEVNULL)
        try:
            wait_for(port, process)
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(TIMEOUT)
