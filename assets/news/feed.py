"""A feed (RSS 2.0, RSS 1.0, Atom) to rows of the table ``articles``.

feedparser reads the elements of all dialects. Around it stands what it does not do: the bytes are decoded by what was
declared (:mod:`assets.news.charset`), document types with declarations of their own are refused, ill-formed documents
are reported with their line, and what cannot be trusted of them is left out by name.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
from lxml import etree

from assets.news.address import canonical_address
from assets.news.charset import decoded
from assets.news.feeds import Feed
from assets.news.language import language_of
from assets.news.moment import moment_of
from assets.news.plain import lines_of, one_line, plain_text
from resources.documents import Parsed, Row, SourceError

SOURCE = "news"
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""The web's archives hardly begin before this year: an earlier date is the zero of somebody's clock."""
AHEAD = timedelta(days=2)
"""How far a date may lie after the fetch: a day for zones, a day for publishers that date by the print edition."""

_ROOTS = frozenset(["rss", "RDF", "feed"])
_MARKUP_TYPES = frozenset(["text/html", "application/xhtml+xml"])
_FIRST_TAG = re.compile(r"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_ITEM_END = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)


@dataclass(frozen=True)
class _Structure:
    """What the XML says before any item is read: ``lines`` of the items, or where it stops being well formed."""

    lines: tuple[int, ...] = ()
    fault: str = ""
    fault_line: int = 0


def articles_of(
    body: bytes, *, feed: Feed, fetched_at: datetime | None, sha256: str, content_type: str | None = None
) -> Parsed:
    """Read the articles of one fetch of a feed.

    Args:
        body: the response as received.
        feed: the feed it answered for.
        fetched_at: time of the fetch (UTC); dates more than two days after it are refused. ``None``: no such check.
        sha256: of ``body``.
        content_type: the header of the response, if there was one; its charset is honoured.

    Returns:
        Rows of the contract ``articles``, one per canonical address; and as problems: an ill-formed document (with its
        line), a doubtful encoding, a feed without items, each item without address, title or credible date, and
        different items that share an address.

    Raises:
        SourceError: ``body`` is no feed (an HTML page, JSON, nothing), declares entities, or is so ill-formed that no
            item can be read. It lists articles, so it is an index (``is_index``).
    """
    characters = decoded(body, content_type=content_type, language=feed.language)
    text = characters.text
    _refuse_declarations(text, feed)
    structure = _structure(text)
    _refuse_what_is_no_feed(text, feed)
    parsed = _read(text, feed)
    entries: list[Any] = list(parsed.entries)
    problems = []
    if characters.doubt:
        problems.append(_problem(feed, "encoding", characters.doubt))
    if not structure.fault and parsed.bozo:
        fault = parsed.bozo_exception
        structure = _Structure((), str(fault), getattr(fault, "getLineNumber", lambda: 0)() or 0)
    if structure.fault:
        problems.append(
            _problem(
                feed,
                f"line {structure.fault_line}",
                f"not well-formed XML ({structure.fault}); its complete items were read",
                remedy="compare the items with the publisher's page, or tell the publisher",
            )
        )
        entries = _complete(entries, text, feed, problems)
        if not entries:
            raise _no_feed(
                feed, f"line {structure.fault_line}", f"not well-formed XML ({structure.fault}), no item read"
            )
    elif not entries:
        problems.append(_problem(feed, "", "the feed is well formed but has no items"))
    rows: list[Row] = []
    reader = _Reader(feed, parsed.feed.get("language"), str(parsed.version), fetched_at, sha256)
    for index, entry in enumerate(entries):
        line = f", line {structure.lines[index]}" if len(structure.lines) == len(entries) else ""
        try:
            rows.append(reader.row(entry, f"item {index + 1}{line}"))
        except SourceError as problem:
            problems.append(problem)
    problems.extend(_shared_addresses(rows, feed))
    return Parsed(merge([rows]), problems)


def merge(fetches: Iterable[Sequence[Row]]) -> list[Row]:
    """One row per canonical address out of the rows of several fetches, given in the order of fetching.

    The latest version of an article (by its update, else its publication; among equals the one fetched last, and
    within a fetch the one listed first) gives everything but the time of publication, which is the earliest seen, and
    the month, which follows from it. Rows come in the order of their address.
    """
    latest: dict[str, tuple[datetime, int, Row]] = {}
    first: dict[str, datetime] = {}
    for order, rows in enumerate(fetches):
        for row in rows:
            url, published = row["canonical_url"], row["published_at"]
            version = row["updated_at"] or published
            first[url] = min(published, first.get(url, published))
            if url not in latest or (version, order) > latest[url][:2]:
                latest[url] = (version, order, row)
    return [
        {**latest[url][2], "published_at": first[url], "month": first[url].strftime("%Y-%m")} for url in sorted(latest)
    ]


@dataclass(frozen=True)
class _Reader:
    feed: Feed
    feed_language: str | None
    version: str
    fetched_at: datetime | None
    sha256: str

    def row(self, entry: Any, place: str) -> Row:
        address = self._address(entry, place)
        title = _plain(dict.get(entry, "title"), dict.get(entry, "title_detail"))
        if not title:
            raise _problem(self.feed, place, f"an item without a title ({address})")
        if "\ufffd" in title:
            raise _problem(self.feed, place, f"its title has bytes the feed's encoding does not know ({address})")
        published, updated = self._dates(entry, place, address)
        content, summary = _content(entry)
        text = content or summary
        return {
            "canonical_url": address,
            "month": published.strftime("%Y-%m"),
            "feed": self.feed.name,
            "publisher": one_line(plain_text(str(_of(entry, "source", "title") or ""))) or self.feed.publisher,
            "language": language_of(
                f"{title}\n{text}",
                declared=self._declared_language(entry),
                configured=self.feed.language,
            ),
            "title": one_line(title),
            "authors": _authors(entry),
            "summary": summary or None,
            "text": text or None,
            "has_full_text": bool(content),
            "published_at": published,
            "updated_at": updated,
            "source_sha256": self.sha256,
            "location": place,
        }

    def _address(self, entry: Any, place: str) -> str:
        candidates = [dict.get(entry, "feedburner_origlink")]
        if self.version.startswith("atom"):
            alternates = [link for link in dict.get(entry, "links", []) if link.get("rel") == "alternate"]
            alternates.sort(
                key=lambda link: link.get("type") not in _MARKUP_TYPES
            )  # stable: the first page comes first
            candidates.extend(link.get("href") for link in alternates)
        candidates.append(dict.get(entry, "link"))  # of RSS: <link>, otherwise a guid that is a permalink
        if self.version == "rss10":
            candidates.append(dict.get(entry, "id"))  # rdf:about, by the specification the item's address
        for candidate in candidates:
            if candidate and (address := canonical_address(str(candidate))):
                return address
        shown = next((str(candidate)[:80] for candidate in candidates if candidate), "")
        reason = f"its address is not one: {shown!r}" if shown else "an item without an address"
        raise _problem(self.feed, place, f"{reason} ({one_line(str(dict.get(entry, 'title') or ''))[:80]!r})")

    def _dates(self, entry: Any, place: str, address: str) -> tuple[datetime, datetime | None]:
        moments: dict[str, datetime | None] = {}
        for key in ("published", "updated"):
            # dict.get: feedparser's own look-up of "updated" falls back to "published".
            written = str(dict.get(entry, key) or "").strip()
            moments[key] = None
            if written:
                moment = moment_of(written, read=dict.get(entry, f"{key}_parsed"), zone=self.feed.time_zone)
                if moment is None:
                    raise _problem(self.feed, place, f"{key} {written[:60]!r} is not a date ({address})")
                self._refuse_incredible(moment, place, f"{key} {written[:60]!r}", address)
                moments[key] = moment
        published, updated = moments["published"], moments["updated"]
        if published is None and updated is None:
            raise _problem(self.feed, place, f"an item without a date ({address})")
        if published is None or updated is None:
            return published or updated or EARLIEST, None
        return published, updated if updated != published else None

    def _refuse_incredible(self, moment: datetime, place: str, what: str, address: str) -> None:
        if moment < EARLIEST:
            raise _problem(self.feed, place, f"{what} lies before {EARLIEST:%Y} ({address})")
        if self.fetched_at is not None and moment > self.fetched_at + AHEAD:
            raise _problem(self.feed, place, f"{what} lies after the fetch of {self.fetched_at:%Y-%m-%d} ({address})")

    def _declared_language(self, entry: Any) -> str | None:
        own = dict.get(entry, "language") or (dict.get(entry, "title_detail") or {}).get("language")
        return str(own) if own else self.feed_language


def _problem(feed: Feed, place: str, reason: str, *, remedy: str = "") -> SourceError:
    return SourceError(SOURCE, feed.url, place, f"feed {feed.name}: {reason}", remedy=remedy)


def _no_feed(feed: Feed, place: str, reason: str) -> SourceError:
    remedy = "open the address; if the feed has moved, change it in the list of feeds"
    return SourceError(SOURCE, feed.url, place, f"feed {feed.name}: {reason}", remedy=remedy, is_index=True)


def _refuse_declarations(text: str, feed: Feed) -> None:
    # Entities can expand without bound or name files and hosts. Feeds need none, so a document type that declares
    # anything is refused before any parser sees it; one that only names itself is harmless.
    first_tag = _FIRST_TAG.search(text)
    head = text[: first_tag.start()] if first_tag else text
    found = re.search(r"<!ENTITY", head, re.IGNORECASE) or re.search(
        r"<!DOCTYPE[^>\[]*\[", _without_comments(text), re.IGNORECASE
    )
    if found:
        line = text.count("\n", 0, text.find(found[0])) + 1
        raise _no_feed(feed, f"line {line}", "its document type declares entities or elements: refused")


def _without_comments(text: str) -> str:
    """Prolog of a document up to its first element, as an XML parser sees it."""
    position, kept = 0, []
    while position < len(text):
        following = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL).match(text, position)
        if following:
            position = following.end()
        elif text.startswith("<!", position):
            end = text.find(">", position)
            kept.append(text[position : end + 1 if end >= 0 else len(text)])
            position = end + 1 if end >= 0 else len(text)
        else:
            break
    return "".join(kept)


