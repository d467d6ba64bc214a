"""A filing's inline XBRL document as rows of the table ``facts``, with their dimensions.

Source: Inline XBRL 1.1 (https://www.xbrl.org/specification/inlinexbrl-part1/rec-2013-11-18/inlinexbrl-part1-rec-2013-11-18.html),
XBRL Dimensions 1.0. Numeric facts (``ix:nonFraction``) are read wherever they stand, hidden ones too. Facts marked
``xsi:nil`` have no value and are left out. Of the other facts (``ix:nonNumeric``) only those of :data:`COVER` are read,
from the whole document's context; footnotes and continuations are ignored.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Context, Decimal, localcontext
from typing import Any

import pyarrow as pa
from lxml import etree

from assets.earnings.facts import CAPTION_SEPARATOR, Facts
from assets.earnings.fiscal import fiscal_position
from assets.earnings.inline_numbers import number_of
from assets.earnings.vendors import Vendor
from expectations import contract
from resources.documents import Row, SourceError

COVER = (
    "dei:DocumentType",
    "dei:DocumentPeriodEndDate",
    "dei:AmendmentFlag",
    "dei:DocumentFiscalYearFocus",
    "dei:DocumentFiscalPeriodFocus",
)
"""Facts that say what the document is."""

_SOURCE = "sec"
_IX = ("http://www.xbrl.org/2013/inlineXBRL", "http://www.xbrl.org/2008/inlineXBRL")
_XBRLI = "{http://www.xbrl.org/2003/instance}"
_XBRLDI = "{http://xbrl.org/2006/xbrldi}"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

# A document may bind any prefix to a taxonomy. Names are made comparable by the taxonomy's own prefix.
_TAXONOMIES = (
    (re.compile(r"^https?://fasb\.org/(us-gaap|srt)/"), None),
    (re.compile(r"^https?://xbrl\.sec\.gov/([a-z-]+)/"), None),
    (re.compile(r"^https?://xbrl\.ifrs\.org/taxonomy/[\d-]+/(ifrs-full)"), None),
    (re.compile(r"^http://www\.xbrl\.org/2003/(iso4217)$"), None),
    (re.compile(r"^http://www\.xbrl\.org/2003/instance$"), "xbrli"),
)


@dataclass(frozen=True)
class InlineXbrl(Facts):
    """Facts of one filing, and what its cover says it is; each of these may be missing."""

    document_type: str | None = None
    period_end: date | None = None
    is_amendment: bool | None = None
    fiscal_year_focus: int | None = None
    fiscal_period_focus: str | None = None


@dataclass(frozen=True)
class _Context:
    dimensions: str
    period: str
    start: date | None
    end: date


@dataclass(frozen=True)
class _Reading:
    """One occurrence of a fact. ``decimals`` is how many places are exact, ``None`` where all are."""

    row: Row
    decimals: int | None


def facts_of(
    body: bytes, *, vendor: Vendor, accession_number: str, form: str, filed: date, document: str, sha256: str
) -> InlineXbrl:
    """Read the numeric facts of one inline XBRL document.

    A fact stated several times in the document is one row with its most exact value, as long as the values can be
    roundings of one number; otherwise it is no row but a problem that names them all.

    Args:
        body: the document as received.
        vendor: the filer.
        accession_number: the filing.
        form: as EDGAR lists it, e.g. ``10-Q``.
        filed: filing date.
        document: its address, for messages.
        sha256: of ``body``, for provenance.

    Returns:
        The facts, with ``source`` inline_xbrl, and the cover. Facts with a context, unit or number that cannot be
        resolved are among the problems, as is a cover that contradicts the form or the vendor's fiscal calendar.

    Raises:
        SourceError: the document is not well-formed XML (cut off, an error page) or not inline XBRL.
    """
    root = _parse(body, document)
    namespace = _inline_namespace(root, document)
    reader = _Reader(root, vendor, accession_number, document)
    common = {
        "vendor": vendor.slug,
        "accession_number": accession_number,
        "form": form,
        "known_from": filed,
        "month": filed.isoformat()[:7],
        "source": "inline_xbrl",
        "source_sha256": sha256,
    }
    readings: dict[tuple[str, ...], list[_Reading]] = {}
    for element in root.iter(f"{{{namespace}}}nonFraction"):
        if element.get(_NIL) in ("true", "1"):
            continue
        try:
            reading = reader.reading(element, common)
        except ValueError as error:
            reader.report(element, str(error))
            continue
        key = tuple(reading.row[name] for name in ("concept", "dimensions", "period", "unit"))
        readings.setdefault(key, []).append(reading)
    for element in root.iter(f"{{{namespace}}}fraction"):
        reader.report(element, f"{element.get('name')}: ix:fraction is not read")
    rows = [row for found in readings.values() if (row := reader.agreed(found)) is not None]
    cover = reader.cover(root, namespace, form)
    table = contract.load("facts").table_of(_table(rows))
    return InlineXbrl(table, reader.problems, **cover)


def _parse(body: bytes, document: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise SourceError(
            _SOURCE,
            document,
            f"line {line}, column {column}",
            f"not well-formed XML, so cut off or not inline XBRL: {error.msg}",
            remedy="fetch it again",
        ) from error


def _inline_namespace(root: Any, document: str) -> str:
    for namespace in _IX:
        if next(root.iter(f"{{{namespace}}}header"), None) is not None:
            return namespace
    raise SourceError(
        _SOURCE, document, f"<{etree.QName(root).localname}>", "no ix:header: not an inline XBRL document"
    )


def _table(rows: list[Row]) -> pa.Table:
    schema = contract.load("facts").schema
    return pa.table({field.name: pa.array([row[field.name] for row in rows], field.type) for field in schema})


class _Reader:
    """Resolves names, contexts and units of one document, each once, and notes what it cannot resolve."""

    def __init__(self, root: Any, vendor: Vendor, accession_number: str, document: str) -> None:
        self.vendor = vendor
        self.accession_number = accession_number
        self.document = document
        self.problems: list[SourceError] = []
        self._namespaces: dict[str | None, str] = dict(root.nsmap)
        self._names: dict[str, str] = {}
        self._contexts = {element.get("id"): element for element in root.iter(f"{_XBRLI}context")}
        self._units = {element.get("id"): element for element in root.iter(f"{_XBRLI}unit")}
        self._resolved: dict[str, _Context | ValueError] = {}
        self._captions: dict[Any, str | None] = {}
        self._resolved_units: dict[str, str | ValueError] = {}

    def report(self, element: Any, reason: str) -> None:
        """Note a problem at an element."""
        self.problems.append(SourceError(_SOURCE, self.document, _place(element), reason))

    def reading(self, element: Any, common: Row) -> _Reading:
        """One fact; raises ``ValueError`` with the reason if it cannot be read."""
        name = element.get("name") or ""
        concept = self.name(name, element)
        context = self.context(element.get("contextRef") or "", name)
        unit = self.unit(element.get("unitRef") or "", name)
        format_name = element.get("format")
        try:
            value = number_of(
                "".join(element.itertext()) if len(element) else element.text or "",
                format_name=format_name.rpartition(":")[2] if format_name else None,
                scale=element.get("scale"),
                sign=element.get("sign"),
            )
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
        if not _fits(value):
            raise ValueError(f"{name}: the value {value} has more digits than the table holds")
        row = common | {
            "concept": concept,
            "dimensions": context.dimensions,
            "period": context.period,
            "period_start": context.start,
            "period_end": context.end,
            "unit": unit,
            "value": value,
            "caption": self.caption(element),
            "location": _place(element),
        }
        decimals = (element.get("decimals") or "INF").strip()
        if decimals == "INF":
            return _Reading(row, None)
        if not re.fullmatch(r"[+-]?\d{1,3}", decimals):
            raise ValueError(f"{name}: decimals {decimals!r} are not a number of places")
        return _Reading(row, int(decimals))

    def agreed(self, readings: list[_Reading]) -> Row | None:
        """The most exact of several readings, the first of equals; ``None`` (and a problem) if they contradict."""
        if len(readings) == 1:
            return readings[0].row
        lowest = max(reading.row["value"] - _margin(reading) for reading in readings)
        highest = min(reading.row["value"] + _margin(reading) for reading in readings)
        best = max(readings, key=lambda reading: _INFINITE if reading.decimals is None else reading.decimals)
        row = best.row
        if lowest <= highest:
            captions = dict.fromkeys(reading.row["caption"] for reading in readings if reading.row["caption"])
            return row | {"caption": CAPTION_SEPARATOR.join(captions) or None}
        places = ", ".join(f"{reading.row['value']:f} at {reading.row['location']}" for reading in readings)
        what = f"{row['concept']} {row['dimensions']} {row['period']}".replace("  ", " ")
        reason = f"{self.accession_number} contradicts itself about {what}: {places}"
        self.problems.append(SourceError(_SOURCE, self.document, row["location"], reason))
        return None

    def caption(self, element: Any) -> str | None:
        """First cell with a text in the table row the fact stands in; ``None`` if that is the fact's own, or no row."""
        row = element.getparent()
        while row is not None and etree.QName(row).localname not in ("tr", "body"):
            row = row.getparent()
        if row is None or etree.QName(row).localname == "body":
            return None
        if row not in self._captions:
            self._captions[row] = _caption_of(row)
        return self._captions[row]

    def name(self, prefixed: str, element: Any) -> str:
        """A prefixed name under the taxonomy's own prefix."""
        if prefixed in self._names:
            return self._names[prefixed]
        prefix, separator, local = prefixed.strip().partition(":")
        uri = self._namespaces.get(prefix) or element.nsmap.get(prefix)
        if not separator or not local or uri is None:
            raise ValueError(f"the name {prefixed!r} has no known prefix")
        for pattern, known in _TAXONOMIES:
            if match := pattern.match(uri):
                prefix = known or match[1]
                break
        self._names[prefixed] = f"{prefix}:{local}"
        return self._names[prefixed]

    def context(self, reference: str, name: str) -> _Context:
        """Period and dimensions behind a reference; ``ValueError`` names the fact that makes it."""
        if reference not in self._resolved:
            try:
                self._resolved[reference] = self._context_of(reference)
            except ValueError as error:
                self._resolved[reference] = error
        resolved = self._resolved[reference]
        if isinstance(resolved, ValueError):
            raise ValueError(f"{name}: {resolved}")
        return resolved

    def unit(self, reference: str, name: str) -> str:
        """Unit behind a reference; ``ValueError`` names the fact that makes it."""
        if reference not in self._resolved_units:
            try:
                self._resolved_units[reference] = self._unit_of(reference)
            except ValueError as error:
                self._resolved_units[reference] = error
        resolved = self._resolved_units[reference]
        if isinstance(resolved, ValueError):
            raise ValueError(f"{name}: {resolved}")
        return resolved

    def _context_of(self, reference: str) -> _Context:
        element = self._contexts.get(reference)
        if element is None:
            raise ValueError(f"there is no context {reference!r}")
        identifier = (element.findtext(f"{_XBRLI}entity/{_XBRLI}identifier") or "").strip()
        if identifier.lstrip("0") != str(self.vendor.cik):
            raise ValueError(f"context {reference!r} is about entity {identifier!r}, not {self.vendor.cik}")
        pairs = []
        for member in element.iter(f"{_XBRLDI}explicitMember", f"{_XBRLDI}typedMember"):
            axis = self.name(member.get("dimension") or "", member)
            if member.tag == f"{_XBRLDI}explicitMember":
                pairs.append((axis, self.name(member.text or "", member)))
            else:
                text = " ".join("".join(member.itertext()).split())
                pairs.append((axis, text.replace("%", "%25").replace(";", "%3B").replace("=", "%3D") or "nil"))
        if len({axis for axis, _ in pairs}) < len(pairs):
            raise ValueError(f"context {reference!r} names an axis twice")
        dimensions = ";".join(f"{axis}={member}" for axis, member in sorted(pairs))
        period = f"{_XBRLI}period/{_XBRLI}"
        instant = element.findtext(f"{period}instant")
        if instant is not None:
            day = _day(instant, reference)
            return _Context(dimensions, day.isoformat(), None, day)
        start = _day(element.findtext(f"{period}startDate"), reference)
        end = _day(element.findtext(f"{period}endDate"), reference)
        if start > end:
            raise ValueError(f"context {reference!r} ends on {end}, before it begins on {start}")
        return _Context(dimensions, f"{start}/{end}", start, end)

    def _unit_of(self, reference: str) -> str:
        element = self._units.get(reference)
        if element is None:
            raise ValueError(f"there is no unit {reference!r}")
        above = element.findall(f"{_XBRLI}divide/{_XBRLI}unitNumerator/{_XBRLI}measure")
        below = element.findall(f"{_XBRLI}divide/{_XBRLI}unitDenominator/{_XBRLI}measure")
        measures = element.findall(f"{_XBRLI}measure") or above
        if not measures:
            raise ValueError(f"unit {reference!r} has no measure")
        # EDGAR's own JSON writes measures without their prefix; so do we, that both sources agree.
        product = "*".join(sorted((measure.text or "").strip().rpartition(":")[2] for measure in measures))
        quotient = "*".join(sorted((measure.text or "").strip().rpartition(":")[2] for measure in below))
        return f"{product}/{quotient}" if quotient else product

    def cover(self, root: Any, namespace: str, form: str) -> dict[str, Any]:
        """What the document says it is; contradictions with form and fiscal calendar are reported."""
        found: dict[str, Any] = {}
        for element in root.iter(f"{{{namespace}}}nonNumeric"):
            name = element.get("name") or ""
            if not name.startswith("dei:") or name not in COVER or name in found:
                continue
            text = " ".join("".join(element.itertext()).split())
            try:
                found[name] = _cover_value(name, text)
            except ValueError as error:
                self.report(element, f"{name}: {error}")
                continue
            if name == "dei:DocumentType" and found[name].split("/")[0] != form.split("/", maxsplit=1)[0]:
                self.report(element, f"the document calls itself {text!r}, EDGAR lists it as {form!r}")
        self._compare_focus(found)
        keys = ("document_type", "period_end", "is_amendment", "fiscal_year_focus", "fiscal_period_focus")
        return {key: found.get(name) for key, name in zip(keys, COVER, strict=True)}

    def _compare_focus(self, found: dict[str, Any]) -> None:
        end, year, period = (
            found.get(f"dei:Document{name}") for name in ("PeriodEndDate", "FiscalYearFocus", "FiscalPeriodFocus")
        )
        if end is None or year is None or period not in ("Q1", "Q2", "Q3", "Q4", "FY"):
            return
        stated = (year, 4 if period == "FY" else int(period[1]))
        placed = fiscal_position(end, self.vendor)
        if placed != stated:
            reason = f"the period ending {end} is fiscal {year} {period} by its cover, {placed} by vendors.yml"
            self.problems.append(SourceError(_SOURCE, self.document, "dei:DocumentFiscalYearFocus", reason))


