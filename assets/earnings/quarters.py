"""Discrete fiscal quarters from the windows that filings state: quarters, half-years, nine months, years.

Each value is the one that became known first. Where no filing states a quarter it is derived as a difference of stated
windows, for instance Q4 = year - nine months. For that a fiscal year is seen as five points in time (its first day and
the ends of its quarters) and every stated window as a way from one point to another; a quarter is derived over the
fewest windows that lead from its first day to its last.

Windows are only subtracted from one another within one way of counting. A new one begins with a filing that states a
window otherwise than before (a recast) or that assigns revenue to places on another basis. Two recasts between
filings that have no window in common cannot be told from one, which is why the basis is reviewed by hand. Facts that
``misstated_facts.yml`` names are left out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assets.earnings import misstated
from assets.earnings.facts import CONTRACT_REVENUE, REVENUE_CONCEPTS, TAXED_REVENUE, TOTAL_REVENUE
from assets.earnings.fiscal import Window, calendar_quarter, window_of
from assets.earnings.vendors import Vendor
from resources.documents import Parsed, Row, SourceError

_SOURCE = "sec"
_FORMS = ("10-K", "10-Q", "20-F", "6-K", "8-K")

DATA_CENTER = "Data Center"
"""Canonical segment behind ``revenue_data_center``."""

CHINA = "China"
"""Canonical geography behind ``revenue_china``."""

# Windows are rounded to the million each, so four of them may miss a fifth by a little without contradicting it.
_ROUNDING_USD = 3_000_000


@dataclass(frozen=True)
class _Stated:
    """One window as one filing states it."""

    accession_number: str
    known_from: date
    start: date
    end: date
    window: Window
    value: int
    basis: str | None

    @property
    def points(self) -> tuple[int, int]:
        """Quarter ends (0 to 4) of the fiscal year between which it lies."""
        return _points(self.window)


def vendor_quarters(
    facts: pa.Table, segments: Iterable[Row], geographies: Iterable[Row], vendors: Mapping[str, Vendor]
) -> Parsed:
    """Rows of the table ``vendor_quarters``.

    Args:
        facts: the table ``facts``, all vendors and months; gives total revenue.
        segments: rows of ``revenue_segments``; give data-centre revenue.
        geographies: rows of ``revenue_geography``; give revenue from China.
        vendors: by slug; others' facts are left out.

    Returns:
        One row per vendor, measure and fiscal quarter. Contradictions are among the problems: two tags or two readings
        of one filing that differ, and fiscal years whose stated windows do not add up, of which nothing is derived.
    """
    problems: list[SourceError] = []
    rows: list[Row] = []
    stated = _totals(facts, vendors, problems)
    stated |= _slices(
        segments, "segment", DATA_CENTER, measure="revenue_data_center", vendors=vendors, problems=problems
    )
    stated |= _slices(geographies, "geography", CHINA, measure="revenue_china", vendors=vendors, problems=problems)
    reported_years = _own_years(stated)
    for (vendor, measure), windows in sorted(stated.items()):
        series = _Series(vendor, measure, reported_years)
        series.read(windows)
        rows.extend(series.rows[key] for key in sorted(series.rows))
        problems.extend(series.problems)
    return Parsed(rows, problems)


_Windows = dict[tuple[str, str], list[_Stated]]


def _totals(facts: pa.Table, vendors: Mapping[str, Vendor], problems: list[SourceError]) -> _Windows:
    mask = pc.and_(
        pc.and_(pc.is_in(facts["concept"], pa.array(REVENUE_CONCEPTS)), pc.equal(facts["dimensions"], "")),
        pc.is_valid(facts["period_start"]),
    )
    order = [
        (name, "ascending") for name in ("vendor", "known_from", "accession_number", "period", "concept", "source")
    ]
    misstated_facts = misstated.load()
    candidates: dict[tuple[str, str, int, tuple[int, int]], list[Row]] = {}
    windows: dict[tuple[str, str, int, tuple[int, int]], Window] = {}
    for fact in facts.filter(mask).sort_by(order).to_pylist():
        if fact["vendor"] not in vendors or not fact["form"].startswith(_FORMS):
            continue
        if (fact["accession_number"], fact["concept"], fact["period"], fact["value"]) in misstated_facts:
            continue
        if fact["unit"] != "USD":
            problems.append(_problem(fact, f"revenue in {fact['unit']}: only USD is read"))
            continue
        window = window_of(fact["period_start"], fact["period_end"], vendors[fact["vendor"]])
        if window is None or fact["value"] != int(fact["value"]):
            reason = (
                f"revenue of {fact['value']:f} over {fact['period']} is not one of whole dollars over fiscal quarters"
            )
            problems.append(_problem(fact, reason))
            continue
        key = (fact["vendor"], fact["accession_number"], window.fiscal_year, _points(window))
        candidates.setdefault(key, []).append(fact)
        windows[key] = window
    stated: _Windows = {}
    for key, found in candidates.items():
        fact = _total(found, problems)
        stated.setdefault((fact["vendor"], "revenue"), []).append(
            _Stated(
                fact["accession_number"],
                fact["known_from"],
                fact["period_start"],
                fact["period_end"],
                windows[key],
                int(fact["value"]),
                None,
            )
        )
    return stated


def _total(found: list[Row], problems: list[SourceError]) -> Row:
    """The fact that states the whole revenue, of those of one window in one filing.

    A part is never larger than the whole, so the largest is taken. Revenue from contracts below the total is usual;
    anything else that differs is reported.
    """
    untaxed = [fact for fact in found if fact["concept"] not in TAXED_REVENUE] or found
    best = max(untaxed, key=lambda fact: fact["value"])
    for fact in untaxed:
        part_of_total = fact["concept"] in CONTRACT_REVENUE and best["concept"] in TOTAL_REVENUE
        if fact["value"] != best["value"] and not part_of_total:
            stated = f"{fact['value']:f} by {_tag(fact)} and {best['value']:f} by {_tag(best)}"
            problems.append(
                _problem(fact, f"revenue over {fact['period']} is {stated}; the larger is taken as the total")
            )
    return best


def _points(window: Window) -> tuple[int, int]:
    return window.last_quarter - window.quarters, window.last_quarter


def _slices(
    rows: Iterable[Row],
    column: str,
    name: str,
    *,
    measure: str,
    vendors: Mapping[str, Vendor],
    problems: list[SourceError],
) -> _Windows:
    chosen: dict[tuple[Any, ...], Row] = {}
    order = ("vendor", "known_from", "accession_number", "period_start", "period_end", "axis", "dimensions")
    wanted = [
        row for row in rows if row[column] == name and row[f"parent_{column}"] is None and row["vendor"] in vendors
    ]
    # The segment axis after the product axis: where both state it, the reportable segment counts.
    for row in sorted(wanted, key=lambda row: [row[part] for part in order], reverse=True):
        key = (row["vendor"], row["accession_number"], row["period_start"], row["period_end"])
        other = chosen.setdefault(key, row)
        if other["revenue_usd"] != row["revenue_usd"]:
            over = f"{row['period_start']}/{row['period_end']}"
            reason = f"{name} over {over} is {other['revenue_usd']} as {other['dimensions']}"
            problems.append(
                _problem(row, f"{reason} and {row['revenue_usd']} as {row['dimensions']}; the first is taken")
            )
    stated: _Windows = {}
    for row in reversed(chosen.values()):
        window = window_of(row["period_start"], row["period_end"], vendors[row["vendor"]])
        if window is not None:
            stated.setdefault((row["vendor"], measure), []).append(
                _Stated(
                    row["accession_number"],
                    row["known_from"],
                    row["period_start"],
                    row["period_end"],
                    window,
                    row["revenue_usd"],
                    row.get("reporting_basis"),
                )
            )
    return stated


def _own_years(stated: _Windows) -> dict[tuple[str, str], int]:
    """The fiscal year each filing is about: the latest it has a window in."""
    years: dict[tuple[str, str], int] = {}
    for (vendor, _), windows in stated.items():
        for window in windows:
            key = (vendor, window.accession_number)
            years[key] = max(years.get(key, 0), window.window.fiscal_year)
    return years


def _tag(fact: Row) -> str:
    return f"{fact['concept']} ({fact['source']})"


def _problem(row: Row, reason: str) -> SourceError:
    return SourceError(_SOURCE, row["accession_number"], row["location"], reason)


class _Series:
    """One vendor's measure, read filing by filing in the order in which the world learned of them."""

    def __init__(self, vendor: str, measure: str, own_years: Mapping[tuple[str, str], int]) -> None:
        self.vendor = vendor
        self.measure = measure
        self.own_years = own_years
        self.rows: dict[tuple[int, int], Row] = {}
        self.problems: list[SourceError] = []
        # Windows of the present way of counting, by fiscal year and points.
        self._counted: dict[int, dict[tuple[int, int], _Stated]] = {}
        self._basis: str | None = None
        self._contradicted: set[int] = set()

    def read(self, windows: list[_Stated]) -> None:
        """Take in all windows and fill :attr:`rows`."""
        ordered = sorted(
            windows, key=lambda stated: (stated.known_from, stated.accession_number, stated.start, stated.end)
        )
        for _, group in groupby(ordered, key=lambda stated: (stated.known_from, stated.accession_number)):
            filing = list(group)
            if self._begins_anew(filing):
                self._counted.clear()
                self._contradicted.clear()
            self._basis = filing[0].basis
            for stated in filing:
                self._counted.setdefault(stated.window.fiscal_year, {}).setdefault(stated.points, stated)
            for stated in filing:
                if stated.window.quarters == 1:
                    self._add(stated.window.fiscal_year, stated.window.last_quarter, [stated], filing[0])
            for year in sorted({stated.window.fiscal_year for stated in filing}):
                self._derive(year, filing[0])

    def _begins_anew(self, filing: list[_Stated]) -> bool:
        if filing[0].basis != self._basis:
            return True
        for stated in filing:
            before = self._counted.get(stated.window.fiscal_year, {}).get(stated.points)
            if before is not None and before.value != stated.value:
                return True
        return False

    def _derive(self, year: int, filing: _Stated) -> None:
        windows = self._counted[year]
        if year in self._contradicted or not self._adds_up(year, filing):
            return
        for quarter in (1, 2, 3, 4):
            if (year, quarter) not in self.rows:
                way = _way(windows, quarter - 1, quarter)
                if way is not None:
                    self._add(year, quarter, way, filing)

    def _adds_up(self, year: int, filing: _Stated) -> bool:
        """Compare each window with the others that lead from its first day to its last."""
        windows = self._counted[year]
        for points, stated in windows.items():
            others = {key: other for key, other in windows.items() if key != points}
            way = _way(others, *points)
            if way is None:
                continue
            value = sum(_signed(way, points[0]))
            if abs(value - stated.value) > _ROUNDING_USD:
                self._contradicted.add(year)
                reason = (
                    f"{self.vendor} {self.measure} of fiscal {year}: {', '.join(_described([stated]))}, but {value} "
                    f"by {', '.join(_described(way))}; nothing is derived for the year"
                )
                self.problems.append(SourceError(_SOURCE, filing.accession_number, f"fiscal {year}", reason))
                return False
        return True

    def _add(self, year: int, quarter: int, way: list[_Stated], filing: _Stated) -> None:
        if (year, quarter) in self.rows:
            return
        derived = len(way) > 1 or way[0].window.quarters > 1
        start, end = _dates(way, quarter) if derived else (way[0].start, way[0].end)
        value = sum(_signed(way, quarter - 1))
        if derived and value < 0:
            subject = f"{self.vendor} {self.measure} of fiscal {year} Q{quarter}"
            reason = f"{subject} would be {value} by {', '.join(_described(way))}"
            self.problems.append(SourceError(_SOURCE, filing.accession_number, f"fiscal {year}", reason))
            return
        accession_numbers = list(dict.fromkeys(stated.accession_number for stated in way))
        own_years = [self.own_years[self.vendor, accession_number] for accession_number in accession_numbers]
        self.rows[year, quarter] = {
            "vendor": self.vendor,
            "measure": self.measure,
            "fiscal_year": year,
            "fiscal_quarter": quarter,
            "period_start": start,
            "period_end": end,
            "calendar_quarter": calendar_quarter(start, end),
            "value_usd": value,
            "derivation": "derived" if derived else "reported",
            "derived_from": accession_numbers if derived else [],
            "is_comparative": any(own_year > year for own_year in own_years),
            "reporting_basis": filing.basis,
            "accession_number": filing.accession_number,
            "known_from": filing.known_from,
        }


