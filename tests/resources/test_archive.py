"""The archive: what is held, what is asked for again, and what stands in the ledger."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
import source_server as wrong
import zstandard
from source_server import SourceServer

from expectations import contract
from resources.archive import Archive, Document
from resources.documents import SourceError, TransientSourceError
from resources.files import write_whole
from resources.http import Http
from resources.settings import Settings
from resources.sources import Sources

FEED = "https://feeds.example.org/en/news.rss"
FIRST, SECOND = b"<rss>first</rss>", b"<rss>second</rss>"


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


@pytest.fixture
def feed(served: Path) -> Path:
    """The file from which FEED is answered."""
    file = served / FEED.removeprefix("https://")
    file.parent.mkdir(parents=True)
    file.write_bytes(FIRST)
    return file


@pytest.fixture
def archive(live: Callable[..., Settings], feed: Path, tmp_path: Path) -> Archive:
    settings = live(http_attempts=1)
    http = Http(settings, requests.Session(), sleep=lambda _: None, spaced=False)
    return Archive(tmp_path / "archive", sources=Sources(settings), http=http)


def objects(tmp_path: Path) -> list[Path]:
    return sorted(path for path in (tmp_path / "archive" / "objects").rglob("*") if path.is_file())


def test_document_is_what_the_source_sent(archive: Archive, tmp_path: Path) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    document = archive.fetch(FEED, source="news")
    assert (document.url, document.body, document.content_type) == (FEED, FIRST, "application/rss+xml")
    assert document.sha256 == digest(FIRST)
    assert document.is_new
    assert before <= document.fetched_at <= datetime.now(UTC)
    assert archive.read(digest(FIRST)) == FIRST
    assert archive.newest(FEED) is not None


def test_bodies_are_content_addressed_and_compressed(archive: Archive, feed: Path, tmp_path: Path) -> None:
    body = b"<rss>" + b"the same words again " * 1000 + b"</rss>"
    feed.write_bytes(body)
    feed.with_name("copy.rss").write_bytes(body)
    archive.fetch(FEED, source="news")
    archive.fetch("https://feeds.example.org/en/copy.rss", source="news")
    (held,) = objects(tmp_path)
    assert held.relative_to(tmp_path / "archive").parts == ("objects", digest(body)[:2], f"{digest(body)}.zst")
    assert zstandard.ZstdDecompressor().decompress(held.read_bytes()) == body
    assert held.stat().st_size < len(body) / 50


def test_what_is_held_is_not_downloaded_again(archive: Archive, server: SourceServer) -> None:
    first = archive.fetch(FEED, source="news")
    again = archive.fetch(FEED, source="news")
    assert [asked.status for asked in server.asked] == [200, 304]
    assert server.asked[1].sent == 0
    assert (again.body, again.sha256, again.is_new) == (first.body, first.sha256, False)
    traffic = archive.traffic()
    assert (traffic.requests, traffic.bodies, traffic.unchanged, traffic.body_bytes) == (2, 1, 1, len(FIRST))
    later = archive.traffic(traffic.last)
    assert (later.last, later.requests, later.bodies, later.body_bytes) == (traffic.last, 0, 0, 0)


def test_same_bytes_without_validators_add_no_row(
    archive: Archive, live: Callable[..., Settings], served: Path, tmp_path: Path
) -> None:
    with SourceServer(served, validators=[]) as silent:
        settings = live(addresses=silent.addresses)
        asking = Archive(
            tmp_path / "other", sources=Sources(settings), http=Http(settings, requests.Session(), spaced=False)
        )
        first, again = asking.fetch(FEED, source="news"), asking.fetch(FEED, source="news")
    assert [asked.status for asked in silent.asked] == [200, 200]
    assert (first.is_new, again.is_new) == (True, False)
    assert len(asking.ledger()) == 1


def test_versions_come_oldest_first_and_a_return_is_a_version(archive: Archive, feed: Path) -> None:
    third = b"<rss>third</rss>"
    for body in (FIRST, SECOND, SECOND, FIRST, third):
        feed.write_bytes(body)
        archive.fetch(FEED, source="news")
    assert [version.body for version in archive.versions(FEED)] == [FIRST, SECOND, FIRST, third]
    newest = archive.newest(FEED)
    assert newest is not None
    assert newest.body == third
    assert [(row["sequence"], row["sha256"]) for row in archive.ledger()] == [
        (1, digest(FIRST)),
        (2, digest(SECOND)),
        (3, digest(FIRST)),
        (4, digest(third)),
    ]


def test_ledger_fits_its_contract(archive: Archive, server: SourceServer) -> None:
    archive.fetch(FEED, source="news")
    server.misbehave(FEED, wrong.status(404))
    with pytest.raises(SourceError):
        archive.fetch(FEED, source="news")
    table = contract.load("fetches").table_of(archive.ledger())
    rows = table.select(["url", "sequence", "source", "status", "sha256", "body_bytes", "reason"]).to_pylist()
    same = {"url": FEED, "source": "news"}
    assert rows == [
        {**same, "sequence": 1, "status": 200, "sha256": digest(FIRST), "body_bytes": len(FIRST), "reason": ""},
        {**same, "sequence": 2, "status": 0, "sha256": None, "body_bytes": 0, "reason": "answered 404 Not Found"},
    ]


def test_failure_is_written_down_once_and_again_only_if_it_is_another(archive: Archive, server: SourceServer) -> None:
    for behaviour in (wrong.status(503), wrong.status(503), wrong.status(404), wrong.status(404), wrong.status(503)):
        server.misbehave(FEED, behaviour, times=1)
        with pytest.raises(SourceError):
            archive.fetch(FEED, source="news")
    reasons = [row["reason"] for row in archive.ledger()]
    assert reasons == ["answered 503 Service Unavailable", "answered 404 Not Found", "answered 503 Service Unavailable"]
    assert archive.traffic().requests == 5
    assert archive.newest(FEED) is None
    assert archive.versions(FEED) == []


def test_failure_keeps_what_is_held_and_its_validators(archive: Archive, server: SourceServer) -> None:
    archive.fetch(FEED, source="news")
    server.misbehave(FEED, wrong.reset(), times=1)
    with pytest.raises(TransientSourceError):
        archive.fetch(FEED, source="news")
    newest = archive.newest(FEED)
    assert newest is not None
    assert newest.body == FIRST
    again = archive.fetch(FEED, source="news")
    assert (server.asked[-1].status, again.body, again.is_new) == (304, FIRST, False)


def test_new_validators_of_the_same_bytes_are_used(archive: Archive, feed: Path, server: SourceServer) -> None:
    """A server that was rebuilt dates everything anew; asking by the old date for ever would download for ever."""
    os.utime(feed, (1_700_000_000, 1_700_000_000))
    server.validators = frozenset(["Last-Modified"])
    archive.fetch(FEED, source="news")
    os.utime(feed, (1_710_000_000, 1_710_000_000))
    archive.fetch(FEED, source="news")
    archive.fetch(FEED, source="news")
    assert [asked.status for asked in server.asked] == [200, 200, 304]
    assert len(archive.ledger()) == 1


def test_304_for_what_was_never_held_is_an_error(archive: Archive, server: SourceServer) -> None:
    server.misbehave(FEED, wrong.status(304, body=b""))
    with pytest.raises(SourceError, match="304 although nothing is held"):
        archive.fetch(FEED, source="news")


def damage_bytes(path: Path) -> None:
    path.write_bytes(zstandard.ZstdCompressor().compress(b"<rss>another</rss>"))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:10])


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [damage_bytes, cut, empty])
def test_damaged_body_is_found_out_and_fetched_again(
    archive: Archive, server: SourceServer, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    archive.fetch(FEED, source="news")
    (held,) = objects(tmp_path)
    damage(held)
    with pytest.raises(SourceError, match="damaged") as failure:
        archive.read(digest(FIRST))
    assert digest(FIRST) in str(failure.value)
    assert str(held) in str(failure.value)
    assert archive.fetch(FEED, source="news").body == FIRST
    assert [asked.status for asked in server.asked] == [200, 200]
    assert archive.read(digest(FIRST)) == FIRST
    assert len(archive.ledger()) == 1


def test_lost_body_is_named_and_fetched_again(archive: Archive, server: SourceServer, tmp_path: Path) -> None:
    archive.fetch(FEED, source="news")
    objects(tmp_path)[0].unlink()
    with pytest.raises(SourceError, match="no such body in the archive"):
        archive.read(digest(FIRST))
    assert archive.fetch(FEED, source="news").body == FIRST
    assert [asked.status for asked in server.asked] == [200, 200]


def test_body_that_comes_back_replaces_its_damaged_copy(archive: Archive, feed: Path, tmp_path: Path) -> None:
    archive.fetch(FEED, source="news")
    (held,) = objects(tmp_path)
    feed.write_bytes(SECOND)
    archive.fetch(FEED, source="news")
    cut(held)
    feed.write_bytes(FIRST)
    assert archive.fetch(FEED, source="news").body == FIRST


def test_archive_without_http_reads_but_does_not_ask(
    archive: Archive, live: Callable[..., Settings], tmp_path: Path
) -> None:
    archive.fetch(FEED, source="news")
    reading = Archive(tmp_path / "archive", sources=Sources(live()))
    assert [version.body for version in reading.versions(FEED)] == [FIRST]
    with pytest.raises(SourceError, match="reading only"):
        reading.fetch(FEED, source="news")


def test_two_processes_write_one_ledger(tmp_path: Path, samples: Path) -> None:
    """Steps may run in processes of their own; neither loses a row to the other, or fails over it."""
    files = sorted((samples / "www.sec.gov").rglob("*.htm"))
    urls = [f"https://{file.relative_to(samples).as_posix()}" for file in files]
    context = multiprocessing.get_context("fork")
    together = context.Barrier(2)

    def opened() -> Archive:
        settings = Settings(sources="samples")
        sources = Sources(settings)
        return Archive(tmp_path, sources=sources, http=Http(settings, sources.session(), spaced=False))

    def fetch() -> None:
        archive = opened()
        for url in urls:
            together.wait(20)
            archive.fetch(url, source="sec")

    running = [context.Process(target=fetch) for _ in range(2)]
    for process in running:
        process.start()
    for process in running:
        process.join(60)
    assert [process.exitcode for process in running] == [0, 0]
    assert [row["url"] for row in opened().ledger()] == sorted(urls)
    assert opened().traffic().requests == 2 * len(urls)


# --- write_whole ---


def test_write_whole_writes_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "file"
    write_whole(path, b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o644, "analysts are other users"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("call", ["fsync", "fdopen"])
def test_write_whole_that_fails_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    path = tmp_path / "file"
    write_whole(path, b"old")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_write_whole_is_on_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut may keep a rename and lose the bytes, unless they were flushed to the disk before."""
    path = tmp_path / "file"
    seen: list[tuple[bool, int]] = []
    flush = os.fsync

    def watch(descriptor: int) -> None:
        seen.append((path.exists(), os.fstat(descriptor).st_size))
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", watch)
    write_whole(path, b"12345")
    assert seen[0] == (False, 5)


