"""From ``vendor_quarters`` to unbroken quarterly series that may be forecast, or the reason why one may not.

A series is cut, never mended: where a quarter is missing, is not positive, or is counted on another basis than the
next one, everything up to that point is left out. What remains must have :data:`MIN_QUARTERS` quarters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from resources.documents import Row, SourceError

MEASURES = ("revenue", "revenue_data_center", "revenue_china")
"""What is forecast, in the words of ``vendor_quarters.measure``; other measures are out of scope."""

MIN_QUARTERS = 8
"""Two years: with less, seasonal naive has no error to be compared with and no spread can be estimated."""

# A fiscal quarter has 12 to 14 weeks; AMD and NVIDIA have both 13 and 14, Intel's half-years vary by a week.
_QUARTER_DAYS = range(77, 106)
# Over three quarters behind the newest figure of any vendor, the "next four quarters" would lie mostly in the past.
_STALE_DAYS = 270


@dataclass(frozen=True)
class Series:
    """Consecutive fiscal quarters of one vendor and measure, oldest first, all positive and counted alike.

    ``cut`` says what earlier history was left out and why; it is empty where none was.
    """

    vendor: str
    measure: str
    quarters: Sequence[Row]
    cut: str = ""

    @property
    def values(self) -> list[int]:
        """Values in USD, oldest first."""
        return [row["value_usd"] for row in self.quarters]

    def known_from(self, start: int, stop: int) -> date:
        """Day on which the quarters ``start`` to ``stop`` (exclusive) were all known."""
        known_from: date = max(row["known_from"] for row in self.quarters[start:stop])
        return known_from


def fiscal_label(row: Row) -> str:
    """Return the label of a row's fiscal quarter, e.g. ``FY2026Q3``."""
    return f"FY{row['fiscal_year']}Q{row['fiscal_quarter']}"


def usable(quarters: Iterable[Row]) -> tuple[list[Series], list[SourceError]]:
    """Group rows of ``vendor_quarters`` into series, by vendor and measure.

    Args:
        quarters: rows of one view of time (as first reported), with at least vendor, measure, fiscal_year,
            fiscal_quarter, period_end, calendar_quarter, value_usd, reporting_basis, known_from; in any order.

    Returns:
        The series of at least :data:`MIN_QUARTERS` quarters, ordered by vendor and measure, and a
        :class:`SourceError` for every other one, naming the quarter at which its history breaks.
    """
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in quarters:
        if row["measure"] in MEASURES:
            groups[row["vendor"], row["measure"]].append(row)
    newest = max((row["period_end"] for rows in groups.values() for row in rows), default=date.min)
    series: list[Series] = []
    problems: list[SourceError] = []
    for (vendor, measure), rows in sorted(groups.items(), key=lambda item: item[0]):
        rows.sort(key=_index)
        tail, cut, place = _unbroken_tail(rows)
        lag = (newest - rows[-1]["period_end"]).days
        if len(tail) < MIN_QUARTERS:
            reason = f"{len(tail)} consecutive quarters, {MIN_QUARTERS} are needed"
            problems.append(_refused(vendor, measure, place, f"{reason}; {cut}" if cut else reason))
        elif lag > _STALE_DAYS:
            reason = f"the series ends {rows[-1]['period_end']}, {lag} days before the newest quarter held"
            problems.append(_refused(vendor, measure, fiscal_label(rows[-1]), reason))
        else:
            series.append(Series(vendor, measure, tail, cut))
    return series, problems


def _unbroken_tail(rows: Sequence[Row]) -> tuple[list[Row], str, str]:
    """Return the last quarters without a break, why they begin where they do, and the quarter of the break."""
    start = len(rows)
    while start > 0:
        row = rows[start - 1]
        following = rows[start] if start < len(rows) else None
        if cause := _break(row, following):
            return list(rows[start:]), f"history up to {fiscal_label(row)} is left out: {cause}", fiscal_label(row)
        start -= 1
    return list(rows), "", ""


def _break(row: Row, following: Row | None) -> str:
    """Say why ``row`` cannot stand before ``following`` in one series; empty if it can."""
    if row["value_usd"] is None or row["value_usd"] <= 0:
        return f"{fiscal_label(row)} is {row['value_usd']}, which has no logarithm"
    if following is None:
        return ""
    step = _index(following) - _index(row)
    if step != 1:
        return f"{fiscal_label(row)} stands twice" if step == 0 else f"{step - 1} quarters missing after it"
    days = (following["period_end"] - row["period_end"]).days
    if days not in _QUARTER_DAYS:
        return f"{days} days from its last day to that of {fiscal_label(following)}"
    if row["reporting_basis"] != following["reporting_basis"]:
        bases = f"{row['reporting_basis'] or 'unstated'}, then {following['reporting_basis'] or 'unstated'}"
        return f"the reporting basis changes after it ({bases})"
    return ""


def _index(row: Row) -> int:
    return int(row["fiscal_year"] * 4 + row["fiscal_quarter"] - 1)


def _refused(vendor: str, measure: str, place: str, reason: str) -> SourceError:
    return SourceError(
        "vendor_quarters",
        f"{vendor} {measure}",
        place,
        f"not forecast: {reason}",
        remedy="backfill the filings of the missing quarters, or leave it: no number is better than an invented one",
    )
