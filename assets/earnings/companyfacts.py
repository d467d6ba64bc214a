"""EDGAR's companyfacts JSON (every fact without dimensions a filer has reported) as rows of the table ``facts``.

Each entry names value, period, and the filing that states it. ``fy`` and ``fp`` are ignored: they describe that filing
and not the fact, so that a comparative of the year before bears the number of the year after. ``frame`` is ignored
too: it is EDGAR's own choice of one filing per calendar period. All concepts are kept.

The document is decoded straight into typed entries. Only where a part of it has another shape is it taken apart piece
by piece (:func:`_piecemeal`), so that the rest is kept and the part is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assets.earnings.edgar import ACCESSION_NUMBER, SOURCE
from assets.earnings.facts import VALUE, Facts, fits
from assets.earnings.vendors import Vendor
from expectations import contract
from resources.documents import SourceError, read_json

_Ints = npt.NDArray[np.int64]
_Flags = npt.NDArray[np.bool_]


class _Entry(msgspec.Struct, gc=False):
    """One fact as the document writes it; ``val`` stays text, so that no number passes through a float."""

    accn: str
    end: date
    val: msgspec.Raw
    form: str
    filed: date
    start: date | None = None


class _Concept(msgspec.Struct):
    units: dict[str, list[_Entry]]


class _Document(msgspec.Struct):
    facts: dict[str, dict[str, _Concept]]
    cik: int | str | None = None


_WHOLE = msgspec.json.Decoder(_Document)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


@dataclass(frozen=True)
class _Series:
    """The entries of one concept in one unit; with their numbers in the document's list, where not all are here."""

    concept: str
    unit: str
    path: str
    entries: Sequence[_Entry]
    numbers: _Ints | None = None


class _Problems:
    """What could not be read of one document."""

    def __init__(self, document: str) -> None:
        self.document = document
        self.found: list[SourceError] = []

    def note(self, place: str, reason: str) -> None:
        self.found.append(SourceError(SOURCE, self.document, place, reason))

    def refused(self, place: str, reason: str, remedy: str = "fetch it again") -> SourceError:
        """The error of a document of which nothing can be used."""
        return SourceError(SOURCE, self.document, place, reason, remedy=remedy, is_index=True)


def facts_of(body: bytes, *, vendor: Vendor, document: str, sha256: str) -> Facts:
    """Read all facts of a companyfacts document.

    Args:
        body: the JSON as received.
        vendor: the filer.
        document: its address, for messages.
        sha256: of ``body``, for provenance.

    Returns:
        The facts of all filings, with ``source`` companyfacts. A fact that one filing states twice with one value is
        one row; with several values it is no row but a problem that names them all, as is a malformed entry.

    Raises:
        SourceError: the body is not such a document, belongs to another filer or holds no fact.
    """
    problems = _Problems(document)
    try:
        whole = _WHOLE.decode(body)
    except _UNREADABLE:
        cik, series = _piecemeal(body, problems)
    else:
        cik, series = whole.cik, _all_series(whole)
    # EDGAR writes the number as a number or, for some filers, as a padded string.
    if cik is None or str(cik).lstrip("0") != str(vendor.cik):
        raise problems.refused("cik", f"belongs to CIK {cik!r}, not to {vendor.slug} ({vendor.cik})", remedy="")
    if not series and not problems.found:
        raise problems.refused("facts", "no fact in the document")
    table = _Columns(series, problems).table(vendor, sha256)
    return Facts(contract.load("facts").table_of(table), problems.found)


def _all_series(whole: _Document) -> list[_Series]:
    return [
        _Series(f"{taxonomy}:{name}", unit, _path(taxonomy, name, unit), entries)
        for taxonomy, concepts in whole.facts.items()
        for name, concept in concepts.items()
        for unit, entries in concept.units.items()
        if entries
    ]


def _path(taxonomy: str, concept: str, unit: str) -> str:
    return f"facts.{taxonomy}.{concept}.units.{unit}"


def _piecemeal(body: bytes, problems: _Problems) -> tuple[Any, list[_Series]]:
    """The number of the filer and what can be kept of a document that has a part of another shape."""
    read_json(body, problems.refused)
    try:
        top = _members(body) or {}
        facts = _members(top.get("facts", b"null"))
        if facts is None:
            raise problems.refused("", "no object with facts")
        return msgspec.json.decode(top.get("cik", b"null")), list(_readable_series(facts, problems))
    except _UNREADABLE as error:
        raise problems.refused("", f"not JSON ({error})") from error