def _structure(text: str) -> _Structure:
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        return _Structure(fault=(error.msg or "empty").split(", line ")[0], fault_line=error.lineno or 1)
    items = [
        element
        for element in root.iter("{*}item", "{*}entry")
        if element.getparent() is root or etree.QName(element.getparent()).localname == "channel"
    ]
    return _Structure(lines=tuple(int(element.sourceline or 0) for element in items))


def _refuse_what_is_no_feed(text: str, feed: Feed) -> None:
    stripped = text.strip()
    if not stripped:
        raise _no_feed(feed, "", "empty document")
    without = re.sub(r"<!--.*?-->|<\?.*?\?>", "", stripped, flags=re.DOTALL)
    first = _FIRST_TAG.search(without)
    if (
        first
        and first[2] in _ROOTS
        and not without[: first.start()].replace("\ufeff", "").strip(" \t\r\n").startswith("{")
    ):
        return
    shown = one_line(stripped[:80])
    if first and (first[2].lower() in ("html", "head", "body") or "<!doctype html" in without[:200].lower()):
        raise _no_feed(feed, "line 1", f"an HTML page and not a feed: {shown!r}")
    raise _no_feed(feed, "line 1", f"no RSS or Atom document: {shown!r}")


def _read(text: str, feed: Feed) -> Any:
    # A stream: a string could be taken for an address and fetched. The media type keeps feedparser from decoding anew.
    # Markup is neither sanitised nor resolved, because only its text is used.
    try:
        return feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": feed.url},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:
        raise _no_feed(feed, "", f"feedparser cannot read it: {type(error).__name__}: {error}") from error


