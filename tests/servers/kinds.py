"""The servers that the suite runs against, and the functions, each behind a gateway."""

import sys
from dataclasses import replace

import pytest
from _pytest.mark import ParameterSet

from tests.servers.running import Kind

WSGI = "tests.servers.site_wsgi:application"
ASGI = "tests.servers.site_asgi:application"
DJANGO_ASGI = "tests.servers.site_django_asgi:application"
UVICORN = ("uvicorn", "--fd={fd}", "--lifespan=off", "--timeout-graceful-shutdown=1")
GRANIAN = ("granian", "--host=127.0.0.1", "--port={port}", "--workers-kill-timeout=2")

GUNICORN = Kind(
    name="gunicorn",
    interface="wsgi",
    command=(
        "gunicorn",
        "--bind=fd://{fd}",
        "--worker-class=gthread",
        "--threads=16",
        "--graceful-timeout=1",
        "--no-control-socket",
        WSGI,
    ),
)
GRANIAN_WSGI = Kind(
    name="granian-wsgi",
    interface="wsgi",
    command=(*GRANIAN, "--interface=wsgi", "--blocking-threads=16", "--backpressure=64", WSGI),
    # It takes an iterator that raises for one that has ended, and sends the last chunk (granian 2.8).
    cuts_broken_streams=False,
)
UVICORN_H11 = Kind(name="uvicorn-h11", interface="asgi", command=(*UVICORN, "--http=h11", ASGI))
UVICORN_HTTPTOOLS = Kind(name="uvicorn-httptools", interface="asgi", command=(*UVICORN, "--http=httptools", ASGI))
# When a body breaks, granian tells the application that the client has left, and then, the application
# having gone home without an answer, sends one of its own to the client, who may still be there.
GRANIAN_ON_BROKEN_BODY = b"Internal server error"
GRANIAN_ASGI = Kind(name="granian-asgi", interface="asgi", command=(*GRANIAN, "--interface=asgi", ASGI))
# wsgiref, which leaves a chunked body to the application without saying where it ends.
RUNSERVER = Kind(
    name="runserver",
    interface="wsgi",
    command=("django", "runserver", "--noreload", "127.0.0.1:0"),
    announcement=r"http://127\.0\.0\.1:(?P<port>\d+)/",
    ends_chunked_bodies=False,
    # It marks a stream's end by hanging up, so has no way to say that it broke.
    cuts_broken_streams=False,
)
# It reads what is left of a body after the answer, and prints the error if it cannot count so far.
RUNSERVER_ON_HUGE_LENGTH = "OverflowError: cannot fit 'int' into an index-sized integer"
# Without this package's application Django itself takes in the body, before any view.
PLAIN_ASGI = Kind(name="uvicorn-plain-django", interface="asgi", command=(*UVICORN, "--http=httptools", DJANGO_ASGI))

SERVERS = (GUNICORN, GRANIAN_WSGI, UVICORN_H11, UVICORN_HTTPTOOLS, GRANIAN_ASGI, RUNSERVER)

# What `manage.py deploy` writes, behind a gateway on the wire.
FUNCTION = Kind(
    name="lambda-wsgi",
    interface="wsgi",
    command=("tests.servers.lambda_gateway", "{fd}", "--interface=wsgi"),
    announcement=r"http://127\.0\.0\.1:(?P<port>\d+)/",
    patience=60.0,  # the folder is written first, and removed
)
# Lambda calls a function with a whole request, and takes a whole answer.
LAMBDA = replace(FUNCTION, streams_answers=False)
LAMBDA_PER_ROUTE = replace(
    LAMBDA,
    name="lambda-per-route-asgi",
    interface="asgi",
    command=("tests.servers.lambda_gateway", "{fd}", "--interface=asgi", "--per-route"),
)
VERCEL = replace(
    FUNCTION,
    name="vercel-asgi",
    interface="asgi",
    command=("tests.servers.vercel_gateway", "{fd}", "--interface=asgi"),
)
VERCEL_WSGI = replace(
    VERCEL,
    name="vercel-wsgi",
    interface="wsgi",
    command=("tests.servers.vercel_gateway", "{fd}", "--interface=wsgi"),
    # The runtime's own server of WSGI marks a stream's end by hanging up.
    cuts_broken_streams=False,
)

# Vercel's runtime needs Python 3.12.
VERCELS = (VERCEL, VERCEL_WSGI) if sys.version_info >= (3, 12) else ()
LAMBDAS = (LAMBDA, LAMBDA_PER_ROUTE)
FUNCTIONS = (*LAMBDAS, *VERCELS)
EVERY_KIND = SERVERS + FUNCTIONS
CHUNKED_KINDS = tuple(kind for kind in EVERY_KIND if kind.ends_chunked_bodies)
CHUNKED_SERVERS = tuple(kind for kind in SERVERS if kind.ends_chunked_bodies)
ASGI_SERVERS = tuple(kind for kind in SERVERS if kind.interface == "asgi")
STREAMING_KINDS = tuple(kind for kind in EVERY_KIND if kind.streams_answers)
WHOLE_KINDS = tuple(kind for kind in EVERY_KIND if not kind.streams_answers)


def parameters(*kinds: Kind) -> list[ParameterSet]:
    """A server's tests stay in one process under `pytest --dist loadgroup`: then it is started once."""
    return [pytest.param(kind, id=kind.name, marks=pytest.mark.xdist_group(kind.name)) for kind in kinds]


def against(*kinds: Kind) -> pytest.MarkDecorator:
    """A decorator of tests that are for some kinds only."""
    return pytest.mark.parametrize("server", parameters(*kinds), indirect=True)
