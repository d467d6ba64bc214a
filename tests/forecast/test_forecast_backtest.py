"""``forecast_backtest``: origins, outcomes, seasonal naive and what is inside the intervals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from forecast_rows import made, nvidia, wavy

from assets.forecast.backtest import backtest
from expectations import contract


def test_nvidia_rolls_over_twelve_origins_and_beats_seasonal_naive() -> None:
    parsed = backtest(nvidia())
    assert parsed.problems == []
    contract.load("forecast_backtest").table_of(parsed.rows)
    # Twelve origins: nine with four quarters after them, then three, two and one.
    assert len({row["origin_quarter"] for row in parsed.rows}) == 12
    assert len(parsed.rows) == 9 * 4 + 3 + 2 + 1
    ours = sum(abs(row["error_usd"]) for row in parsed.rows)
    naive = sum(abs(row["naive_error_usd"]) for row in parsed.rows)
    assert ours < naive / 2


def test_one_row_by_hand() -> None:
    (row,) = [row for row in backtest(nvidia()).rows if (row["origin_quarter"], row["horizon"]) == ("FY2025Q3", 2)]
    # Two quarters after FY2025Q3 is FY2026Q1: 44,062 million; the same quarter of the year before had 26,044.
    assert row["actual_usd"] == 44_062_000_000
    assert row["naive_usd"] == 26_044_000_000
    assert row["naive_error_usd"] == -18_018_000_000
    assert row["naive_absolute_percentage_error"] == Decimal("0.408924")
    assert (row["calendar_quarter"], row["period_end"]) == ("2025Q1", date(2025, 4, 27))
    assert (row["origin_known_from"], row["point_in_time"]) == (date(2024, 11, 26), True)
    assert row["error_usd"] == row["forecast_usd"] - row["actual_usd"]
    assert row["inside_80"] == (row["lower_80_usd"] <= 44_062_000_000 <= row["upper_80_usd"])
    assert row["inside_95"] == (row["lower_95_usd"] <= 44_062_000_000 <= row["upper_95_usd"])


def test_nothing_after_the_origin_is_looked_at() -> None:
    rows = nvidia()
    before = [row for row in backtest(rows).rows if row["origin_quarter"] == "FY2024Q4"]
    for later in rows[12:]:
        later["value_usd"] *= 3
    after = [row for row in backtest(rows).rows if row["origin_quarter"] == "FY2024Q4"]
    assert len(before) == 4
    assert [row["forecast_usd"] for row in before] == [row["forecast_usd"] for row in after]
    assert [row["upper_95_usd"] for row in before] == [row["upper_95_usd"] for row in after]
    assert [row["actual_usd"] * 3 for row in before] == [row["actual_usd"] for row in after]


def test_short_series_have_as_many_windows_as_they_allow() -> None:
    parsed = backtest(made(wavy(14)))
    assert sorted({row["observations"] for row in parsed.rows}) == [8, 9, 10, 11, 12, 13]
    assert {row["model"] for row in parsed.rows if row["observations"] < 12} == {"random_walk_with_drift"}
    assert {row["model"] for row in parsed.rows if row["observations"] >= 12} == {"median_of_models"}


def test_eight_quarters_leave_no_outcome_and_say_so() -> None:
    parsed = backtest(made(wavy(8)))
    assert parsed.rows == []
    assert [problem.reason for problem in parsed.problems] == [
        "not back-tested: 8 quarters leave no outcome to compare with"
    ]


def test_history_learned_after_the_outcome_is_marked() -> None:
    rows = made(wavy(10))
    # The second quarter became known from a later filing's comparatives only, after the last quarter was reported.
    rows[1]["known_from"] = date(2021, 1, 1)
    assert {row["point_in_time"] for row in backtest(rows).rows} == {False}


def test_series_refused_by_the_forecast_are_not_reported_twice() -> None:
    parsed = backtest(made(wavy(5)))
    assert (parsed.rows, parsed.problems) == ([], [])
