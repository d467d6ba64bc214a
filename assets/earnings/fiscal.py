"""Windows of time in a vendor's fiscal calendar, and fiscal quarters on the calendar axis.

Companies with a 52/53-week year end it on a weekday near a month's end, so lengths and dates vary: Intel's half-year
can have 189 days, AMD's year 371. What a window is follows from its own two dates, never from the label (``fy``,
``fp``) of the filing that states it.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from assets.earnings.vendors import Vendor

Length = Literal["quarter", "half", "nine_months", "year"]

_DAYS: tuple[tuple[int, int, Length, int], ...] = (
    # shortest and longest, both ends counted; 12 to 14 weeks make a quarter; quarters in it
    (80, 100, "quarter", 1),
    (170, 191, "half", 2),
    (260, 284, "nine_months", 3),
    (350, 380, "year", 4),
)
_SLACK_DAYS = 20


@dataclass(frozen=True)
class Window:
    """A window as a number of whole fiscal quarters.

    ``last_quarter`` is the fiscal quarter it ends with; ``is_to_date`` says that it begins with the fiscal year, as
    every quarterly and annual report's windows do, other than the single quarters 2 to 4.
    """

    length: Length
    quarters: int
    fiscal_year: int
    last_quarter: int

    @property
    def is_to_date(self) -> bool:
        """Whether the window runs from the first day of its fiscal year."""
        return self.quarters == self.last_quarter

    @property
    def fiscal_quarter(self) -> int | None:
        """The fiscal quarter, where the window is exactly one."""
        return self.last_quarter if self.quarters == 1 else None


def days(start: date, end: date) -> int:
    """Length in days, both ends counted."""
    return (end - start).days + 1


def window_of(start: date, end: date, vendor: Vendor) -> Window | None:
    """Place a window in the vendor's fiscal calendar; ``None`` if it is not a whole number of its quarters."""
    span = days(start, end)
    position = fiscal_position(end, vendor)
    for shortest, longest, length, quarters in _DAYS:
        if position and shortest <= span <= longest:
            return Window(length, quarters, *position)
    return None


def last_quarter_before(day: date, vendor: Vendor) -> tuple[int, int]:
    """Fiscal year and quarter that had ended most recently on a day, by the nominal month ends of the calendar."""
    ended = [
        (nominal, year, quarter)
        for year in range(day.year - 1, day.year + 3)
        for quarter in (1, 2, 3, 4)
        if (nominal := _nominal_end(year, quarter, vendor)) < day
    ]
    _, year, quarter = max(ended)
    return year, quarter


def fiscal_position(end: date, vendor: Vendor) -> tuple[int, int] | None:
    """Fiscal year and quarter that end on (or within a few days of) a date; ``None`` if none does."""
    best: tuple[int, int, int] | None = None
    for year in range(end.year - 1, end.year + 3):
        for quarter in (1, 2, 3, 4):
            distance = abs((end - _nominal_end(year, quarter, vendor)).days)
            if best is None or distance < best[0]:
                best = (distance, year, quarter)
    if best is None or best[0] > _SLACK_DAYS:
        return None
    return best[1], best[2]


def _nominal_end(year: int, quarter: int, vendor: Vendor) -> date:
    """The month end that a fiscal quarter ends on or near."""
    months = vendor.fiscal_year_end_month - 3 * (4 - quarter)
    calendar_year, month = (year, months) if months > 0 else (year - 1, months + 12)
    return date(calendar_year, month, calendar.monthrange(calendar_year, month)[1])


def calendar_quarter(start: date, end: date) -> str:
    """Calendar quarter that holds most of a window's days, e.g. ``2025Q3``; of two with equally many, the earlier.

    Raises:
        ValueError: the window ends before it begins.
    """
    if end < start:
        raise ValueError(f"{start} to {end} ends before it begins")
    best_days, best = 0, ""
    first = date(start.year, 3 * ((start.month - 1) // 3) + 1, 1)
    while first <= end:
        after = date(first.year + (first.month == 10), (first.month + 2) % 12 + 1, 1)
        held = days(max(start, first), min(end, after - timedelta(days=1)))
        if held > best_days:
            best_days, best = held, f"{first.year}Q{(first.month + 2) // 3}"
        first = after
    return best