def _complete(entries: list[Any], text: str, feed: Feed, problems: list[SourceError]) -> list[Any]:
    """Leave out the items of an ill-formed document that are not closed: their text may be cut off."""
    closed = len(_ITEM_END.findall(text))
    for index, entry in enumerate(entries[closed:], closed):
        title = one_line(str(dict.get(entry, "title") or ""))[:80]
        problems.append(_problem(feed, f"item {index + 1}", f"an item that is cut off ({title!r})"))
    return entries[:closed]


def _shared_addresses(rows: list[Row], feed: Feed) -> list[SourceError]:
    titles: dict[str, set[str]] = {}
    for row in rows:
        titles.setdefault(row["canonical_url"], set()).add(row["title"])
    count = Counter(row["canonical_url"] for row in rows)
    return [
        _problem(feed, f"{count[url]} items", f"{len(named)} different titles share {url}; the latest was kept")
        for url, named in titles.items()
        if len(named) > 1
    ]


def _of(entry: Any, key: str, part: str) -> Any:
    value = dict.get(entry, key)
    return value.get(part) if isinstance(value, dict) else None


def _plain(value: Any, detail: Any) -> str:
    text = str(value or "")
    is_plain = isinstance(detail, dict) and detail.get("type") == "text/plain"
    return lines_of(text) if is_plain else plain_text(text)


def _content(entry: Any) -> tuple[str, str]:
    """Plain text of the item's content and of its summary; the summary is empty where it only repeats the content."""
    contents = [
        part
        for part in dict.get(entry, "content", [])
        if part.get("value") and (part.get("type") or "text/html") in {*_MARKUP_TYPES, "text/plain"}
    ]
    best = max(contents, key=lambda part: len(part["value"]), default=None)
    raw_summary = dict.get(entry, "summary")
    content = _plain(best["value"], best) if best else ""
    if best and raw_summary == best["value"]:
        return content, ""
    return content, _plain(raw_summary, dict.get(entry, "summary_detail"))


def _authors(entry: Any) -> list[str]:
    named: dict[str, None] = {}
    for author in dict.get(entry, "authors", []):
        name = one_line(plain_text(str(author.get("name") or author.get("email") or "")))
        if name:
            named.setdefault(name)
    return list(named)