def _readable_series(facts: dict[str, msgspec.Raw], problems: _Problems) -> Iterator[_Series]:
    def members(value: bytes | msgspec.Raw, place: str) -> Iterable[tuple[str, msgspec.Raw]]:
        found = _members(value)
        if found is None:
            problems.note(place, f"an object was expected, not {_shape(value)}")
        return found.items() if found else ()

    for taxonomy, concepts in facts.items():
        for concept, description in members(concepts, f"facts.{taxonomy}"):
            units = (_members(description) or {}).get("units", b"null")
            for unit, listed in members(units, f"facts.{taxonomy}.{concept}.units"):
                path = _path(taxonomy, concept, unit)
                entries = _readable_entries(listed, path, problems)
                if entries:
                    yield _Series(f"{taxonomy}:{concept}", unit, path, list(entries.values()), np.array(list(entries)))


def _readable_entries(listed: msgspec.Raw, path: str, problems: _Problems) -> dict[int, _Entry]:
    try:
        entries = msgspec.json.decode(listed, type=list[msgspec.Raw])
    except msgspec.ValidationError:
        problems.note(path, f"a list of facts was expected, not {_shape(listed)}")
        return {}
    readable = {}
    for number, entry in enumerate(entries):
        try:
            readable[number] = msgspec.json.decode(entry, type=_Entry)
        except msgspec.ValidationError as error:
            problems.note(f"{path}[{number}]", f"{error} in {bytes(entry).decode('utf-8', 'replace'):.300}")
    return readable


def _members(value: bytes | msgspec.Raw) -> dict[str, msgspec.Raw] | None:
    try:
        return msgspec.json.decode(value, type=dict[str, msgspec.Raw])
    except msgspec.ValidationError:
        return None


def _shape(value: bytes | msgspec.Raw) -> str:
    return type(msgspec.json.decode(value)).__name__


class _Column:
    """A column as ranks among its distinct values, so that what is asked of a value is asked once."""

    def __init__(self, values: pa.Array, of: Callable[[Any], Any] = lambda value: value) -> None:
        encoded = values.dictionary_encode()
        distinct = [of(value) for value in encoded.dictionary.to_pylist()]
        ascending = sorted(range(len(distinct)), key=distinct.__getitem__)
        ranks = np.empty(len(distinct), np.min_scalar_type(len(distinct)))
        ranks[ascending] = np.arange(len(distinct))
        self.distinct = [distinct[at] for at in ascending]
        self.ranks = ranks[encoded.indices.to_numpy()]

    def where(self, holds: Callable[[Any], bool]) -> _Flags:
        """The rows whose value has a property."""
        held: _Flags = np.array([holds(value) for value in self.distinct], bool)[self.ranks]
        return held

    def texts(self, rows: _Ints) -> pa.Array:
        """The values of some rows, which are texts."""
        return pa.array(self.distinct, pa.string()).take(pa.array(self.ranks[rows]))


