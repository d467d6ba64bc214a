"""A filing's inline XBRL document as rows of the table ``facts``, with their dimensions.

Source: Inline XBRL 1.1 (https://www.xbrl.org/specification/inlinexbrl-part1/rec-2013-11-18/inlinexbrl-part1-rec-2013-11-18.html).
Numeric facts (``ix:nonFraction``) are read wherever they stand, hidden ones too. Facts marked ``xsi:nil`` have no value
and are left out. Fractions, and facts of a tuple or of another target document, are reported and not read. Of the
other facts (``ix:nonNumeric``) only the cover is read (:mod:`assets.earnings.inline_cover`); footnotes and
continuations are ignored.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

import pyarrow as pa
from lxml import etree

from assets.earnings.edgar import SOURCE
from assets.earnings.facts import CAPTION_SEPARATOR, VALUE, Facts, fits
from assets.earnings.inline_contexts import XBRLI, FactContext, Names, Resources
from assets.earnings.inline_cover import Cover, cover_of
from assets.earnings.inline_numbers import number_of
from assets.earnings.vendors import Vendor
from expectations import contract
from resources.documents import SourceError

_IX = ("http://www.xbrl.org/2013/inlineXBRL", "http://www.xbrl.org/2008/inlineXBRL")
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
# The registries of transformation rules: XBRL International's and the SEC's, each in several editions.
_REGISTRY = re.compile(r"^http://www\.(xbrl\.org|sec\.gov)/(2008/)?inlineXBRL/transformation(/|$)")
_ROW = ("}tr", "}body")
_EXACT = 10**6


@dataclass(frozen=True)
class InlineXbrl(Facts):
    """Facts of one filing, and what its cover says it is."""

    cover: Cover = field(default_factory=Cover)


class _Reading(NamedTuple):
    """One occurrence of a fact; its value is exact to ``decimals`` places."""

    concept: str
    context: FactContext
    unit: str
    value: Decimal
    decimals: int
    caption: str | None
    place: str

    @property
    def margin(self) -> Decimal:
        """How far the value may be from the number it is a rounding of."""
        return Decimal(0) if self.decimals == _EXACT else Decimal(5).scaleb(-self.decimals - 1)


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
    parts = _Parts(root, document)
    # Where only the first element binds prefixes, a name means the same everywhere and need not be looked up in place.
    names = Names(root, one_scope=body.count(b"xmlns:") == len(set(root.nsmap) - {None}))
    reader = _Reader(names, Resources(parts.contexts, parts.units, names, vendor.cik))
    problems: list[tuple[Any, str]] = [
        (element, f"{element.get('name')}: ix:{_local(element)} is not read") for element in parts.others
    ]
    readings: dict[tuple[str, ...], list[_Reading]] = {}
    for element in parts.numbers:
        if element.get(_NIL) in ("true", "1"):
            continue
        try:
            reading = reader.reading(element)
        except ValueError as error:
            problems.append((element, f"{element.get('name') or 'a fact without name'}: {error}"))
            continue
        context = reading.context
        readings.setdefault((reading.concept, context.dimensions, context.period, reading.unit), []).append(reading)
    rows = []
    contradictions = []
    # In the order of the contract's grain, so that it need not be sorted there.
    for key in sorted(readings):
        agreed = _agreed(readings[key])
        if agreed is not None:
            rows.append(agreed)
        else:
            contradictions.append(_contradiction(readings[key], accession_number, document))
    cover = cover_of(parts.texts, names, form, vendor)
    table = _table(
        rows,
        vendor=vendor.slug,
        accession_number=accession_number,
        form=form,
        known_from=filed,
        month=filed.isoformat()[:7],
        source="inline_xbrl",
        source_sha256=sha256,
    )
    found = [
        SourceError(SOURCE, document, "cover" if element is None else _place(element), reason)
        for element, reason in problems + cover.problems
    ]
    return InlineXbrl(contract.load("facts").table_of(table), found + contradictions, cover)


def _parse(body: bytes, document: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise SourceError(
            SOURCE,
            document,
            f"line {line}, column {column}",
            f"not well-formed XML, so cut off or not inline XBRL: {error.msg}",
            remedy="fetch it again",
        ) from error


class _Parts:
    """The elements of a document that matter, gathered in one pass through it."""

    def __init__(self, root: Any, document: str) -> None:
        namespace = next((uri for uri in _IX if next(root.iter(f"{{{uri}}}header"), None) is not None), None)
        if namespace is None:
            raise SourceError(SOURCE, document, f"<{_local(root)}>", "no ix:header: not an inline XBRL document")
        tags = ("nonFraction", "nonNumeric", "fraction", "tuple")
        found: dict[str, list[Any]] = {f"{{{namespace}}}{tag}": [] for tag in tags}
        found |= {f"{XBRLI}context": [], f"{XBRLI}unit": []}
        for element in root.iter(*found):
            found[element.tag].append(element)
        self.numbers, self.texts, fractions, tuples, self.contexts, self.units = found.values()
        self.others = fractions + tuples


class _Reader:
    """Reads the single facts of one document."""

    def __init__(self, names: Names, resources: Resources) -> None:
        self._names = names
        self._resources = resources
        self._rules: dict[str, str] = {}
        self._captions: dict[Any, str | None] = {}

    def reading(self, element: Any) -> _Reading:
        """One fact; ``ValueError`` with the reason if it cannot be read."""
        get = element.get
        if get("tupleRef") is not None or get("target") is not None:
            raise ValueError("belongs to a tuple or to another target document")
        concept = self._names.name(get("name", ""), element)
        context = self._resources.context(get("contextRef", ""))
        unit = self._resources.unit(get("unitRef", ""))
        rule = get("format")
        value = number_of(
            _text(element) if len(element) else element.text or "",
            format_name=None if rule is None else self._rule(rule, element),
            scale=get("scale"),
            sign=get("sign"),
        )
        if not fits(value):
            raise ValueError(f"the value {value} has more digits than the table holds")
        decimals = _places(get("decimals", "INF"))
        return _Reading(concept, context, unit, value, decimals, self._caption(element), _place(element))

    def _rule(self, written: str, element: Any) -> str:
        """Local name of the transformation rule; registries write one name for one rule."""
        if written not in self._rules:
            prefix, _, local = written.strip().rpartition(":")
            if not _REGISTRY.match(self._names.uri(prefix, element) or ""):
                raise ValueError(f"the format {written!r} is of no known registry")
            self._rules[written] = local
        return self._rules[written]

    def _caption(self, element: Any) -> str | None:
        """First cell with a text in the table row the fact stands in; ``None`` if that is the fact's own, or no row."""
        row = element.getparent()
        while row is not None and not row.tag.endswith(_ROW):
            row = row.getparent()
        if row is None or row.tag.endswith("}body"):
            return None
        if row not in self._captions:
            self._captions[row] = _caption_of(row)
        return self._captions[row]


