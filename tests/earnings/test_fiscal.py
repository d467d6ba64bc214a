"""Windows in fiscal calendars of 52 and 53 weeks, against periods that filings state."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.earnings.fiscal import calendar_quarter, days, fiscal_position, window_of
from assets.earnings.vendors import Vendor


@pytest.mark.parametrize(
    ("vendor", "period", "wanted"),
    [
        # NVIDIA's 10-Q of 2025-10-26 and 10-K of 2025-01-26, covers.
        ("nvidia", "2025-07-28/2025-10-26", ("quarter", 91, 2026, 3)),
        ("nvidia", "2025-01-27/2025-10-26", ("nine_months", 273, 2026, None)),
        ("nvidia", "2024-01-29/2025-01-26", ("year", 364, 2025, None)),
        # NVIDIA's fiscal 2023 began with a quarter that ended in May.
        ("nvidia", "2022-01-31/2022-05-01", ("quarter", 91, 2023, 1)),
        # 53 weeks: fiscal 2017 of NVIDIA ended on 2017-01-29 after 364 days, fiscal 2016 on 2016-01-31 after 371.
        ("nvidia", "2015-01-26/2016-01-31", ("year", 371, 2016, None)),
        # AMD's fiscal 2022 (10-K of 2023-12-30): 53 weeks.
        ("amd", "2021-12-26/2022-12-31", ("year", 371, 2022, None)),
        ("amd", "2023-01-01/2023-07-01", ("half", 182, 2023, None)),
        ("amd", "2023-04-02/2023-07-01", ("quarter", 91, 2023, 2)),
        # Intel's 14-week first quarter of 2022 and the half-year with it.
        ("intel", "2021-12-26/2022-04-02", ("quarter", 98, 2022, 1)),
        ("intel", "2021-12-26/2022-07-02", ("half", 189, 2022, None)),
    ],
)
def test_windows_of_real_filings(
    known: dict[str, Vendor], vendor: str, period: str, wanted: tuple[str, int, int, int | None]
) -> None:
    start, end = (date.fromisoformat(day) for day in period.split("/"))
    window = window_of(start, end, known[vendor])
    assert window is not None
    assert (window.length, days(start, end), window.fiscal_year, window.fiscal_quarter) == wanted


def test_what_is_not_whole_quarters_has_no_window(known: dict[str, Vendor]) -> None:
    # One month, four months, a quarter that ends in the middle of a fiscal quarter.
    assert window_of(date(2025, 9, 28), date(2025, 10, 26), known["nvidia"]) is None
    assert window_of(date(2025, 6, 28), date(2025, 10, 26), known["nvidia"]) is None
    assert window_of(date(2025, 6, 15), date(2025, 9, 14), known["nvidia"]) is None


def test_trailing_windows_do_not_begin_with_the_year(known: dict[str, Vendor]) -> None:
    trailing = window_of(date(2024, 10, 28), date(2025, 10, 26), known["nvidia"])
    to_date = window_of(date(2025, 1, 27), date(2025, 10, 26), known["nvidia"])
    assert trailing is not None
    assert to_date is not None
    assert (trailing.length, trailing.is_to_date) == ("year", False)
    assert to_date.is_to_date


@pytest.mark.parametrize(
    ("start", "end", "quarter"),
    [
        ("2025-07-28", "2025-10-26", "2025Q3"),  # 65 days of July to September, 26 of October
        ("2024-10-28", "2025-01-26", "2024Q4"),
        ("2022-01-31", "2022-05-01", "2022Q1"),  # 60 days of the first quarter, 31 of the second
        ("2025-01-01", "2025-03-31", "2025Q1"),
    ],
)
def test_calendar_quarter_holds_most_days(start: str, end: str, quarter: str) -> None:
    assert calendar_quarter(date.fromisoformat(start), date.fromisoformat(end)) == quarter


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before it begins"):
        calendar_quarter(date(2025, 2, 1), date(2025, 1, 1))


@given(st.integers(2009, 2040), st.integers(0, 3), st.integers(-6, 6))
def test_each_quarter_end_has_one_place(year: int, quarter: int, drift: int) -> None:
    """Whatever weekday a 52/53-week quarter ends on, it is the quarter whose nominal end is near."""
    vendor = Vendor(
        slug="x", cik=1, name="X", names_zh=(), role="designer", fiscal_year_end_month=1, fiscal_year_end_note="January"
    )
    nominal = [date(year - 1, 4, 30), date(year - 1, 7, 31), date(year - 1, 10, 31), date(year, 1, 31)][quarter]
    assert fiscal_position(nominal + timedelta(days=drift), vendor) == (year, quarter + 1)
