"""Which series may be forecast, and what is said of the others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from forecast_rows import made, nvidia, wavy

from assets.forecast.series import usable
from resources.documents import Row


def only_reason(rows: list[Row]) -> str:
    series, problems = usable(rows)
    assert series == []
    assert len(problems) == 1
    return f"{problems[0].document} at {problems[0].place}: {problems[0].reason}"


def test_a_whole_series_is_taken_in_order_whatever_the_order_of_rows() -> None:
    series, problems = usable(reversed(nvidia()))
    assert problems == []
    assert [one.cut for one in series] == [""]
    assert series[0].values[0] == 5_661_000_000
    assert series[0].values[-1] == 81_615_000_000


def test_seven_quarters_are_refused_and_eight_are_not() -> None:
    assert only_reason(made(wavy(7))) == "made revenue at : not forecast: 7 consecutive quarters, 8 are needed"
    assert len(usable(made(wavy(8)))[0]) == 1


def test_a_gap_cuts_off_what_lies_before_it() -> None:
    rows = made(wavy(20))
    del rows[9]
    (series,), problems = usable(rows)
    assert problems == []
    assert len(series.quarters) == 10
    assert series.cut == "history up to FY2020Q1 is left out: 1 quarters missing after it"


def test_a_gap_that_leaves_too_little_is_refused_with_its_place() -> None:
    rows = made(wavy(20))
    del rows[15]
    assert only_reason(rows) == (
        "made revenue at FY2021Q3: not forecast: 4 consecutive quarters, 8 are needed; "
        "history up to FY2021Q3 is left out: 1 quarters missing after it"
    )


@pytest.mark.parametrize("value", [0, -5])
def test_amounts_without_a_logarithm_are_refused(value: int) -> None:
    rows = made(wavy(12))
    rows[-1]["value_usd"] = value
    assert only_reason(rows) == (
        "made revenue at FY2020Q4: not forecast: 0 consecutive quarters, 8 are needed; "
        f"history up to FY2020Q4 is left out: FY2020Q4 is {value}, which has no logarithm"
    )


def test_a_quarter_that_stands_twice_is_not_summed_or_chosen_from() -> None:
    rows = made(wavy(12))
    assert "FY2019Q4 stands twice" in only_reason([*rows, dict(rows[7], value_usd=1)])


def test_labels_that_follow_while_the_days_do_not_are_a_break() -> None:
    rows = made(wavy(12))
    for late in rows[8:]:
        late["period_end"] += timedelta(days=91)
    assert "182 days from its last day to that of FY2020Q1" in only_reason(rows)


def test_a_change_of_reporting_basis_is_a_break() -> None:
    # NVIDIA's 10-Q for 2025-10-26 counts China by the customer's headquarters, the one before by billing.
    rows = made(wavy(15), measure="revenue_china")
    for place, one in enumerate(rows):
        one["reporting_basis"] = "billing" if place < 14 else "headquarters"
    reason = only_reason(rows)
    assert "1 consecutive quarters, 8 are needed" in reason
    assert "the reporting basis changes after it (billing, then headquarters)" in reason


def test_a_series_that_ended_long_ago_is_refused() -> None:
    ended = made(wavy(12), vendor="ended")
    series, problems = usable(ended + made(wavy(16), vendor="going"))
    assert [one.vendor for one in series] == ["going"]
    assert problems[0].document == "ended revenue"
    assert "ends 2020-12-31, 365 days before the newest quarter held" in problems[0].reason


def test_other_measures_are_out_of_scope() -> None:
    assert usable(made(wavy(12), measure="gross_margin")) == ([], [])
