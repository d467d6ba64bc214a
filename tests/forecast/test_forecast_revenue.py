"""``vendor_revenue_forecast`` from rows of ``vendor_quarters``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import orjson
import pytest
from forecast_rows import NVIDIA, made, nvidia, wavy

from assets.forecast.revenue import forecast, period_ends
from expectations import contract


def test_nvidia_four_quarters_ahead() -> None:
    parsed = forecast(nvidia())
    assert parsed.problems == []
    contract.load("vendor_revenue_forecast").table_of(parsed.rows)
    assert [(row["horizon"], row["fiscal_year"], row["fiscal_quarter"]) for row in parsed.rows] == [
        (1, 2027, 2),
        (2, 2027, 3),
        (3, 2027, 4),
        (4, 2028, 1),
    ]
    assert [row["calendar_quarter"] for row in parsed.rows] == ["2026Q2", "2026Q3", "2026Q4", "2027Q1"]
    first = parsed.rows[0]
    assert (first["origin_quarter"], first["origin_known_from"]) == ("FY2027Q1", date(2026, 5, 26))
    assert (first["model"], first["observations"]) == ("median_of_models", 20)
    # Growth has been 10 to 22 % a quarter: one quarter ahead lies above the last value, its interval on both sides.
    assert first["lower_80_usd"] < 81_615_000_000 < first["value_usd"] < first["upper_80_usd"]


def test_nvidia_figures_are_those_of_companyfacts(real_documents: Path) -> None:
    path = real_documents / "mirror/data.sec.gov/api/xbrl/companyfacts/CIK0001045810.json"
    facts = orjson.loads(path.read_bytes())["facts"]["us-gaap"]["Revenues"]["units"]["USD"]
    spans = {(fact["start"], fact["end"]): fact["val"] for fact in facts}
    quarters = {end: value for (start, end), value in spans.items() if _days(start, end) < 100}
    years = {end: value for (start, end), value in spans.items() if _days(start, end) > 350}
    for place, (end, millions) in enumerate(NVIDIA):
        stated = quarters.get(end)
        if stated is None:
            stated = years[end] - sum(value * 1_000_000 for _, value in NVIDIA[place - 3 : place])
        assert stated == millions * 1_000_000, end


def _days(start: str, end: str) -> int:
    return (date.fromisoformat(end) - date.fromisoformat(start)).days


@pytest.mark.parametrize(
    ("last_year", "fiscal_quarter", "expected"),
    [
        # NVIDIA: the last Sunday in January; fiscal 2027 has 53 weeks and ends on 2027-01-31.
        (
            ["2025-07-27", "2025-10-26", "2026-01-25", "2026-04-26"],
            1,
            ["2026-07-26", "2026-10-25", "2027-01-31", "2027-05-02"],
        ),
        # AMD and Intel: the last Saturday in December.
        (
            ["2024-12-28", "2025-03-29", "2025-06-28", "2025-09-27"],
            3,
            ["2025-12-27", "2026-03-28", "2026-06-27", "2026-09-26"],
        ),
        # A filer by calendar months.
        (
            ["2023-03-31", "2023-06-30", "2023-09-30", "2023-12-31"],
            4,
            ["2024-03-31", "2024-06-30", "2024-09-30", "2024-12-31"],
        ),
    ],
)
def test_expected_ends_of_quarters(last_year: list[str], fiscal_quarter: int, expected: list[str]) -> None:
    ends = period_ends([date.fromisoformat(day) for day in last_year], fiscal_quarter)
    assert [day.isoformat() for day in ends] == expected


def test_refused_series_give_a_problem_and_no_row() -> None:
    parsed = forecast(made(wavy(5)) + made([4_000_000_000] * 12, vendor="flat") + made(wavy(12), vendor="sound"))
    assert {row["vendor"] for row in parsed.rows} == {"sound"}
    assert sorted(problem.document for problem in parsed.problems) == ["flat revenue", "made revenue"]
    assert all("not forecast" in problem.reason for problem in parsed.problems)


def test_an_empty_table_gives_nothing() -> None:
    parsed = forecast([])
    assert (parsed.rows, parsed.problems) == ([], [])


def test_cut_history_is_told_in_the_reason() -> None:
    rows = made(wavy(20))
    del rows[5]
    (reason,) = {row["model_reason"] for row in forecast(rows).rows}
    assert reason == (
        "median of AutoETS, AutoTheta, random walk with drift; "
        "history up to FY2019Q1 is left out: 1 quarters missing after it"
    )