def test_killed_writer_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    """kill -9 while a process rewrites a file: whatever stands under its name is one of the two whole contents."""
    path, contents = tmp_path / "file", (b"a" * 3_000_000, b"b" * 3_000_000)
    write_whole(path, contents[0])

    def rewrite() -> None:
        while True:
            for content in contents:
                write_whole(path, content)

    for attempt in range(12):
        writer = multiprocessing.get_context("fork").Process(target=rewrite)
        writer.start()
        time.sleep(0.03 + 0.003 * attempt)
        writer.kill()
        writer.join()
        assert path.read_bytes() in contents
    assert len(list(tmp_path.iterdir())) > 1, "no kill met a write: the test proved nothing"


def read_rss(held: Document) -> bytes:
    """Read a body that begins as RSS does."""
    if not held.body.startswith(b"<rss>"):
        raise SourceError("news", held.url, "line 1", f"not RSS: {held.body[:9]!r}")
    return held.body


def test_an_error_page_does_not_displace_a_good_document(archive: Archive, feed: Path) -> None:
    archive.fetch(FEED, source="news")
    feed.write_bytes(b"<html>Sorry</html>")
    archive.fetch(FEED, source="news")
    found, error = archive.newest_readable(FEED, read_rss)
    assert found == FIRST
    assert error is not None
    assert error.reason == "not RSS: b'<html>Sor'"
    feed.write_bytes(SECOND)
    archive.fetch(FEED, source="news")
    assert archive.newest_readable(FEED, read_rss) == (SECOND, None)


def test_where_no_body_can_be_read_the_newest_says_why(archive: Archive, feed: Path) -> None:
    for body in (b"<a>", b"<b>"):
        feed.write_bytes(body)
        archive.fetch(FEED, source="news")
    found, error = archive.newest_readable(FEED, read_rss)
    assert found is None
    assert error is not None
    assert error.reason == "not RSS: b'<b>'"