_INFINITE = 10**6


def _caption_of(row: Any) -> str | None:
    for cell in row:
        text = " ".join(html.unescape("".join(cell.itertext())).split())
        if any(letter.isalpha() for letter in text):
            tagged = any(next(cell.iter(f"{{{namespace}}}nonFraction"), None) is not None for namespace in _IX)
            return None if tagged else text
        if any(digit.isdigit() for digit in text):
            return None
    return None


def _fits(value: Decimal) -> bool:
    """Whether a value is one of the contract's decimal(38, 10) without loss."""
    with localcontext(Context(prec=120)):
        return abs(value) < Decimal(10) ** 28 and value.scaleb(10) == value.scaleb(10).to_integral_value()


def _margin(reading: _Reading) -> Decimal:
    return Decimal(0) if reading.decimals is None else Decimal(5).scaleb(-reading.decimals - 1)


def _place(element: Any) -> str:
    identity = element.get("id")
    name = etree.QName(element).localname
    return f"ix:{name} {identity}, line {element.sourceline}" if identity else f"ix:{name}, line {element.sourceline}"


def _day(text: str | None, reference: str) -> date:
    text = (text or "").strip()
    if not _ISO_DATE.fullmatch(text):
        raise ValueError(f"context {reference!r} has no usable period: {text!r}")
    return date.fromisoformat(text)


def _cover_value(name: str, text: str) -> Any:
    if name == "dei:DocumentFiscalYearFocus":
        return int(text)
    if name == "dei:AmendmentFlag":
        if text.lower() not in ("true", "false"):
            raise ValueError(f"{text!r} is neither true nor false")
        return text.lower() == "true"
    if name == "dei:DocumentPeriodEndDate":
        for pattern in ("%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%Y-%m-%d", "%m/%d/%Y", "%d %B %Y"):
            try:
                return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
        raise ValueError(f"{text!r} is not a date")
    return text