class _Columns:
    """The entries of a document side by side: NVIDIA's 27,000 leave no room for work on each."""

    def __init__(self, series: Sequence[_Series], problems: _Problems) -> None:
        self.problems = problems
        self.series = series
        self.entries = list(chain.from_iterable(one.entries for one in series))
        lengths = np.array([len(one.entries) for one in series], np.int64)
        firsts = np.cumsum(lengths) - lengths
        self.of_series = np.repeat(np.arange(len(series)), lengths)
        self.numbers = np.arange(len(self.entries)) - firsts[self.of_series]
        for first, one in zip(firsts, series, strict=True):
            if one.numbers is not None:
                self.numbers[first : first + len(one.entries)] = one.numbers
        of_series = pa.array(self.of_series)
        self.concept = _Column(pa.array([one.concept for one in series], pa.string()).take(of_series))
        self.unit = _Column(pa.array([one.unit for one in series], pa.string()).take(of_series))
        self.accession_number = _Column(pa.array([entry.accn for entry in self.entries], pa.string()))
        self.form = pa.array([entry.form for entry in self.entries], pa.string())
        self.start = pa.array([entry.start for entry in self.entries], pa.date32())
        self.end = pa.array([entry.end for entry in self.entries], pa.date32())
        self.filed = pa.array([entry.filed for entry in self.entries], pa.date32())
        self.period = _Column(_spans(self.start, self.end), _period)
        self.value = _decimals([bytes(entry.val) for entry in self.entries])

    def table(self, vendor: Vendor, sha256: str) -> pa.Table:
        """The rows that can be kept, in the order of the table's grain; the others are reported."""
        rows = self._once(self._sound())
        count, indices = len(rows), pa.array(rows)
        location = pc.binary_join_element_wise(
            pa.array([f"{one.path}[" for one in self.series], pa.string()).take(pa.array(self.of_series[rows])),
            pa.array(self.numbers[rows]).cast(pa.string()),
            "]",
            "",
        )
        return pa.table(
            {
                "vendor": pa.repeat(vendor.slug, count),
                "accession_number": self.accession_number.texts(rows),
                "concept": self.concept.texts(rows),
                "dimensions": pa.repeat("", count),
                "period": self.period.texts(rows),
                "period_start": self.start.take(indices),
                "period_end": self.end.take(indices),
                "unit": self.unit.texts(rows),
                "value": self.value.take(indices),
                "caption": pa.nulls(count, pa.string()),
                "form": self.form.take(indices),
                "known_from": self.filed.take(indices),
                "month": _Column(self.filed, lambda day: day.isoformat()[:7]).texts(rows),
                "source": pa.repeat("companyfacts", count),
                "location": location,
                "source_sha256": pa.repeat(sha256, count),
            }
        )

    def _sound(self) -> _Flags:
        """Which entries can be read; reports the others."""
        sound: _Flags = (
            self.accession_number.where(lambda text: ACCESSION_NUMBER.fullmatch(text) is not None)
            & self.period.where(lambda text: text[:10] <= text[-10:])
            & self.value.is_valid().to_numpy(zero_copy_only=False)
        )
        for row in np.flatnonzero(~sound).tolist():
            self._report(row, _fault(self.entries[row]))
        return sound

    def _once(self, sound: _Flags) -> _Ints:
        """The sound rows in the order of the grain, each fact once; reports facts with several values."""
        keys = (self.accession_number.ranks, self.concept.ranks, self.period.ranks, self.unit.ranks)
        order = np.lexsort(keys[::-1])
        order = order[sound[order]]
        repeats = np.all([key[order[1:]] == key[order[:-1]] for key in keys], axis=0)
        if not repeats.any():
            return order
        keep = np.ones(len(order), bool)
        firsts = np.flatnonzero(np.append(True, ~repeats))
        for first, after in zip(firsts, np.append(firsts[1:], len(order)), strict=True):
            rows = order[first:after]
            values = dict.fromkeys(self.value[row].as_py() for row in rows)
            keep[first + (len(values) == 1) : after] = False
            if len(values) > 1:
                stated = " and ".join(f"{value.normalize():f}" for value in values)
                self._report(int(rows[-1]), f"{self.entries[rows[0]].accn} states {stated} for one period")
        return order[keep]

    def _report(self, row: int, reason: str) -> None:
        self.problems.note(f"{self.series[self.of_series[row]].path}[{self.numbers[row]}]", reason)


_EPOCH = date(1970, 1, 1).toordinal()
_WIDE = 1 << 32


def _spans(start: pa.Array, end: pa.Array) -> pa.Array:
    """Two columns of days as one of numbers, for there are few periods among many facts."""
    first = pc.add(start.cast(pa.int32()).cast(pa.int64()), _EPOCH).fill_null(0)
    return pc.add(pc.multiply(first, _WIDE), pc.add(end.cast(pa.int32()).cast(pa.int64()), _EPOCH))


def _period(span: int) -> str:
    """What the column ``period`` says of one of these numbers."""
    start, end = divmod(span, _WIDE)
    days = [date.fromordinal(day).isoformat() for day in (start, end) if day]
    return "/".join(days)


def _decimals(texts: Sequence[bytes]) -> pa.Array:
    """Values as decimals; null where a text is no number or has more digits than the table holds."""
    try:
        return pa.array(texts, pa.binary()).cast(pa.string()).cast(VALUE)
    except pa.ArrowInvalid:
        numbers = [_number(text) for text in texts]
        return pa.array([number if number is not None and fits(number) else None for number in numbers], VALUE)


def _number(text: bytes) -> Decimal | None:
    try:
        return Decimal(text.decode("ascii"))
    except (InvalidOperation, UnicodeDecodeError):
        return None


def _fault(entry: _Entry) -> str:
    """What is wrong with an entry that cannot be read."""
    if not ACCESSION_NUMBER.fullmatch(entry.accn):
        return f"no accession number: {entry.accn!r}"
    if entry.start is not None and entry.start > entry.end:
        return f"{entry.accn}: the period {entry.start} to {entry.end} ends before it begins"
    value = bytes(entry.val)
    fault = "is not a number" if _number(value) is None else "has too many digits"
    return f"{entry.accn}: the value {value.decode('utf-8', 'replace'):.80} {fault}"
