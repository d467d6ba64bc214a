"""A local HTTP server that speaks the sources' protocol from a folder, and misbehaves where it is told to.

``https://<host>/<path>`` is answered at ``http://127.0.0.1:<port>/<host>/<path>``: :attr:`SourceServer.addresses` is
the value of the setting ``addresses`` for that. It knows nothing of the project's own folder adapter, so that each
can be tested against the other.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

SEARCH = "https://www.federalregister.gov/api/v1/documents.json"
VERSIONS = "https://www.ecfr.gov/api/versioner/v1/versions/title-15.json?part=744"
HOSTS = (
    "www.federalregister.gov",
    "www.ecfr.gov",
    "data.trade.gov",
    "data.sec.gov",
    "www.sec.gov",
    "epoch.ai",
    "fred.stlouisfed.org",
    "nvidianews.nvidia.com",
    "feeds.example.org",
)
_SUFFIXES = {
    ".json": "application/json",
    ".xml": "text/xml; charset=utf-8",
    ".htm": "text/html",
    ".html": "text/html",
    ".csv": "text/csv",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
}
_CHUNK = 1 << 16


@dataclass
class Asked:
    """One request, and how it was answered."""

    url: str
    """The source's own address."""
    headers: dict[str, str]
    status: int
    """0 where the connection broke before a status line."""
    sent: int
    """Bytes of body handed to the connection."""
    at: float


@dataclass(frozen=True)
class Usual:
    """What the folder holds for an address."""

    status: int
    body: bytes
    content_type: str
    modified: datetime | None = None


