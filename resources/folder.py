"""A folder that answers the sources' own addresses, so that nothing else needs to know where documents come from.

Layout: ``<host>/<path>`` holds the answer to ``https://<host>/<path>``; ``index.csv`` (url, file, status,
content_type, last_modified) may name other files, statuses and types; ``www.federalregister.gov/documents.index.json``
lists documents from which the Federal Register's search endpoint is answered. The eCFR's list of a part's versions is
answered from the snapshots of the part that are held.
"""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import math
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import orjson
import requests
from requests.adapters import BaseAdapter

_SEARCH_PATH = "/api/v1/documents.json"
_LARGEST_PAGE = 1000
_SNAPSHOT = re.compile(
    r"https://www\.ecfr\.gov/api/versioner/v1/full/(\d{4}-\d\d-\d\d)/title-(\d{1,2})\.xml\?part=(\w{1,8})"
)
_VERSIONS = re.compile(r"https://www\.ecfr\.gov/api/versioner/v1/versions/title-(\d{1,2})\.json\?part=(\w{1,8})")
_COLUMNS = {"url", "file", "status", "content_type", "last_modified"}
_TYPES = {
    ".json": "application/json",
    ".xml": "application/xml",
    ".htm": "text/html",
    ".html": "text/html",
    ".csv": "text/csv",
}


@dataclass(frozen=True)
class _Entry:
    file: Path
    status: int
    content_type: str
    last_modified: str