def _way(windows: Mapping[tuple[int, int], _Stated], first: int, last: int) -> list[_Stated] | None:
    """The fewest windows that lead from one quarter end to another, later windows first; ``None`` if none do."""
    queue: deque[tuple[int, list[_Stated]]] = deque([(first, [])])
    seen = {first}
    while queue:
        point, way = queue.popleft()
        if point == last:
            return way
        for (start, end), stated in sorted(windows.items()):
            for here, there in ((start, end), (end, start)):
                if here == point and there not in seen:
                    seen.add(there)
                    queue.append((there, [*way, stated]))
    return None


def _signed(way: list[_Stated], first: int) -> Iterator[int]:
    """Values of a way's windows, negative where it leads back in time."""
    point = first
    for stated in way:
        start, end = stated.points
        yield stated.value if start == point else -stated.value
        point = end if start == point else start


def _described(way: list[_Stated]) -> Iterator[str]:
    return (f"{stated.value} for {stated.start}/{stated.end} in {stated.accession_number}" for stated in way)


def _dates(way: list[_Stated], quarter: int) -> tuple[date, date]:
    """First and last day of a quarter, from the days on which the way's windows begin and end."""
    days_before: dict[int, date] = {}
    for stated in way:
        start, end = stated.points
        days_before[start] = stated.start - timedelta(days=1)
        days_before[end] = stated.end
    return days_before[quarter - 1] + timedelta(days=1), days_before[quarter]
