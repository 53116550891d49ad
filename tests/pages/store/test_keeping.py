"""What every store does with an entry."""

from __future__ import annotations

from pathlib import Path

import pytest

from pagesapi.pages.store import Store
from tests.pages.store.backends import Backend, Files, InRedis, of_bytes, of_several_processes
from tests.pages.store.elsewhere import Elsewhere
from tests.pages.store.entries import entry, missing, paths_of_one_place, place_of_missing

BUILD = "build"
HOSTILE = (
    "",
    "/",
    "//",
    "/.",
    "/..",
    "/../../etc/passwd",
    "/a/../b/",
    "/a\0b/",
    "/a\nb/",
    "/a\\b/",
    "C:\\a",
    "/a:b*?<>|\"'",
    "/con",
    "/aux.html",
    "/a",
    "/a/",
    "/A/",
    "/a//",
    "/a /",
    "/a./",
    "/%2e%2e/",
    "/%2F/",
    "/%FF/",
    "/%ff/",
    "/\u00fc/",
    "/u\u0308/",
    "/\U0001f600/",
    "/\u202e/",
    "/*",
    "/~",
    "/-rf",
    "/" + "x" * 300,
    "/" + "x" * 301,
    "/" + "\u00fc" * 5000 + "/",
    "/" + "a/" * 2000,
)


def test_what_is_put_is_got_with_every_field(store: Store) -> None:
    whole = entry(
        "/blog/",
        b"\0\xff" * 50_000,
        status=308,
        headers=(("Location", "/\u00fc/"), ("X-A", "1"), ("X-A", "2")),
        rendered_at=1_700_000_000.25,
        revalidate=None,
        tags=("posts", "\u00fc"),
        marks=("", "1", "2", "?"),
        attributes={"xframe_options_exempt": True},
        listed=True,
    )
    store.put(BUILD, whole)
    assert store.get(BUILD, "/blog/") == whole


def test_an_empty_store_has_nothing(store: Store) -> None:
    assert store.get(BUILD, "/") is None


@pytest.mark.parametrize("listed", [True, False])
def test_another_object_of_the_store_gets_it_too(backend: Backend, listed: bool) -> None:
    backend.store().put(BUILD, entry("/a/", listed=listed, rendered_at=1.0))
    assert backend.store().get(BUILD, "/a/") == entry("/a/", listed=listed, rendered_at=1.0)


@of_several_processes
@pytest.mark.parametrize("listed", [True, False])
def test_another_process_gets_it_and_replaces_it(backend: Backend, store: Store, listed: bool) -> None:
    store.put(BUILD, entry("/a/", b"from here", listed=listed))
    with Elsewhere(backend) as other:
        assert other.call("get", BUILD, "/a/") == "from here"
        other.call("put", BUILD, "/a/", "from there", listed)
    found = store.get(BUILD, "/a/")
    assert found is not None
    assert (found.body, found.listed) == (b"from there", listed)


KINDS = {
    "listed": entry("/a/", b"listed", listed=True),
    "found": entry("/a/", b"found"),
    "missing": missing("/a/"),
    "listed-missing": missing("/a/", listed=True),
}


@pytest.mark.parametrize("first", KINDS)
@pytest.mark.parametrize("second", KINDS)
def test_the_last_entry_of_a_path_takes_the_place_of_the_one_before(store: Store, first: str, second: str) -> None:
    store.put(BUILD, KINDS[first])
    store.put(BUILD, KINDS[second])
    assert store.get(BUILD, "/a/") == KINDS[second]


@pytest.mark.parametrize("listed", [True, False])
def test_builds_are_kept_apart(store: Store, listed: bool) -> None:
    store.put("one", entry("/a/", b"of one", listed=listed))
    assert store.get("two", "/a/") is None
    store.put("two", entry("/a/", b"of two", listed=listed))
    found = [store.get(build, "/a/") for build in ("one", "two", "on", "one ")]
    assert [None if item is None else item.body for item in found] == [b"of one", b"of two", None, None]


def test_404s_of_builds_are_kept_apart(store: Store) -> None:
    store.put("one", missing("/a/"))
    assert store.get("two", "/a/") is None
    assert store.get("one", "/a/") is not None


def test_a_404_is_not_that_of_another_path_in_its_place(store: Store) -> None:
    first, second = paths_of_one_place(place_of_missing, 2)
    store.put(BUILD, missing(first))
    assert store.get(BUILD, second) is None
    store.put(BUILD, missing(second))
    assert store.get(BUILD, second) is not None
    assert store.get(BUILD, first) is None


