"""Discrete fiscal quarters from the windows that filings state: quarters, half-years, nine months, years.

Each quarter has a row for each of its versions: the value that became known first, and another whenever a later filing
states the quarter otherwise (a recast, a correction, a split). A version is known until the next one. A filing that
repeats a figure, or rounds it, adds none.

Where no filing states a quarter it is derived as a difference of stated windows, for instance Q4 = year - nine months.
For that a fiscal year is seen as five points in time (its first day and the ends of its quarters) and every stated
window as a way from one point to another; a quarter is derived over the fewest windows that lead from its first day to
its last. Per-share figures are never derived.

Windows are only subtracted from one another within one way of counting. A new one begins with a filing that states a
window otherwise than before (a recast), that assigns revenue to places on another basis or that is in another currency.
Two recasts between filings that have no window in common cannot be told from one, which is why the basis is reviewed by
hand.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

import pyarrow as pa

from assets.earnings import measures
from assets.earnings.additivity import misfits
from assets.earnings.currencies import Dollars, Rates, usd_of
from assets.earnings.edgar import SOURCE
from assets.earnings.fiscal import calendar_quarter
from assets.earnings.measures import Measure
from assets.earnings.stated import Stated, Windows, reviewed, shown, slices, whole_company
from assets.earnings.vendors import Vendor
from resources.documents import Parsed, Row, SourceError

DATA_CENTER = "Data Center"
"""Canonical segment behind ``revenue_data_center``."""

CHINA = "China"
"""Canonical geography behind ``revenue_china``."""

# Companies print millions, thousands or whole amounts.
_MILLION = 1_000_000
_PRINTED_UNITS = (_MILLION, 1_000, 1)

# A split divides per-share figures by a whole number, or 3:2; cents are rounded, so a few cents tell nothing.
_SPLITS = [Decimal("1.5"), *(Decimal(number) for number in range(2, 51))]
_HALF_CENT = Decimal("0.005")
_LEAST_PER_SHARE = Decimal("0.05")


def vendor_quarters(
    facts: pa.Table,
    segments: Iterable[Row],
    geographies: Iterable[Row],
    vendors: Mapping[str, Vendor],
    rates: Rates | None = None,
    *,
    curated: Iterable[Row] = (),
) -> Parsed:
    """Rows of the table ``vendor_quarters``.

    Args:
        facts: the table ``facts``, all vendors and months; gives the measures of the whole company.
        segments: rows of ``revenue_segments``; give data-centre revenue.
        geographies: rows of ``revenue_geography``; give revenue from China.
        vendors: by slug; others' facts are left out.
        rates: gives values in dollars beside those in other currencies; without it there are none.
        curated: rows of ``curated_figures``; give the measures of vendors that do not file with the SEC.

    Returns:
        One row per vendor, measure, fiscal quarter and version. Contradictions are among the problems: two tags or two
        readings of one filing that differ, fiscal years whose stated windows do not add up, of which nothing is
        derived, a currency that changed, per-share figures recast as by a split that nobody has reviewed, and
        breakdowns whose lines do not add up to the total of their filing.
    """
    problems: list[SourceError] = []
    rows: list[Row] = []
    segments, geographies = list(segments), list(geographies)
    stated = whole_company(facts, vendors, problems)
    problems += misfits([*segments, *geographies], stated, _MILLION)
    stated |= slices(
        segments, "segment", DATA_CENTER, measure="revenue_data_center", vendors=vendors, problems=problems
    )
    stated |= slices(geographies, "geography", CHINA, measure="revenue_china", vendors=vendors, problems=problems)
    stated |= reviewed(curated, vendors)
    reported_years = _own_years(stated)
    kinds = measures.load().measures
    for (vendor, measure), windows in sorted(stated.items()):
        series = _Series(vendor, measure, kinds.get(measure, kinds["revenue"]), reported_years, rates or Rates())
        series.read(windows)
        rows.extend(row for key in sorted(series.versions) for row in series.versions[key])
        problems.extend(series.problems)
    return Parsed(rows, problems)


def _own_years(stated: Windows) -> dict[tuple[str, str], int]:
    """The fiscal year each filing is about: the latest it has a window in."""
    years: dict[tuple[str, str], int] = {}
    for (vendor, _), windows in stated.items():
        for window in windows:
            key = (vendor, window.accession_number)
            years[key] = max(years.get(key, 0), window.window.fiscal_year)
    return years


class _Series:
    """One vendor's measure, read filing by filing in the order in which the world learned of them."""

    def __init__(
        self, vendor: str, name: str, measure: Measure, own_years: Mapping[tuple[str, str], int], rates: Rates
    ) -> None:
        self.rates = rates
        self.vendor = vendor
        self.name = name
        self.measure = measure
        self.own_years = own_years
        self.versions: dict[tuple[int, int], list[Row]] = {}
        self.problems: list[SourceError] = []
        # Of the present way of counting: windows by fiscal year and points, quarters that have a value, bad years.
        self._counted: dict[int, dict[tuple[int, int], Stated]] = {}
        self._given: set[tuple[int, int]] = set()
        self._contradicted: set[int] = set()
        self._last: Stated | None = None

    def read(self, windows: list[Stated]) -> None:
        """Take in all windows and fill :attr:`versions`."""
        ordered = sorted(
            windows, key=lambda stated: (stated.known_from, stated.accession_number, stated.start, stated.end)
        )
        for _, group in groupby(ordered, key=lambda stated: (stated.known_from, stated.accession_number)):
            filing = list(group)
            if self._begins_anew(filing):
                self._counted.clear()
                self._given.clear()
                self._contradicted.clear()
            self._last = filing[-1]
            for stated in filing:
                self._counted.setdefault(stated.window.fiscal_year, {}).setdefault(stated.points, stated)
            for stated in filing:
                if stated.window.quarters == 1:
                    self._add(stated.window.fiscal_year, stated.window.last_quarter, [stated], filing[0])
            if self.measure.kind == "amount":
                for year in sorted({stated.window.fiscal_year for stated in filing}):
                    self._derive(year, filing[0])

    def _begins_anew(self, filing: list[Stated]) -> bool:
        last = self._last
        if last is not None and last.currency != filing[0].currency:
            self._report_currency(last, filing[-1])
            return True
        if last is None or filing[0].basis != last.basis:
            return True
        for stated in filing:
            before = self._counted.get(stated.window.fiscal_year, {}).get(stated.points)
            if before is not None and before.value != stated.value:
                return True
        return False

    def _derive(self, year: int, filing: Stated) -> None:
        windows = self._counted[year]
        if year in self._contradicted or not self._adds_up(year, filing):
            return
        for quarter in (1, 2, 3, 4):
            if (year, quarter) not in self._given:
                way = _way(windows, quarter - 1, quarter)
                if way is not None:
                    self._add(year, quarter, way, filing)

    def _adds_up(self, year: int, filing: Stated) -> bool:
        """Compare each window with the others that lead from its first day to its last."""
        windows = self._counted[year]
        for points, stated in windows.items():
            others = {key: other for key, other in windows.items() if key != points}
            way = _way(others, *points)
            if way is None:
                continue
            value = sum(_signed(way, points[0]), Decimal(0))
            if abs(value - stated.value) > _rounding(stated.value, *(window.value for window in way)):
                self._contradicted.add(year)
                reason = (
                    f"{self.vendor} {self.name} of fiscal {year}: {', '.join(_described([stated]))}, but "
                    f"{shown(value)} by {', '.join(_described(way))}; nothing is derived for the year"
                )
                self._report(filing, f"fiscal {year}", reason)
                return False
        return True

    def _add(self, year: int, quarter: int, way: list[Stated], filing: Stated) -> None:
        derived = len(way) > 1 or way[0].window.quarters > 1
        value = sum(_signed(way, quarter - 1), Decimal(0))
        if derived and value < 0 and not self.measure.signed:
            reason = f"{self.vendor} {self.name} of fiscal {year} Q{quarter} would be {shown(value)} by "
            self._report(filing, f"fiscal {year}", reason + ", ".join(_described(way)))
            return
        self._given.add((year, quarter))
        versions = self.versions.setdefault((year, quarter), [])
        days = _dates(way, quarter) if derived else (way[0].start, way[0].end)
        in_usd = Dollars(None)
        if self.measure.kind == "amount":
            in_usd = usd_of(value, filing.currency, *days, self.rates)
        row = self._row(year, quarter, way, filing, days=days, derived=derived) | {
            "value": value,
            "currency": filing.currency,
            "value_usd": in_usd.value_usd,
            **in_usd.rate_columns,
        }
        if versions and _repeats(versions[-1], row, self.measure):
            return
        if versions:
            self._report_split(versions[-1], row, filing)
            versions[-1]["known_to"] = filing.known_from
        if in_usd.reason:
            place = f"fiscal {year} Q{quarter}"
            self._report(filing, place, f"{self.vendor} {self.name} has no value in dollars: {in_usd.reason}")
        versions.append(row | {"version": len(versions) + 1})

    def _row(
        self, year: int, quarter: int, way: list[Stated], filing: Stated, *, days: tuple[date, date], derived: bool
    ) -> Row:
        start, end = days
        accession_numbers = list(dict.fromkeys(stated.accession_number for stated in way))
        own_years = [self.own_years[self.vendor, accession_number] for accession_number in accession_numbers]
        return {
            "vendor": self.vendor,
            "measure": self.name,
            "fiscal_year": year,
            "fiscal_quarter": quarter,
            "period_start": start,
            "period_end": end,
            "calendar_quarter": calendar_quarter(start, end),
            "derivation": "derived" if derived else "reported",
            "derived_from": accession_numbers if derived else [],
            "is_comparative": any(own_year > year for own_year in own_years),
            "reporting_basis": filing.basis,
            "source": filing.source,
            "accession_number": filing.accession_number if filing.source == SOURCE else None,
            "source_url": None if filing.source == SOURCE else filing.accession_number,
            "known_from": filing.known_from,
            "known_to": None,
        }

    def _report(self, filing: Stated, place: str, reason: str) -> None:
        self.problems.append(SourceError(filing.source, filing.accession_number, place, reason))

    def _report_currency(self, before: Stated, now: Stated) -> None:
        reason = (
            f"currency changed: {self.vendor} {self.name} is in {now.currency} ({', '.join(_described([now]))}) after "
            f"{before.currency} ({', '.join(_described([before]))}); nothing is derived across it"
        )
        self._report(now, f"fiscal {now.window.fiscal_year}", reason)

    def _report_split(self, before: Row, now: Row, filing: Stated) -> None:
        """A per-share figure divided or multiplied as by a split, while the reviewed splits know of none."""
        if self.measure.kind == "amount" or before["reporting_basis"] != now["reporting_basis"]:
            return
        low, high = sorted((abs(before["value"]), abs(now["value"])))
        if low >= _LEAST_PER_SHARE and any(abs(high / ratio - low) <= _HALF_CENT for ratio in _SPLITS):
            reason = (
                f"{self.vendor} {self.name} of fiscal {now['fiscal_year']} Q{now['fiscal_quarter']} was "
                f"{shown(before['value'])} in {before['accession_number']} and is {shown(now['value'])} in "
                f"{now['accession_number']}, as after a split; review it in assets/earnings/measures.yml"
            )
            self._report(filing, f"fiscal {now['fiscal_year']}", reason)


