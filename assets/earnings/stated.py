"""The windows that filings state for each measure: what the quarters are made from.

One filing gives one value for a measure and a window. Which it is, where a filing states several, is decided here;
what cannot be decided is reported and left out. Facts that ``misstated_facts.yml`` names are left out too.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assets.earnings import measures, misstated
from assets.earnings.edgar import SOURCE
from assets.earnings.fiscal import Window, window_of
from assets.earnings.measures import Measure
from assets.earnings.vendors import Vendor
from resources.documents import Row, SourceError

_FORMS = ("10-K", "10-Q", "20-F", "6-K", "8-K")
_UNIT = re.compile(r"(?P<currency>[A-Z]{3})(?P<per_share>/shares)?")

# What the table has room for; no company states a per-share figure more exactly.
_PER_SHARE_PLACES = Decimal("0.000001")


@dataclass(frozen=True)
class Stated:
    """One window as one filing states it, or one reviewed page.

    ``accession_number`` is the filing's; of a page, its address. ``basis`` is how it is counted, where that can change.
    """

    accession_number: str
    known_from: date
    start: date
    end: date
    window: Window
    value: Decimal
    currency: str
    basis: str | None
    source: str = "sec"

    @property
    def points(self) -> tuple[int, int]:
        """Quarter ends (0 to 4) of the fiscal year between which it lies."""
        return self.window.last_quarter - self.window.quarters, self.window.last_quarter


Windows = dict[tuple[str, str], list[Stated]]
"""Stated windows by vendor and measure."""


def shown(value: Decimal) -> str:
    """A value without the zeros that the table's type adds to it."""
    return f"{value.normalize():f}"


def whole_company(facts: pa.Table, vendors: Mapping[str, Vendor], problems: list[SourceError]) -> Windows:
    """Windows of every measure in ``measures.yml``, from facts without dimensions.

    Args:
        facts: the table ``facts``, all vendors and months.
        vendors: by slug; others' facts are left out.
        problems: what is left out is added to it.
    """
    table = measures.load()
    measure_of = dict(table.by_concept())
    candidates: dict[tuple[str, str, str, date, date], list[Row]] = defaultdict(list)
    for fact in _candidates(facts, list(measure_of)):
        if fact["vendor"] in vendors and fact["form"].startswith(_FORMS) and not _is_misstated(fact):
            name = measure_of[fact["concept"]]
            if fault := _fault(fact, table.measures[name], name):
                problems.append(_problem(fact, fault))
                continue
            key = (fact["vendor"], name, fact["accession_number"], fact["period_start"], fact["period_end"])
            candidates[key].append(fact)
    chosen: list[tuple[str, Row]] = []
    for (_, name, _, _, _), found in candidates.items():
        by_unit = {unit: list(of_unit) for unit, of_unit in groupby(found, key=lambda fact: str(fact["unit"]))}
        for of_unit in by_unit.values():
            whole = _whole(of_unit, name, table.measures[name], problems)
            if whole is not None:
                chosen.append((name, whole))
    stated: Windows = defaultdict(list)
    for name, fact in _in_reporting_currency(_without_parts(chosen, table.measures, problems), problems):
        window = window_of(fact["period_start"], fact["period_end"], vendors[fact["vendor"]])
        if window is None:
            problems.append(_problem(fact, f"{name} over {fact['period']} is not one of whole fiscal quarters"))
            continue
        per_share = table.measures[name].kind == "per_share"
        basis = table.shares_of(fact["vendor"], fact["known_from"]) if per_share else None
        stated[fact["vendor"], name].append(_stated(fact, window, fact["value"], _currency(fact), basis))
    return dict(stated)