class Folder:
    """What a folder of documents holds, by the sources' addresses."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def entries(self) -> dict[str, _Entry]:
        """Addresses named in ``index.csv``."""
        index = self.path / "index.csv"
        if not index.exists():
            return {}
        with index.open(encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines)
            if lacking := _COLUMNS - set(rows.fieldnames or ()):
                raise ValueError(f"{index}: lacks the columns {sorted(lacking)}")
            entries = {}
            for row in rows:
                if not str(row["status"]).isdecimal():
                    raise ValueError(f"{index}, line {rows.line_num}: no HTTP status: {row['status']!r}")
                file = self._inside(row["file"])
                entries[row["url"]] = _Entry(file, int(row["status"]), row["content_type"], row["last_modified"])
            return entries

    def entry(self, url: str) -> _Entry | None:
        """What answers ``url``: its line in the index, otherwise the file at its address, if there is one."""
        if url in self.entries:
            return self.entries[url]
        try:
            parts = urlsplit(url)
            file = self._inside(f"{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else ""))
            held = file.is_file()
        except ValueError:
            return None  # addresses come from documents: one that is none, or leaves the folder, is not held
        except OSError as error:
            if error.errno != errno.ENAMETOOLONG:
                raise
            return None
        return _Entry(file, 200, _TYPES.get(file.suffix, "application/octet-stream"), "") if held else None

    @cached_property
    def days(self) -> dict[str, list[date]]:
        """The days its documents bear, by source, in order: what there is to take in, and until when.

        Federal Register: days of publication in its list; SEC: filing dates in submissions; news: dates in feeds; eCFR:
        days of the snapshots.
        """
        days: dict[str, set[date]] = {"federal_register": set(), "sec": set(), "news": set(), "ecfr": set()}
        days["ecfr"] = {day for held in self.snapshots.values() for day in held}
        for document in self.federal_register_documents:
            days["federal_register"] |= _days(document.get("publication_date"))
        for file in sorted(self.path.rglob("*")):
            host = file.relative_to(self.path).parts[0]
            if host == "data.sec.gov" and "submissions" in file.parts and file.suffix == ".json":
                days["sec"] |= _days(*_filing_dates(file.read_bytes()))
            elif file.is_file() and not host.endswith(".gov"):
                days["news"] |= _days(*_feed_dates(file))
        return {source: sorted(held) for source, held in days.items()}

    @cached_property
    def snapshots(self) -> dict[tuple[str, str], list[date]]:
        """Days of the eCFR's snapshots held, in order, by title and part: in ``index.csv``, or at their address."""
        folder = self.path / "www.ecfr.gov"
        files = (file.relative_to(self.path).as_posix() for file in folder.rglob("*") if file.is_file())
        held: dict[tuple[str, str], set[date]] = {}
        for url in (*self.entries, *(f"https://{name}" for name in files)):
            if named := _SNAPSHOT.fullmatch(url):
                held.setdefault((named[2], named[3]), set()).update(_days(named[1]))
        return {part: sorted(days) for part, days in held.items() if days}

    def versions(self, url: str) -> bytes | None:
        """Answer the eCFR's list of a part's versions, as the API does; ``None`` if it is not asked or nothing is held.

        Each snapshot held is a version of the part; the API has one for each section that changed on a day.
        """
        asked = _VERSIONS.fullmatch(url)
        days = self.snapshots.get((asked[1], asked[2]), []) if asked else []
        if not asked or not days:
            return None
        versions = [{"date": f"{day}", "issue_date": f"{day}", "title": asked[1]} for day in days]
        meta = {
            "title": asked[1],
            "result_count": str(len(days)),
            "total_pages": "1",
            "latest_issue_date": f"{days[-1]}",
        }
        return orjson.dumps({"content_versions": versions, "meta": meta})

    def answers(self, url: str) -> bool:
        """Whether ``url`` is a document held, or the list of those that are."""
        return self.entry(url) is not None or self.versions(url) is not None

    def holds_below(self, url: str) -> bool:
        """Whether any document is held at an address that begins with ``url`` and a slash."""
        base = f"{url.rstrip('/')}/"
        if any(named.startswith(base) for named in self.entries):
            return True
        try:
            folder = self._inside(base.partition("://")[2])
        except ValueError:
            return False
        return folder.is_dir() and any(file.is_file() for file in folder.rglob("*"))

    def listing(self) -> list[dict[str, str]]:
        """Lines of an ``index.csv`` for the files held: each under the address that its path stands for."""
        lines = []
        for file in sorted(self.path.glob("*.*/**/*")):
            name = file.relative_to(self.path).as_posix()
            if file.is_file() and not name.endswith("documents.index.json"):
                kind = _TYPES.get(file.suffix, "text/html")
                line = {"url": f"https://{name}", "file": name, "status": "200", "content_type": kind}
                lines.append({**line, "last_modified": ""})
        return lines

    @cached_property
    def federal_register_documents(self) -> list[dict[str, Any]]:
        """The list from which the search endpoint is answered, as the API would give each document."""
        index = self.path / "www.federalregister.gov" / "documents.index.json"
        if not index.exists():
            return []
        try:
            documents = orjson.loads(index.read_bytes())
        except orjson.JSONDecodeError as error:
            raise ValueError(f"{index}: not JSON: {error}") from error
        if not isinstance(documents, list) or not all(isinstance(document, dict) for document in documents):
            raise ValueError(f"{index}: not a list of documents")
        return documents

    @cached_property
    def _last_day(self) -> date:
        return max((day for held in self.days.values() for day in held), default=date.min)

    def search(self, query: str) -> bytes:
        """Answer the Federal Register's search endpoint.

        Args:
            query: the address's query: ``conditions[publication_date][gte|lte]``, ``conditions[agencies][]``,
                ``per_page``, ``page``, ``fields[]``, ``order``. A document that names no agencies matches any agency.
        """
        asked = parse_qs(query)
        first = date.fromisoformat(asked.get("conditions[publication_date][gte]", ["0001-01-01"])[0])
        last = date.fromisoformat(asked.get("conditions[publication_date][lte]", ["9999-12-31"])[0])
        agencies = set(asked.get("conditions[agencies][]", []))
        per_page = min(int(asked.get("per_page", ["20"])[0]), _LARGEST_PAGE)
        page = int(asked.get("page", ["1"])[0])
        fields = asked.get("fields[]", [])

        def matches(document: dict[str, Any]) -> bool:
            slugs = _slugs(document.get("agencies"))
            # One without a date is found on the last day held, so that intake reports it; no search would find it else.
            published = next(iter(_days(document.get("publication_date"))), self._last_day)
            return first <= published <= last and (not agencies or not slugs or bool(slugs & agencies))

        found = sorted(
            filter(matches, self.federal_register_documents),
            key=lambda document: (str(document.get("publication_date")), str(document.get("document_number"))),
            reverse=asked.get("order", ["newest"])[0] == "newest",
        )
        pages = math.ceil(len(found) / per_page)
        answer: dict[str, Any] = {
            "count": len(found),
            "description": "Documents held in a folder",
            "total_pages": pages,
        }
        if page < pages:
            following = {**asked, "page": [str(page + 1)]}
            answer["next_page_url"] = (
                f"https://www.federalregister.gov{_SEARCH_PATH}?{urlencode(following, doseq=True)}"
            )
        shown = found[(page - 1) * per_page : page * per_page]
        if found:
            answer["results"] = [{name: one.get(name) for name in fields} if fields else one for one in shown]
        return orjson.dumps(answer)

    def _inside(self, file: str) -> Path:
        path = (self.path / file).resolve()
        if not path.is_relative_to(self.path.resolve()):
            raise ValueError(f"{file!r} leaves the folder {self.path}")
        return path