@pytest.mark.parametrize("build", ["../..", "a/b", "a b", "\0", "\u00fc", "x" * 500])
def test_a_build_may_have_any_name(store: Store, build: str) -> None:
    store.put(build, entry("/a/", rendered_at=1.0))
    assert store.get(build, "/a/") == entry("/a/", rendered_at=1.0)


@pytest.mark.parametrize("listed", [True, False])
def test_paths_that_no_file_could_be_named_after_are_kept_apart(store: Store, listed: bool) -> None:
    for path in HOSTILE:
        store.put(BUILD, entry(path, listed=listed))
    for path in HOSTILE:
        found = store.get(BUILD, path)
        assert found is not None
        assert (found.path, found.body) == (path, repr(path).encode())


def test_their_404s_are_kept_apart(store: Store) -> None:
    for path in HOSTILE:
        store.put(BUILD, missing(path))
        found = store.get(BUILD, path)
        assert found is not None
        assert found.path == path


def test_a_path_that_is_no_unicode_is_kept_or_is_missing(store: Store) -> None:
    """Django gives "%FF" as text; a lone surrogate comes from a server of its own ways."""
    store.put(BUILD, entry("/\udcff/", rendered_at=1.0))
    assert store.get(BUILD, "/\udcff/") in (None, entry("/\udcff/", rendered_at=1.0))
    assert store.get(BUILD, "/\udcfe/") is None


def test_files_stay_inside_the_location_and_have_plain_names(tmp_path: Path) -> None:
    home = tmp_path / "home"
    store = Files(home / "pages").store()
    for path in HOSTILE:
        for made in (entry(path), entry(path, listed=True), missing(path)):
            store.put(path or BUILD, made)
        with store.lock(BUILD, path):
            store.mark([f"path:{path}", f"tag:{path}"])
    assert [item.name for item in tmp_path.iterdir()] == ["home"]
    assert [item.name for item in home.iterdir()] == ["pages"]
    for file in home.rglob("*"):
        assert file.name.isascii()
        assert file.name == file.name.lower()
        assert len(file.name) <= 64


def test_keys_are_those_that_every_cache_takes(redis: InRedis) -> None:
    """Memcached: 250 bytes, no white space, no control characters."""
    store = redis.store()
    for path in HOSTILE:
        for made in (entry(path), entry(path, listed=True), missing(path)):
            store.put(path, made)
        store.mark([f"path:{path}"])
    for key in redis.every_key():
        assert len(key) < 200
        assert key.isascii()
        assert key.isprintable()
        assert " " not in key


# What the disk or the cache spoilt


def spoilt(data: bytes) -> list[bytes]:
    flipped = [data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :] for place in range(0, len(data), 3)]
    truncated = [data[:length] for length in range(0, len(data), 7)]
    return [*truncated, b"\0", b"null", b"\xc0", b"\x90", b"\xff" * 100, data * 2, b"\xdd\xff\xff\xff\xff", *flipped]


def only_name(backend: Backend) -> str:
    (name,) = (name for name, data in backend.stored().items() if len(data) > 40)
    return name


@of_bytes
@pytest.mark.parametrize("made", [entry("/a/"), entry("/a/", listed=True), missing("/a/")], ids=lambda made: made.body)
def test_spoilt_bytes_are_no_entry_and_no_exception(backend: Backend, made: object) -> None:
    store = backend.store()
    store.put(BUILD, made)  # type: ignore[arg-type]
    name = only_name(backend)
    data = backend.stored()[name]
    for wrong in spoilt(data):
        backend.overwrite(name, wrong)
        found = store.get(BUILD, "/a/")  # a flipped bit of the body cannot be seen
        assert found is None or found.path == "/a/"
    for length in range(len(data)):
        backend.overwrite(name, data[:length])
        assert store.get(BUILD, "/a/") is None
    store.put(BUILD, made)  # type: ignore[arg-type]
    assert store.get(BUILD, "/a/") == made


@of_bytes
@pytest.mark.parametrize("listed", [True, False])
def test_an_entry_of_another_path_in_the_place_is_not_given(backend: Backend, listed: bool) -> None:
    store = backend.store()
    store.put(BUILD, entry("/secret/", listed=listed))
    data = backend.stored()[only_name(backend)]
    store.clear()
    store.put(BUILD, entry("/a/", listed=listed))
    backend.overwrite(only_name(backend), data)
    assert store.get(BUILD, "/a/") is None


def test_clear_forgets_everything(store: Store) -> None:
    for made in (entry("/a/"), entry("/b/", listed=True), missing("/c/")):
        store.put(BUILD, made)
    store.clear()
    assert [store.get(BUILD, path) for path in ("/a/", "/b/", "/c/")] == [None, None, None]
    store.put(BUILD, entry("/a/"))
    assert store.get(BUILD, "/a/") is not None