def slices(
    rows: Iterable[Row],
    column: str,
    name: str,
    *,
    measure: str,
    vendors: Mapping[str, Vendor],
    problems: list[SourceError],
) -> Windows:
    """Windows of one line of a breakdown.

    Args:
        rows: rows of ``revenue_segments`` or ``revenue_geography``.
        column: ``segment`` or ``geography``.
        name: its canonical name, e.g. ``China``; rows within another line are left out.
        measure: what the measure is called.
        vendors: by slug; others' rows are left out.
        problems: contradictions are added to it.
    """
    chosen: dict[tuple[Any, ...], Row] = {}
    order = ("vendor", "known_from", "accession_number", "period_start", "period_end", "axis", "dimensions")
    wanted = [
        row for row in rows if row[column] == name and row[f"parent_{column}"] is None and row["vendor"] in vendors
    ]
    # The segment axis after the product axis: where both state it, the reportable segment counts.
    for row in sorted(wanted, key=lambda row: [row[part] for part in order], reverse=True):
        key = (row["vendor"], row["accession_number"], row["period_start"], row["period_end"], row["currency"])
        other = chosen.setdefault(key, row)
        if other["revenue"] != row["revenue"]:
            over = f"{row['period_start']}/{row['period_end']}"
            reason = f"{name} over {over} is {other['revenue']} as {other['dimensions']}"
            problems.append(_problem(row, f"{reason} and {row['revenue']} as {row['dimensions']}; the first is taken"))
    stated: Windows = defaultdict(list)
    named = [(measure, row) for row in reversed(chosen.values())]
    for _, row in _in_reporting_currency(named, problems):
        window = window_of(row["period_start"], row["period_end"], vendors[row["vendor"]])
        if window is not None:
            value, basis = Decimal(row["revenue"]), row.get("reporting_basis")
            stated[row["vendor"], measure].append(_stated(row, window, value, row["currency"], basis))
    return dict(stated)


def reviewed(rows: Iterable[Row], vendors: Mapping[str, Vendor]) -> Windows:
    """Windows of the figures of vendors that do not file with the SEC.

    Args:
        rows: rows of ``curated_figures``. Of a vendor that reports by two standards the international one counts, by
            which it can be compared with others; the other stays in that table.
        vendors: by slug; others' figures are left out.
    """
    known = [row for row in rows if row["vendor"] in vendors]
    by_ifrs = {(row["vendor"], row["measure"]) for row in known if row["accounting_standard"] == "IFRS"}
    stated: Windows = defaultdict(list)
    for row in known:
        key = (row["vendor"], row["measure"])
        window = window_of(row["period_start"], row["period_end"], vendors[row["vendor"]])
        if window is None or (key in by_ifrs and row["accounting_standard"] != "IFRS"):
            continue
        document = {**row, "accession_number": row["source_url"]}
        one = _stated(document, window, row["value"], row["currency"], row["accounting_standard"])
        stated[key].append(replace(one, source="curated"))
    return dict(stated)


def _stated(row: Row, window: Window, value: Decimal, currency: str, basis: str | None) -> Stated:
    return Stated(
        accession_number=row["accession_number"],
        known_from=row["known_from"],
        start=row["period_start"],
        end=row["period_end"],
        window=window,
        value=value,
        currency=currency,
        basis=basis,
    )


def _candidates(facts: pa.Table, concepts: list[str]) -> list[Row]:
    """Facts about the whole company over a duration, in a stable order."""
    mask = pc.and_(
        pc.and_(pc.is_in(facts["concept"], pa.array(concepts)), pc.equal(facts["dimensions"], "")),
        pc.is_valid(facts["period_start"]),
    )
    columns = ("vendor", "known_from", "accession_number", "period", "unit", "concept", "source")
    rows: list[Row] = facts.filter(mask).sort_by([(name, "ascending") for name in columns]).to_pylist()
    return rows


def _is_misstated(fact: Row) -> bool:
    return (fact["accession_number"], fact["concept"], fact["period"], fact["value"]) in misstated.load()


def _fault(fact: Row, measure: Measure, name: str) -> str:
    """Why a fact cannot be a value of its measure, or nothing."""
    unit = _UNIT.fullmatch(fact["unit"])
    value: Decimal = fact["value"]
    if unit is None or bool(unit["per_share"]) != (measure.kind == "per_share"):
        return f"{name} over {fact['period']} is in {fact['unit']}, not in a currency" + (
            " per share" if measure.kind == "per_share" else ""
        )
    if fact["period_end"] > fact["known_from"]:
        return f"{name} over {fact['period']} was filed on {fact['known_from']}, before the period's end"
    if measure.kind == "amount" and value != int(value):
        return f"{name} of {shown(value)} over {fact['period']} is not a whole number"
    if measure.kind == "per_share" and value != value.quantize(_PER_SHARE_PLACES):
        return f"{name} of {shown(value)} over {fact['period']} has more decimals than the table holds"
    if not measure.signed and value < 0:
        return f"{name} of {shown(value)} over {fact['period']} is negative"
    return ""


