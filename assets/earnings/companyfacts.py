"""EDGAR's companyfacts JSON (every fact without dimensions a filer has reported) as rows of the table ``facts``.

Each entry names value, period, and the filing that states it. ``fy`` and ``fp`` are ignored: they describe that filing
and not the fact, so that a comparative of the year before bears the number of the year after. ``frame`` is ignored
too: it is EDGAR's own choice of one filing per calendar period. All concepts are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from assets.earnings.edgar import ACCESSION_NUMBER
from assets.earnings.facts import Facts
from assets.earnings.vendors import Vendor
from expectations import contract
from resources.documents import SourceError

_SOURCE = "sec"
_VALUE = pa.decimal128(38, 10)
_KEYS = ("accn", "start", "end", "val", "form", "filed")


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
    entries = _Entries(document)
    for taxonomy, concepts in _taxonomies(body, vendor, document).items():
        for concept, description in entries.mapping(concepts, f"facts.{taxonomy}"):
            units = description.get("units") if isinstance(description, dict) else None
            for unit, facts in entries.mapping(units, f"facts.{taxonomy}.{concept}.units"):
                entries.take(f"{taxonomy}:{concept}", unit, facts)
    if not entries.columns["accn"]:
        raise SourceError(_SOURCE, document, "facts", "no fact in the document", remedy="fetch it again", is_index=True)
    return entries.build(vendor, sha256)


def _taxonomies(body: bytes, vendor: Vendor, document: str) -> dict[str, Any]:
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        start = body[:40].decode("utf-8", "replace")
        reason = f"not JSON ({error.msg}); it begins with {start!r}"
        place = f"line {error.lineno}, column {error.colno}"
        raise SourceError(_SOURCE, document, place, reason, remedy="fetch it again", is_index=True) from error
    if not isinstance(data, dict) or not isinstance(data.get("facts"), dict):
        raise SourceError(_SOURCE, document, "", "no object with facts", remedy="fetch it again", is_index=True)
    # EDGAR writes the number as a number or, for some filers, as a padded string.
    if str(data.get("cik", "")).lstrip("0") != str(vendor.cik):
        reason = f"belongs to CIK {data.get('cik')!r}, not to {vendor.slug} ({vendor.cik})"
        raise SourceError(_SOURCE, document, "cik", reason, is_index=True)
    facts: dict[str, Any] = data["facts"]
    return facts


class _Entries:
    """Columns side by side, filled list by list: 27,000 entries of NVIDIA leave no room for an object each."""

    def __init__(self, document: str) -> None:
        self.document = document
        self.columns: dict[str, list[Any]] = {key: [] for key in _KEYS}
        self.series: list[tuple[str, str]] = []
        self.lengths: list[int] = []
        self.problems: list[SourceError] = []

    def mapping(self, value: Any, place: str) -> Iterable[tuple[str, Any]]:
        """The members of an object; what is none is reported."""
        if isinstance(value, dict):
            return value.items()
        self.problems.append(
            SourceError(_SOURCE, self.document, place, f"an object was expected, not {type(value).__name__}")
        )
        return ()

    def take(self, concept: str, unit: str, facts: Any) -> None:
        """Append the entries of one concept in one unit."""
        if not isinstance(facts, list) or not all(isinstance(fact, dict) for fact in facts):
            place = _prefix(concept, unit)
            self.problems.append(SourceError(_SOURCE, self.document, place, "not a list of facts"))
            return
        for key, column in self.columns.items():
            column.extend([fact.get(key) for fact in facts])
        self.series.append((concept, unit))
        self.lengths.append(len(facts))

    def build(self, vendor: Vendor, sha256: str) -> Facts:
        """Check all entries and lay them out under the contract."""
        series = _repeated(range(len(self.series)), self.lengths)
        keep = self._sound(series)
        if keep is not None:
            series = [series[row] for row in keep]
            self.columns = {key: [column[row] for row in keep] for key, column in self.columns.items()}
        count = len(series)
        places = [row for length in self.lengths for row in range(length)]
        if keep is not None:
            places = [places[row] for row in keep]
        concept, unit, prefix = self._labels(series)
        start, end = pa.array(self.columns["start"], pa.string()), pa.array(self.columns["end"], pa.string())
        filed = pa.array(self.columns["filed"], pa.string())
        table = pa.table(
            {
                "vendor": pa.repeat(vendor.slug, count),
                "accession_number": pa.array(self.columns["accn"], pa.string()),
                "concept": concept,
                "dimensions": pa.repeat("", count),
                "period": pc.coalesce(pc.binary_join_element_wise(start, end, "/"), end),
                "period_start": start.cast(pa.date32()),
                "period_end": end.cast(pa.date32()),
                "unit": unit,
                "value": _decimals(self.columns["val"]),
                "caption": pa.nulls(count, pa.string()),
                "form": pa.array(self.columns["form"], pa.string()),
                "known_from": filed.cast(pa.date32()),
                "month": pc.utf8_slice_codeunits(filed, 0, 7),
                "source": pa.repeat("companyfacts", count),
                "location": pc.binary_join_element_wise(
                    prefix, pa.array(places).cast(pa.string()), pa.repeat("]", count), ""
                ),
                "source_sha256": pa.repeat(sha256, count),
            }
        )
        return Facts(contract.load("facts").table_of(table), self.problems)

    def _labels(self, series: Sequence[int]) -> tuple[pa.Array, pa.Array, pa.Array]:
        indices = pa.array(series, pa.int32())
        texts = (
            [concept for concept, _ in self.series],
            [unit for _, unit in self.series],
            [f"{_prefix(concept, unit)}[" for concept, unit in self.series],
        )
        concept, unit, prefix = (pa.array(text, pa.string()).take(indices) for text in texts)
        return concept, unit, prefix

    def _sound(self, series: Sequence[int]) -> list[int] | None:
        """Rows that can be kept, or ``None`` if all can; reports the others."""
        columns = self.columns
        keys = list(zip(series, columns["accn"], columns["start"], columns["end"], strict=True))
        if _all_well_formed(columns) and len(set(keys)) == len(keys):
            return None
        first: dict[tuple[Any, ...], int] = {}
        refused: set[int] = set()
        for row, key in enumerate(keys):
            if reason := _fault({name: columns[name][row] for name in _KEYS}):
                refused.add(row)
                self._report(series, row, reason)
                continue
            earlier = first.setdefault(key, row)
            if earlier == row:
                continue
            refused.add(row)
            if columns["val"][row] != columns["val"][earlier]:
                refused.add(earlier)
                values = f"{columns['val'][earlier]!r} and {columns['val'][row]!r}"
                self._report(series, row, f"{columns['accn'][row]} states {values} for one period")
        return [row for row in range(len(keys)) if row not in refused]

    def _report(self, series: Sequence[int], row: int, reason: str) -> None:
        within = row - series.index(series[row])
        place = f"{_prefix(*self.series[series[row]])}[{within}]"
        self.problems.append(SourceError(_SOURCE, self.document, place, reason))


def _prefix(concept: str, unit: str) -> str:
    taxonomy, _, name = concept.partition(":")
    return f"facts.{taxonomy}.{name}.units.{unit}"


def _repeated(values: Sequence[int], times: Sequence[int]) -> list[int]:
    return [value for value, count in zip(values, times, strict=True) for _ in range(count)]


def _all_well_formed(columns: dict[str, list[Any]]) -> bool:
    """Check whole columns; only where this fails is each entry looked at."""
    if not {type(value) for value in columns["val"]} <= {int, float}:
        return False
    try:
        texts = {key: pa.array(columns[key], pa.string()) for key in _KEYS if key != "val"}
        dates = {key: texts[key].cast(pa.date32()) for key in ("start", "end", "filed")}
        _decimals(columns["val"])
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return False
    if any(texts[key].null_count for key in ("accn", "end", "form", "filed")):
        return False
    ordered = pc.all(pc.less_equal(dates["start"], dates["end"])).as_py()
    named = pc.all(pc.match_substring_regex(texts["accn"], f"^{ACCESSION_NUMBER.pattern}$")).as_py()
    return ordered is not False and named is not False


def _fault(entry: dict[str, Any]) -> str:
    """What is wrong with an entry, or nothing."""
    accession_number, value = entry["accn"], entry["val"]
    if not isinstance(accession_number, str) or not ACCESSION_NUMBER.fullmatch(accession_number):
        return f"no accession number: {accession_number!r}"
    fault = "" if isinstance(entry["form"], str) else "no form"
    for key in ("start", "end", "filed"):
        if not _is_date(entry[key]) and not (key == "start" and entry[key] is None):
            fault = f"{key} {entry[key]!r} is not a date"
    if not fault and (entry["start"] or "") > entry["end"]:
        fault = f"the period {entry['start']} to {entry['end']} ends before it begins"
    if type(value) not in (int, float):
        fault = f"the value {value!r} is not a number"
    else:
        try:
            _decimals([value])
        except (pa.ArrowInvalid, OverflowError):
            fault = f"the value {value!r} has too many digits"
    return f"{accession_number}: {fault}" if fault else ""


def _is_date(text: Any) -> bool:
    try:
        return bool(date.fromisoformat(text).isoformat() == text)
    except (TypeError, ValueError):
        return False


def _decimals(values: list[int | float]) -> pa.Array:
    """Numbers as decimals. The shortest text of a float is the text it was read from, so no binary error comes in."""
    fractions = [type(value) is float for value in values]
    whole = pa.array([0 if fraction else value for value, fraction in zip(values, fractions, strict=True)], pa.int64())
    result = whole.cast(_VALUE)
    if any(fractions):
        exact = [Decimal(repr(value)) for value, fraction in zip(values, fractions, strict=True) if fraction]
        result = pc.replace_with_mask(result, pa.array(fractions), pa.array(exact, _VALUE))
    return result