class FolderAdapter(BaseAdapter):
    """A ``requests`` transport that answers from a :class:`Folder`, with validators, and 404 for the rest."""

    def __init__(self, folder: Folder) -> None:
        super().__init__()
        self._folder = folder

    def send(self, request: requests.PreparedRequest, *_args: Any, **_kwargs: Any) -> requests.Response:
        """Answer one prepared request."""
        url = request.url or ""
        parts = urlsplit(url)
        if parts.path == _SEARCH_PATH:
            return _answer(request, 200, self._folder.search(parts.query), "application/json", "")
        entry = self._folder.entry(url)
        if entry is None and (versions := self._folder.versions(url)) is not None:
            return _answer(request, 200, versions, "application/json", "")
        if entry is None or not entry.file.is_file():
            return _answer(request, 404, b"not held in this folder", "text/plain", "")
        return _answer(request, entry.status, entry.file.read_bytes(), entry.content_type, entry.last_modified)

    def close(self) -> None:
        """Nothing is kept open."""


def _slugs(agencies: object) -> set[str]:
    """Slugs of agencies as the API gives them; what is of another shape names none, and intake reports it."""
    named = agencies if isinstance(agencies, list) else []
    return {agency["slug"] for agency in named if isinstance(agency, dict) and isinstance(agency.get("slug"), str)}


def _filing_dates(submissions: bytes) -> list[str]:
    try:
        held = orjson.loads(submissions)
        return list(held.get("filings", {"recent": held})["recent"]["filingDate"])
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError):
        return []  # intake reports what is wrong with it


def _feed_dates(file: Path) -> list[str]:
    with file.open("rb") as opened:
        start = opened.read(2048)
    if not any(mark in start for mark in (b"<rss", b"<feed", b"<rdf:RDF")):
        return []
    return re.findall(r"<(?:pubDate|published|updated|dc:date)>\s*([^<]+?)\s*<", file.read_text("utf-8", "replace"))


def _days(*values: object) -> set[date]:
    """Days written YYYY-MM-DD… or as in an e-mail; what is neither is left to intake, which reports it."""
    days = set()
    for value in map(str, values):
        with suppress(ValueError):
            if re.match(r"\d{4}-\d\d-\d\d", value):
                days.add(date.fromisoformat(value[:10]))
            else:
                days.add(parsedate_to_datetime(value).date())
    return days


def _answer(
    request: requests.PreparedRequest, status: int, body: bytes, content_type: str, last_modified: str
) -> requests.Response:
    response = requests.Response()
    response.request = request
    response.url = request.url or ""
    response.status_code = status
    response.headers["Content-Type"] = content_type
    if status == 200:
        response.headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()}"'
        if last_modified:
            response.headers["Last-Modified"] = _http_date(last_modified)
        if request.headers.get("If-None-Match") == response.headers["ETag"]:
            response.status_code, body = 304, b""
    response.reason = HTTPStatus(response.status_code).phrase
    response.headers["Content-Length"] = str(len(body))
    response.raw = io.BytesIO(body)
    return response


def _http_date(value: str) -> str:
    """An index may write the day (2024-11-20) or the header itself."""
    try:
        return format_datetime(datetime.fromisoformat(value).replace(tzinfo=UTC), usegmt=True)
    except ValueError:
        return value