@cache
def _places(decimals: str) -> int:
    decimals = decimals.strip()
    if decimals != "INF" and not re.fullmatch(r"[+-]?\d{1,3}", decimals, re.ASCII):
        raise ValueError(f"decimals {decimals!r} are not a number of places")
    return _EXACT if decimals == "INF" else int(decimals)


def _text(element: Any) -> str:
    if any(part.text for part in element.iter("{*}sup", "{*}sub")):
        raise ValueError(f"a raised or lowered text stands within {''.join(element.itertext())!r}")
    return "".join(element.itertext())


def _caption_of(row: Any) -> str | None:
    for cell in row:
        text = "".join(cell.itertext())
        if text.isspace() or not text:
            continue
        text = " ".join(html.unescape(text).split())
        if any(map(str.isalpha, text)):
            tagged = any(next(cell.iter(f"{{{namespace}}}nonFraction"), None) is not None for namespace in _IX)
            return None if tagged else text
        if any(map(str.isdigit, text)):
            return None
    return None


def _agreed(readings: Sequence[_Reading]) -> _Reading | None:
    """The most exact of several readings, the first of equals; ``None`` if they contradict each other."""
    if len(readings) == 1:
        return readings[0]
    if len({(reading.value, reading.decimals) for reading in readings}) > 1:
        lowest = max(reading.value - reading.margin for reading in readings)
        highest = min(reading.value + reading.margin for reading in readings)
        if lowest > highest:
            return None
    best = max(readings, key=attrgetter("decimals"))
    captions = dict.fromkeys(reading.caption for reading in readings if reading.caption)
    caption = CAPTION_SEPARATOR.join(captions) or None
    return best._replace(caption=caption)


def _contradiction(readings: Sequence[_Reading], accession_number: str, document: str) -> SourceError:
    first = readings[0]
    what = " ".join(part for part in (first.concept, first.context.dimensions, first.context.period) if part)
    places = ", ".join(f"{reading.value:f} at {reading.place}" for reading in readings)
    reason = f"{accession_number} contradicts itself about {what}: {places}"
    return SourceError(SOURCE, document, first.place, reason)


def _table(rows: Sequence[_Reading], **same: Any) -> pa.Table:
    schema = contract.load("facts").schema
    contexts = [row.context for row in rows]
    columns = {name: pa.repeat(pa.scalar(value, schema.field(name).type), len(rows)) for name, value in same.items()}
    columns |= {
        "concept": pa.array([row.concept for row in rows], pa.string()),
        "dimensions": pa.array([context.dimensions for context in contexts], pa.string()),
        "period": pa.array([context.period for context in contexts], pa.string()),
        "period_start": pa.array([context.start for context in contexts], pa.date32()),
        "period_end": pa.array([context.end for context in contexts], pa.date32()),
        "unit": pa.array([row.unit for row in rows], pa.string()),
        "value": pa.array([row.value for row in rows], VALUE),
        "caption": pa.array([row.caption for row in rows], pa.string()),
        "location": pa.array([row.place for row in rows], pa.string()),
    }
    return pa.table(columns)


def _local(element: Any) -> str:
    return str(etree.QName(element).localname)


def _place(element: Any) -> str:
    identity = element.get("id")
    name = element.tag.rpartition("}")[2]
    return f"ix:{name} {identity}, line {element.sourceline}" if identity else f"ix:{name}, line {element.sourceline}"