def _repeats(before: Row, now: Row, measure: Measure) -> bool:
    """Whether a value says nothing new of a quarter: the same figure, rounded or not, counted the same way."""
    if (before["reporting_basis"], before["currency"]) != (now["reporting_basis"], now["currency"]):
        return False
    difference = abs(before["value"] - now["value"])
    if difference == 0 or measure.kind == "per_share":
        return bool(difference == 0)
    if now["derivation"] == "derived":
        return bool(difference <= _rounding(before["value"], now["value"]))
    return before["derivation"] == "reported" and bool(
        2 * difference <= max(_printed_unit(before["value"]), _printed_unit(now["value"]))
    )


def _printed_unit(value: Decimal) -> int:
    """The largest unit a figure may have been printed in."""
    return next(unit for unit in _PRINTED_UNITS if value % unit == 0) if value else 1


def _rounding(*values: Decimal) -> int:
    """What sums of these figures may miss each other by without a contradiction: each is rounded by itself."""
    return 3 * max(map(_printed_unit, values))


def _way(windows: Mapping[tuple[int, int], Stated], first: int, last: int) -> list[Stated] | None:
    """The fewest windows that lead from one quarter end to another, later windows first; ``None`` if none do."""
    queue: deque[tuple[int, list[Stated]]] = deque([(first, [])])
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


def _signed(way: list[Stated], first: int) -> Iterator[Decimal]:
    """Values of a way's windows, negative where it leads back in time."""
    point = first
    for stated in way:
        start, end = stated.points
        yield stated.value if start == point else -stated.value
        point = end if start == point else start


def _described(way: list[Stated]) -> Iterator[str]:
    return (f"{shown(stated.value)} for {stated.start}/{stated.end} in {stated.accession_number}" for stated in way)


def _dates(way: list[Stated], quarter: int) -> tuple[date, date]:
    """First and last day of a quarter, from the days on which the way's windows begin and end."""
    days_before: dict[int, date] = {}
    for stated in way:
        start, end = stated.points
        days_before[start] = stated.start - timedelta(days=1)
        days_before[end] = stated.end
    return days_before[quarter - 1] + timedelta(days=1), days_before[quarter]