def _whole(found: list[Row], name: str, measure: Measure, problems: list[SourceError]) -> Row | None:
    """The fact that states the whole, of those of one window in one filing; ``None`` where that cannot be said.

    A part is never larger than the whole, so the largest is taken. A tag that may state a part, below the total, is
    usual; anything else that differs is reported. One tag with two values, by two sources, is a contradiction: then
    neither is taken.
    """
    by_concept: dict[str, Row] = {}
    for fact in found:
        other = by_concept.setdefault(fact["concept"], fact)
        if other["value"] != fact["value"]:
            values = f"{shown(other['value'])} by {_tag(other)} and {shown(fact['value'])} by {_tag(fact)}"
            reason = f"{fact['vendor']} {name} over {fact['period']} is {values}; neither is taken"
            if _is_tenfold(other["value"], fact["value"]):
                reason = f"tenfold jump: {reason}"
            problems.append(_problem(fact, reason))
            return None
    usual = [fact for fact in by_concept.values() if fact["concept"] not in measure.fallback] or [*by_concept.values()]
    best = max(usual, key=lambda fact: abs(fact["value"]))
    for fact in usual:
        part_of_total = fact["concept"] in measure.may_be_part and best["concept"] in measure.concepts
        if fact["value"] != best["value"] and not part_of_total:
            values = f"{shown(fact['value'])} by {_tag(fact)} and {shown(best['value'])} by {_tag(best)}"
            reason = f"{fact['vendor']} {name} over {fact['period']} is {values}; the larger is taken as the total"
            problems.append(_problem(fact, reason))
    return best


def _without_parts(
    chosen: Iterable[tuple[str, Row]], by_name: Mapping[str, Measure], problems: list[SourceError]
) -> list[tuple[str, Row]]:
    """Leave out what a tag that may state a part says below an earlier filing's total: it may be no recast of it."""
    totals: dict[tuple[Any, ...], Row] = {}
    kept: list[tuple[str, Row]] = []
    for name, fact in chosen:
        window = (fact["vendor"], name, fact["unit"], fact["period_start"], fact["period_end"])
        total = totals.get(window)
        if total is not None and fact["concept"] in by_name[name].may_be_part and fact["value"] < total["value"]:
            values = f"{shown(fact['value'])} by {_tag(fact)} and was {shown(total['value'])} by {_tag(total)}"
            reason = f"{fact['vendor']} {name} over {fact['period']} is {values} in {total['accession_number']}"
            problems.append(_problem(fact, f"{reason}; the one may be a part of the other and is not taken"))
            continue
        if fact["concept"] in by_name[name].concepts:
            totals[window] = fact
        kept.append((name, fact))
    return kept


def _is_tenfold(one: Decimal, other: Decimal) -> bool:
    low, high = sorted((abs(one), abs(other)))
    return high >= 10 * low


def _in_reporting_currency(named: Iterable[tuple[str, Row]], problems: list[SourceError]) -> list[tuple[str, Row]]:
    """Leave out convenience translations: of a measure stated in several currencies, the one with most windows counts.

    Foreign filers translate their latest year into dollars beside their own currency. Where two currencies have
    equally many windows, nothing says which is the company's own: then neither is taken.
    """
    kept: list[tuple[str, Row]] = []
    by_filing: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for name, row in named:
        by_filing[name, row["accession_number"]].append(row)
    for (name, accession_number), rows in by_filing.items():
        counts = Counter(_currency(row) for row in rows).most_common()
        if len(counts) > 1 and counts[0][1] == counts[1][1]:
            reason = (
                f"{rows[0]['vendor']} states {name} in {counts[0][0]} and {counts[1][0]} for equally many windows; "
                "none is taken"
            )
            problems.append(SourceError(SOURCE, accession_number, rows[0]["location"], reason))
            continue
        kept += [(name, row) for row in rows if _currency(row) == counts[0][0]]
    return kept


def _currency(row: Row) -> str:
    return str(row["currency"] if "currency" in row else row["unit"]).partition("/")[0]


def _tag(fact: Row) -> str:
    return f"{fact['concept']} ({fact['source']})"


def _problem(row: Row, reason: str) -> SourceError:
    return SourceError(SOURCE, row["accession_number"], row["location"], reason)
