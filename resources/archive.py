"""The archive: every body as the source sent it, and a ledger of what was asked and answered.

Bodies are content-addressed (sha256 of the bytes as received), compressed, and written by rename. Parsing reads
them from here and never from the network, so a better parser is a re-run and not a re-download.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import zstandard

from resources.documents import Row, SourceError
from resources.files import write_whole
from resources.http import Answer, Http
from resources.sources import Sources

T = TypeVar("T")

_LEDGER = """
create table if not exists fetches (
    url text not null, sequence integer not null, source text not null, fetched_at text not null,
    status integer not null, content_type text not null, etag text not null, last_modified text not null,
    sha256 text, body_bytes integer not null, reason text not null,
    primary key (url, sequence)
);
create table if not exists requests (
    number integer primary key autoincrement, url text not null, asked_at text not null, status integer not null,
    body_bytes integer not null
);
"""


@dataclass(frozen=True)
class Document:
    """One answer held in the archive."""

    url: str
    sha256: str
    body: bytes
    content_type: str
    fetched_at: datetime
    is_new: bool
    """Whether these bytes came with this request; otherwise the archive held them already."""


@dataclass(frozen=True)
class Traffic:
    """Requests of a span of time: number of the last one, how many, bodies received, still current, bytes received."""

    last: int
    requests: int
    bodies: int
    unchanged: int
    body_bytes: int


class Archive:
    """Bodies and ledger in one folder.

    Args:
        folder: where ``objects/`` and ``ledger.sqlite`` are kept.
        http: how to ask; its absence makes an archive that can only be read.
        sources: whose clock dates the ledger.
    """

    def __init__(self, folder: Path, *, sources: Sources, http: Http | None = None) -> None:
        self._folder = folder
        self._http = http
        self._sources = sources
        (folder / "objects").mkdir(parents=True, exist_ok=True)
        with self._ledger() as ledger:
            ledger.executescript(_LEDGER)

    def fetch(self, url: str, *, source: str) -> Document:
        """Ask the source for ``url``, unless what is held is still current, and return what is held then.

        A body that is held no longer, or damaged, is asked for anew.

        Raises:
            TransientSourceError, SourceError: as :meth:`resources.http.Http.get`; the failure is in the ledger.
        """
        if self._http is None:
            raise SourceError(source, url, "", "this archive is open for reading only")
        row = self._newest(url)
        held = self._intact(row) if row else None
        etag, last_modified = (row["etag"], row["last_modified"]) if row and held else ("", "")
        try:
            answer = self._http.get(url, source=source, etag=etag, last_modified=last_modified)
        except SourceError as error:
            self._record(url, source, Answer(url, 0, b"", "", "", ""), sha256=None, reason=error.reason)
            raise
        if answer.status == 304:
            if held is None:
                raise SourceError(source, url, "", "answered 304 although nothing is held")
            self._note_request(answer)
            return held
        sha256 = hashlib.sha256(answer.body).hexdigest()
        self._store(sha256, answer.body)
        is_new = self._record(url, source, answer, sha256=sha256, reason="")
        newest = self._newest(url)
        assert newest is not None, url  # noqa: S101 - recorded two lines above
        return self._held(newest, is_new=is_new)

    def read(self, sha256: str) -> bytes:
        """Return the body with this sha256.

        Raises:
            SourceError: it is not held, or the stored bytes no longer have this sha256.
        """
        path = self._path(sha256)
        if not path.exists():
            raise SourceError("archive", sha256, "", "no such body in the archive", remedy="fetch its document again")
        try:
            body = zstandard.ZstdDecompressor().decompress(path.read_bytes())
        except zstandard.ZstdError:
            body = None
        if body is None or hashlib.sha256(body).hexdigest() != sha256:
            remedy = "fetch its document again (make backfill of its month); that puts it right"
            raise SourceError("archive", sha256, str(path), "the stored bytes are damaged", remedy=remedy)
        return body

    def versions(self, url: str) -> list[Document]:
        """All bodies ever received for ``url`` that are intact, oldest first."""
        with self._ledger() as ledger:
            rows = ledger.execute(
                "select * from fetches where url = ? and sha256 is not null order by sequence", (url,)
            ).fetchall()
        return [held for row in rows if (held := self._intact(row)) is not None]

    def newest_readable(self, url: str, read: Callable[[Document], T]) -> tuple[T | None, SourceError | None]:
        """Read the newest body of ``url`` that can be read, so that an error page does not displace a good document.

        Args:
            url: an address that was fetched.
            read: what to make of a body; raises SourceError where it cannot be read.

        Returns:
            What was made, or ``None`` if no body can be read; and what is wrong with the newest body, if anything.
        """
        newest_error: SourceError | None = None
        for held in reversed(self.versions(url)):
            try:
                return read(held), newest_error
            except SourceError as error:
                newest_error = newest_error or error
        return None, newest_error

    def newest(self, url: str) -> Document | None:
        """The newest body received for ``url``, without asking the source."""
        row = self._newest(url)
        return self._held(row, is_new=False) if row else None

    def ledger(self) -> list[Row]:
        """Rows of the table ``fetches``: each answer that brought something new (a body, or another failure)."""
        with self._ledger() as ledger:
            rows = ledger.execute("select * from fetches order by url, sequence").fetchall()
        return [{**dict(row), "fetched_at": datetime.fromisoformat(row["fetched_at"])} for row in rows]

    def traffic(self, since: int = 0) -> Traffic:
        """What was asked after the request with number ``since``."""
        with self._ledger() as ledger:
            row = ledger.execute(
                "select max(number), count(*), sum(status = 200), sum(status = 304), sum(body_bytes) from requests"
                " where number > ?",
                (since,),
            ).fetchone()
        return Traffic(row[0] or since, row[1], row[2] or 0, row[3] or 0, row[4] or 0)

    def _record(self, url: str, source: str, answer: Answer, *, sha256: str | None, reason: str) -> bool:
        """Write an answer down; one like the answer before only renews the validators. Return whether it was new."""
        with self._ledger() as ledger:
            ledger.execute("begin immediate")  # another process may be about to write the same number
            before = ledger.execute(
                "select * from fetches where url = ? order by sequence desc limit 1", (url,)
            ).fetchone()
            self._note_request(answer, ledger)
            if before and (before["sha256"], before["reason"]) == (sha256, reason):
                ledger.execute(
                    "update fetches set etag = ?, last_modified = ? where url = ? and sequence = ?",
                    (answer.etag, answer.last_modified, url, before["sequence"]),
                )
                return False
            row = {
                "url": url,
                "sequence": before["sequence"] + 1 if before else 1,
                "source": source,
                "fetched_at": self._sources.now().isoformat(),
                "status": answer.status,
                "content_type": answer.content_type,
                "etag": answer.etag,
                "last_modified": answer.last_modified,
                "sha256": sha256,
                "body_bytes": len(answer.body),
                "reason": reason,
            }
            ledger.execute(f"insert into fetches values ({','.join(f':{name}' for name in row)})", row)  # noqa: S608
            return sha256 is not None

    def _note_request(self, answer: Answer, ledger: sqlite3.Connection | None = None) -> None:
        if ledger is None:
            with self._ledger() as own:
                self._note_request(answer, own)
            return
        ledger.execute(
            "insert into requests (url, asked_at, status, body_bytes) values (?,?,?,?)",
            (answer.url, self._sources.now().isoformat(), answer.status, len(answer.body)),
        )

    def _newest(self, url: str) -> sqlite3.Row | None:
        """The newest row with a body, so that a failure in between does not lose the validators."""
        with self._ledger() as ledger:
            row: sqlite3.Row | None = ledger.execute(
                "select * from fetches where url = ? and sha256 is not null order by sequence desc limit 1", (url,)
            ).fetchone()
        return row

    def _held(self, row: sqlite3.Row, *, is_new: bool) -> Document:
        return Document(
            url=row["url"],
            sha256=row["sha256"],
            body=self.read(row["sha256"]),
            content_type=row["content_type"],
            fetched_at=datetime.fromisoformat(row["fetched_at"]),
            is_new=is_new,
        )

    def _intact(self, row: sqlite3.Row) -> Document | None:
        try:
            return self._held(row, is_new=False)
        except SourceError:
            return None

    def _path(self, sha256: str) -> Path:
        return self._folder / "objects" / sha256[:2] / f"{sha256}.zst"

    def _store(self, sha256: str, body: bytes) -> None:
        try:
            self.read(sha256)
        except SourceError:  # not held yet, or damaged
            write_whole(self._path(sha256), zstandard.ZstdCompressor(level=9).compress(body))

    @contextmanager
    def _ledger(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._folder / "ledger.sqlite", timeout=60)) as connection, connection:
            connection.row_factory = sqlite3.Row
            yield connection