class Exchange(BaseHTTPRequestHandler):
    """One request under way; a behaviour answers it by :meth:`reply`, or breaks it."""

    protocol_version = "HTTP/1.1"
    server: SourceServer

    @property
    def url(self) -> str:
        """The source's own address of what is asked."""
        return f"https:/{self.path}"

    def usual(self) -> Usual:
        """What the folder holds for it."""
        return self.server.usual(self.url)

    def do_GET(self) -> None:
        """Answer by the first behaviour scripted for this address, otherwise as usual."""
        behaviour = self.server.next_behaviour(self.url)
        (behaviour or as_usual)(self)

    def reply(
        self, status: int, body: bytes, headers: dict[str, str], *, promised: int | None = None, chunks: bool = False
    ) -> None:
        """Send status, headers and body, and note it.

        Args:
            status: HTTP status.
            body: what is sent.
            headers: besides Content-Length.
            promised: the Content-Length announced, where it is not the body's; the connection is closed after it.
            chunks: send the body as one chunk and close before the last one, which is empty.
        """
        noted = self.note(status)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if chunks:
            self.send_header("Transfer-Encoding", "chunked")
            body = f"{len(body):x}\r\n".encode() + body + b"\r\n"
        elif status != 304:
            self.send_header("Content-Length", str(len(body) if promised is None else promised))
        self.close_connection = self.close_connection or chunks or promised is not None
        self.end_headers()
        try:
            for start in range(0, len(body), _CHUNK):
                noted.sent = min(len(body), start + _CHUNK)
                self.wfile.write(body[start : start + _CHUNK])
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client had enough of it

    def note(self, status: int) -> Asked:
        """Write down how the request is about to be answered: before the client knows, so that tests need not wait."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        noted = Asked(self.url, headers, status, 0, time.monotonic())
        self.server.asked.append(noted)
        return noted

    def log_message(self, *_: object) -> None:
        """Say nothing: tests read :attr:`SourceServer.asked`."""


Behaviour = Callable[[Exchange], None]


class SourceServer(ThreadingHTTPServer):
    """The server.

    Args:
        folder: ``<host>/<path>`` holds the answer to ``https://<host>/<path>``, read anew with each request;
            ``www.federalregister.gov/documents.index.json`` is what the search finds.
        validators: which of ``ETag`` and ``Last-Modified`` it gives and honours.
        gzips: whether it compresses for a client that accepts it, as the real ones do.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 32

    def __init__(
        self, folder: Path, *, validators: Iterable[str] = ("ETag", "Last-Modified"), gzips: bool = False
    ) -> None:
        super().__init__(("127.0.0.1", 0), Exchange)
        self.folder = folder
        self.validators = frozenset(validators)
        self.gzips = gzips
        self.asked: list[Asked] = []
        self.faults: list[BaseException] = []
        """Exceptions of the server itself: a test that met one proves nothing."""
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._scripts: list[tuple[str, Behaviour, int | None]] = []

    def __enter__(self) -> SourceServer:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()

    @property
    def addresses(self) -> dict[str, str]:
        """The value of the setting ``addresses`` with which this server speaks for the sources."""
        return {f"https://{host}": f"http://127.0.0.1:{self.server_port}/{host}" for host in HOSTS}

    def misbehave(self, part: str, behaviour: Behaviour, times: int | None = None) -> None:
        """Answer addresses that contain ``part`` by ``behaviour``, so many times or until :meth:`repair`.

        Scripts are looked through in the order given; one that was used up makes room for the next.
        """
        with self._lock:
            self._scripts.append((part, behaviour, times))

    def repair(self) -> None:
        """Forget every misbehaviour."""
        with self._lock:
            self._scripts.clear()

    def forget(self) -> None:
        """Count from here."""
        self.asked.clear()

    def of(self, part: str) -> list[Asked]:
        """Requests of addresses that contain ``part``."""
        return [asked for asked in self.asked if part in asked.url]

    def bodies(self) -> list[str]:
        """Addresses that were sent a body with status 200, in order."""
        return [asked.url for asked in self.asked if asked.status == 200]

    def next_behaviour(self, url: str) -> Behaviour | None:
        """The behaviour scripted for this request, one use of which is taken."""
        with self._lock:
            for position, (part, behaviour, times) in enumerate(self._scripts):
                if part in url:
                    if times == 1:
                        del self._scripts[position]
                    elif times is not None:
                        self._scripts[position] = (part, behaviour, times - 1)
                    return behaviour
        return None

    def usual(self, url: str) -> Usual:
        """What the folder holds for an address, by a search or a file."""
        parts = urlsplit(url)
        if url.startswith(f"{SEARCH}?"):
            return Usual(200, json.dumps(self._search(parts.query)).encode(), "application/json; charset=utf-8")
        if url == VERSIONS:
            return Usual(200, json.dumps(self._versions()).encode(), "application/json; charset=utf-8")
        file = self.folder / parts.netloc / parts.path.lstrip("/")
        if parts.query:
            file = file.with_name(f"{file.name}?{parts.query}")
        if not file.is_file():
            return Usual(404, b"<html><body>Not Found</body></html>", "text/html")
        modified = datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
        return Usual(200, file.read_bytes(), _SUFFIXES.get(file.suffix, "application/octet-stream"), modified)

    def _versions(self) -> dict[str, Any]:
        """The eCFR's versions of a part: https://www.ecfr.gov/developers/documentation/api/v1 ."""
        days = sorted(path.parent.name for path in self.folder.glob("www.ecfr.gov/api/versioner/v1/full/*/*part=744"))
        listed = [{"date": day, "amendment_date": day, "issue_date": day, "part": "744", "title": "15"} for day in days]
        return {"content_versions": listed, "meta": {"title": "15", "result_count": str(len(days)), "total_pages": "1"}}

    def _search(self, query: str) -> dict[str, Any]:
        """The Federal Register's search: https://www.federalregister.gov/developers/documentation/api/v1 ."""
        asked = parse_qs(query)
        agencies = asked.get("conditions[agencies][]", [])
        first = asked["conditions[publication_date][gte]"][0]
        last = asked["conditions[publication_date][lte]"][0]
        per_page, page = int(asked.get("per_page", ["20"])[0]), int(asked.get("page", ["1"])[0])
        index = self.folder / "www.federalregister.gov" / "documents.index.json"
        held = json.loads(index.read_bytes()) if index.exists() else []
        found = [
            document
            for document in held
            if first <= document["publication_date"] <= last
            and (not agencies or any(agency["slug"] in agencies for agency in document["agencies"]))
        ]
        found.sort(key=lambda document: document["publication_date"], reverse=asked.get("order") != ["oldest"])
        if not found:
            return {"count": 0}
        fields = asked.get("fields[]") or list(found[0])
        shown = found[(page - 1) * per_page : page * per_page]
        answer: dict[str, Any] = {
            "count": len(found),
            "description": "Documents published by the agencies asked for",
            "total_pages": -(-len(found) // per_page),
            "results": [{field: document.get(field) for field in fields} for document in shown],
        }
        if page * per_page < len(found):
            answer["next_page_url"] = f"{SEARCH}?{urlencode({**asked, 'page': [page + 1]}, doseq=True)}"
        return answer

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the base class's names
        """Keep the server's own exceptions for the test; a client that hangs up is none of them."""
        fault = sys.exc_info()[1]
        if fault is not None and not isinstance(fault, ConnectionError):
            self.faults.append(fault)


def as_usual(exchange: Exchange) -> None:
    """What the folder holds, with validators, 304 where the client has it already, compressed where both want that."""
    held, server = exchange.usual(), exchange.server
    headers = {"Content-Type": held.content_type}
    if held.status != 200:
        exchange.reply(held.status, held.body, headers)
        return
    compress = server.gzips and "gzip" in exchange.headers.get("Accept-Encoding", "")
    etag = f'"{hashlib.sha256(held.body).hexdigest()[:32]}"'
    if "ETag" in server.validators:
        headers["ETag"] = f"W/{etag}" if compress else etag
    if "Last-Modified" in server.validators and held.modified:
        headers["Last-Modified"] = format_datetime(held.modified, usegmt=True)
    if _is_current(exchange, etag, held.modified):
        exchange.reply(304, b"", headers)
        return
    if compress:
        headers["Content-Encoding"] = "gzip"
    exchange.reply(200, gzip.compress(held.body, mtime=0) if compress else held.body, headers)


def _is_current(exchange: Exchange, etag: str, modified: datetime | None) -> bool:
    """RFC 9110, 13.2.2: If-None-Match decides where it stands, If-Modified-Since only where it does not."""
    validators = exchange.server.validators
    if "ETag" in validators and (wanted := exchange.headers.get("If-None-Match")):
        return etag in [one.strip().removeprefix("W/") for one in wanted.split(",")]
    if "Last-Modified" in validators and modified and (since := exchange.headers.get("If-Modified-Since")):
        return modified <= parsedate_to_datetime(since)
    return False


def status(code: int, *, retry_after: str = "", body: bytes = b"out of order") -> Behaviour:
    """Any status, with a Retry-After header where one is given."""

    def behave(exchange: Exchange) -> None:
        headers = {"Content-Type": "text/plain"} | ({"Retry-After": retry_after} if retry_after else {})
        exchange.reply(code, body, headers)

    return behave


def redirected(to: str) -> Behaviour:
    """302 to another address of this server, given as the source's own."""

    def behave(exchange: Exchange) -> None:
        exchange.reply(302, b"", {"Location": to.replace("https:/", "")})

    return behave


def body(content: bytes, content_type: str = "text/html; charset=utf-8") -> Behaviour:
    """Status 200 with these bytes: an error page, malformed XML or JSON, a feed that is none."""

    def behave(exchange: Exchange) -> None:
        exchange.reply(200, content, {"Content-Type": content_type})

    return behave


def html_page() -> Behaviour:
    """An HTML error page with status 200."""
    return body(
        b"<!DOCTYPE html>\n<html><head><title>Request Access</title></head>\n"
        b"<body><h1>Request Access</h1><br>Your request was blocked</body></html>\n"
    )


def reset() -> Behaviour:
    """The connection is reset before any answer."""

    def behave(exchange: Exchange) -> None:
        exchange.note(0)
        exchange.close_connection = True
        exchange.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(exchange.connection.detach())

    return behave


def truncated(*, compress: bool = False) -> Behaviour:
    """Half of the usual body, under the Content-Length of the whole."""

    def behave(exchange: Exchange) -> None:
        held = exchange.usual()
        whole = gzip.compress(held.body) if compress else held.body
        headers = {"Content-Type": held.content_type} | ({"Content-Encoding": "gzip"} if compress else {})
        exchange.reply(200, whole[: len(whole) // 2], headers, promised=len(whole))

    return behave


def cut_chunks() -> Behaviour:
    """Half of the usual body in chunks, of which the closing one never comes."""

    def behave(exchange: Exchange) -> None:
        held = exchange.usual()
        exchange.reply(200, held.body[: len(held.body) // 2], {"Content-Type": held.content_type}, chunks=True)

    return behave


def slow(seconds: float) -> Behaviour:
    """The usual answer, after a while in which nothing comes."""

    def behave(exchange: Exchange) -> None:
        exchange.server.closing.wait(seconds)
        as_usual(exchange)

    return behave


def stalled(seconds: float) -> Behaviour:
    """Headers and half of the body, then nothing for a while."""

    def behave(exchange: Exchange) -> None:
        held = exchange.usual()
        half = held.body[: len(held.body) // 2]
        exchange.note(200).sent = len(half)
        exchange.send_response(200)
        exchange.send_header("Content-Length", str(len(held.body)))
        exchange.end_headers()
        exchange.wfile.write(half)
        exchange.server.closing.wait(seconds)
        exchange.close_connection = True

    return behave


def oversized(size: int) -> Behaviour:
    """A body of so many bytes."""
    return body(b"x" * size, "application/octet-stream")


def compressed(content: bytes) -> Behaviour:
    """These bytes, sent with gzip."""

    def behave(exchange: Exchange) -> None:
        exchange.reply(200, gzip.compress(content), {"Content-Type": "text/plain", "Content-Encoding": "gzip"})

    return behave


def miscounted(by: int = 1) -> Behaviour:
    """A search page that announces so many documents more than it gives."""

    def behave(exchange: Exchange) -> None:
        page = json.loads(exchange.usual().body)
        page["count"] += by
        page.setdefault("results", [])
        exchange.reply(200, json.dumps(page).encode(), {"Content-Type": "application/json"})

    return behave
