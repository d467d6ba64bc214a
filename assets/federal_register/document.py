"""One Federal Register document as a row of ``fr_documents``: what the API says, completed from the full text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from lxml import etree

from assets.federal_register.dates import Effect, effect
from assets.federal_register.full_text import SOURCE, document_number, parse, plain_dashes, text
from resources.documents import Parsed, Row, SourceError

DOCUMENT_TYPES: Final = frozenset(
    {"Rule", "Proposed Rule", "Notice", "Correction", "Presidential Document", "Uncategorized Document"}
)
_TYPE_OF_ROOT: Final = {
    "RULE": "Rule",
    "PRORULE": "Proposed Rule",
    "NOTICE": "Notice",
    "PRESDOCU": "Presidential Document",
    "CORRECT": "Correction",
}
_CFR: Final = re.compile(
    r"(\d+)\s+CFR\s+(?:Chapter\s+\w+|Parts?\s+)?((?:\d+(?:,\s*and\s+|,\s*|\s+and\s+)?)*)", re.IGNORECASE
)
_RIN: Final = re.compile(r"\b\d{4}-[A-Z]{2}\d{2,3}\b")
_CORRECTION: Final = re.compile(r"C\d+-(.+)")
_NUMBER_AT_END: Final = re.compile(r"([\w-]+?)(?:\.json)?/?$")
_HALF_CHARACTER: Final = re.compile(r"[\ud800-\udfff]")  # JSON can name one half of a pair, UTF-8 cannot
_FILED: Final = re.compile(r"\bFiled\s+(\d{1,2})-(\d{1,2})-(\d{2}|\d{4})\b", re.IGNORECASE)
_FIRST_VOLUME: Final = 1935  # volume 1 appeared in 1936


@dataclass(frozen=True)
class Preamble:
    """What the full text says of the document itself, before its substance. Words are as printed."""

    document_type: str
    title: str | None = None
    action: str | None = None
    summary: str | None = None
    dates_text: str | None = None
    effect: Effect = field(default_factory=Effect)
    docket_ids: list[str] = field(default_factory=list)
    regulation_id_numbers: list[str] = field(default_factory=list)
    cfr_references: list[str] = field(default_factory=list)
    agencies: list[str] = field(default_factory=list)
    first_page: int | None = None


def read_preamble(root: etree._Element, publication_date: date) -> Preamble:
    """Read the preamble of a parsed document; what a document of its kind does not have is empty."""
    head = next(root.iter("PREAMB"), root)
    dates_text = _section(head, "EFFDATE", "DATES", "EFFDATES")
    return Preamble(
        document_type=_TYPE_OF_ROOT[root.tag],
        title=text(next(head.iter("SUBJECT"), None)) or None,
        action=_section(head, "ACT"),
        summary=_section(head, "SUM"),
        dates_text=dates_text,
        effect=effect(dates_text or "", publication_date),
        docket_ids=[text(el).strip("[] ") for el in head.iter("DEPDOC")],
        regulation_id_numbers=[rin for el in head.iter("RIN") for rin in _RIN.findall(plain_dashes(text(el)))],
        cfr_references=list(dict.fromkeys(ref for el in head.iter("CFR") for ref in _cfr_parts(text(el)))),
        agencies=[_slug(text(el)) for el in (*head.iter("SUBAGY"), *head.iter("AGENCY")) if text(el)],
        first_page=_first_page(root),
    )


def filed_date(root: etree._Element) -> date | None:
    """Return the day a document was filed for public inspection, from its FR Doc line; ``None`` where it has none."""
    for element in root.iter("FRDOC"):
        if match := _FILED.search(plain_dashes(text(element))):
            month, day, year = (int(part) for part in match.groups())
            try:
                # Two digits since 1994: the register's documents as XML are not older.
                return date(year if year > 99 else year + (2000 if year < 90 else 1900), month, day)
            except ValueError:
                return None
    return None


def first_known(filed: date | None, published: date) -> date:
    """Return the first day the world could know a document: filed for public inspection, or published."""
    return published if filed is None else min(filed, published)


def document_row(api_result: Mapping[str, Any], xml: bytes | None, sha256: str | None) -> Parsed:
    """Build the row of ``fr_documents`` for one document.

    Args:
        api_result: its entry in the search, with at least ``document_number`` and ``publication_date``; any other field
            may be missing and is then taken from the full text where that has it.
        xml: the full text's bytes; ``None`` if it is not held.
        sha256: digest of those bytes.

    Returns:
        One row; none if the document has no title anywhere. A full text that cannot be read, a field of another shape
        than the API documents, or a DATES section without a readable day of effect in a rule is a problem; the row then
        has what the rest says.

    Raises:
        SourceError: the entry has no number, one that is none, or no publication date.
    """
    named = api_result.get("document_number")
    if not isinstance(named, str) or not named.strip():
        raise SourceError(SOURCE, str(api_result.get("html_url")), "$.document_number", "an entry without a number")
    number = document_number(named)
    if number is None:
        raise SourceError(SOURCE, named.strip(), "$.document_number", f"not a document number but {named!r:.80}")
    entry = _Entry(number, api_result)
    published = entry.day("publication_date")
    if published is None:
        raise SourceError(SOURCE, number, "$.publication_date", "an entry without a publication date")
    preamble: Preamble | None = None
    if xml is not None:
        try:
            preamble = read_preamble(parse(xml, document=number), published)
        except SourceError as problem:
            entry.problems.append(problem)
    title = entry.words("title") or (preamble.title if preamble else None)
    if title is None:
        entry.problem("$.title", "a document without a title")
        return Parsed([], entry.problems)
    row = _from_api(entry, number, published, title)
    row["xml_sha256"] = sha256 if xml is not None else None
    if preamble is not None:
        _complete(row, preamble, published)
        if preamble.dates_text and row["effective_date"] is None and row["document_type"] == "Rule":
            entry.problem("DATES", f"no day of effect can be read from: {preamble.dates_text:.200}")
    if row["document_type"] not in DOCUMENT_TYPES | {None}:
        entry.problem("$.type", f"a type of document that is not known: {row['document_type']}")
        row["document_type"] = None
    return Parsed([row], entry.problems)


def _from_api(entry: _Entry, number: str, published: date, title: str) -> Row:
    effective = entry.day("effective_on")
    return {
        "document_number": number,
        "publication_date": published,
        "month": f"{published:%Y-%m}",
        "title": title,
        "document_type": entry.words("type"),
        "action": entry.words("action"),
        "abstract": entry.words("abstract"),
        "dates_text": entry.words("dates"),
        "effective_date": effective,
        "effective_date_source": "api" if effective else None,
        "comments_close_date": entry.day("comments_close_on"),
        "citation": entry.words("citation"),
        "docket_ids": entry.list_of_words("docket_ids"),
        "regulation_id_numbers": entry.list_of_words("regulation_id_numbers"),
        "cfr_references": entry.cfr_references(),
        "agencies": entry.agencies(),
        "correction_of": _correction_of(number, entry.words("correction_of")),
        "html_url": entry.words("html_url") or f"https://www.federalregister.gov/d/{number}",
        "full_text_xml_url": entry.words("full_text_xml_url"),
    }


def _complete(row: Row, preamble: Preamble, published: date) -> None:
    """Fill what the API left empty; what it says stands."""
    for column, value in (
        ("document_type", preamble.document_type),
        ("action", preamble.action),
        ("abstract", preamble.summary),
        ("dates_text", preamble.dates_text),
        ("docket_ids", preamble.docket_ids),
        ("regulation_id_numbers", preamble.regulation_id_numbers),
        ("cfr_references", preamble.cfr_references),
        ("agencies", preamble.agencies),
    ):
        row[column] = row[column] or value
    if row["effective_date"] is None and preamble.effect.first is not None:
        row["effective_date"], row["effective_date_source"] = preamble.effect.first, "dates_text"
    if row["citation"] is None and preamble.first_page is not None:
        row["citation"] = citation(published, preamble.first_page)


def citation(published: date, first_page: int) -> str:
    """Return volume and page of a document (``87 FR 100``)."""
    return f"{published.year - _FIRST_VOLUME} FR {first_page}"


class _Entry:
    """An API entry read field by field; a value of another shape than documented is a problem and counts as empty."""

    def __init__(self, document: str, fields: Mapping[str, Any]) -> None:
        self.document = document
        self.fields = fields
        self.problems: list[SourceError] = []

    def problem(self, where: str, reason: str) -> None:
        self.problems.append(SourceError(SOURCE, self.document, where, reason))

    def words(self, name: str) -> str | None:
        value = self.fields.get(name)
        if value is not None and not isinstance(value, str):
            self.problem(f"$.{name}", f"not text but {value!r:.80}")
            return None
        if value and _HALF_CHARACTER.search(value):
            self.problem(f"$.{name}", f"not text in Unicode but {value!r:.80}")
            return None
        return " ".join(value.split()) or None if value else None

    def day(self, name: str) -> date | None:
        value = self.words(name)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.problem(f"$.{name}", f"not a date but {value!r:.80}")
            return None

    def items(self, name: str) -> list[Any]:
        value = self.fields.get(name)
        if value is not None and not isinstance(value, list):
            self.problem(f"$.{name}", f"not a list but {value!r:.80}")
            return []
        return value or []

    def list_of_words(self, name: str) -> list[str]:
        words = []
        for item in self.items(name):
            if not isinstance(item, str) or _HALF_CHARACTER.search(item):
                self.problem(f"$.{name}", f"not text but {item!r:.80}")
            elif item.strip():
                words.append(" ".join(item.split()))
        return words

    def cfr_references(self) -> list[str]:
        references = []
        for item in self.items("cfr_references"):
            title, part = (item.get("title"), item.get("part")) if isinstance(item, dict) else (None, None)
            if not isinstance(title, int | str) or not isinstance(part, int | str | None):
                self.problem("$.cfr_references", f"not a CFR reference but {item!r:.80}")
            else:
                references.append(f"{title} CFR {part}" if part is not None else f"{title} CFR")
        return list(dict.fromkeys(references))

    def agencies(self) -> list[str]:
        slugs = []
        for item in self.items("agencies"):
            name = item.get("slug") or item.get("raw_name") if isinstance(item, dict) else None
            slug = _slug(name) if isinstance(name, str) else ""
            if slug:
                slugs.append(slug)
            else:
                self.problem("$.agencies", f"not an agency but {item!r:.80}")
        return slugs


def _section(head: etree._Element, *names: str) -> str | None:
    """Return the words of a section of the preamble without its heading; several of the same kind follow each other."""
    sections = list(head.iter(*names))
    words = [text(child) for section in sections for child in section if child.tag != "HD"]
    return " ".join(filter(None, words)) or None


def _cfr_parts(words: str) -> list[str]:
    references = []
    for match in _CFR.finditer(words):
        parts = re.findall(r"\d+", match[2])
        references += [f"{match[1]} CFR {part}" for part in parts] or [f"{match[1]} CFR"]
    return references


def _correction_of(number: str, named: str | None) -> str | None:
    """Return the number of the corrected document: the API gives its address, a correction's own number implies it."""
    if named and (match := _NUMBER_AT_END.search(named)):
        return match[1]
    match = _CORRECTION.fullmatch(number)
    return match[1] if match else None


def _first_page(root: etree._Element) -> int | None:
    """Return the page the document begins on: that of a page mark before its first word, if there is one."""
    for element in root.iter():
        if element.tag == "PRTPAGE":
            page = element.get("P", "")
            return int(page) if page.isdigit() else None
        if (element.text or "").strip():
            return None
    return None


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
