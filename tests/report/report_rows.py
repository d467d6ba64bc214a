"""Rows of the tables that the report shows: a small world in which every section has something to say."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from resources.documents import Row

ADVANCED = (
    "Implementation of Additional Export Controls: Certain Advanced Computing and Semiconductor Manufacturing Items; "
    "Supercomputer and Semiconductor End Use; Entity List Modification"
)


def event(day: date, kind: str, subject: str, number: str, **more: Any) -> Row:
    return {
        "event_date": day,
        "known_from": day,
        "kind": kind,
        "country": "",
        "subject": subject,
        "entities": 0,
        "amendments": 1,
        "document_number": number,
        "citation": None,
        "url": f"https://www.federalregister.gov/d/{number}",
        "date_meaning": "effective",
    } | more


def timeline() -> list[Row]:
    published = date(2022, 10, 13)
    return [
        # The rule of October 2022 takes effect on three days, each a row.
        *(
            event(day, "rule", ADVANCED, "2022-21658", known_from=published, citation="87 FR 62186")
            for day in (date(2022, 10, 7), date(2022, 10, 12), date(2022, 10, 21))
        ),
        event(date(2023, 11, 17), "rule", "Export Controls on Semiconductor Manufacturing Items", "2023-23049"),
        event(date(2024, 6, 3), "notice", "Technical Advisory Committees", "2024-10001", date_meaning="published"),
        event(date(2023, 2, 24), "entity_added", "AOOK; Dexias", "2023-03929", country="Russia", entities=2),
        event(date(2023, 2, 24), "entity_added", "; ".join(f"Maker {n}" for n in range(11)), "2023-03929",
              country="China", entities=11),
        event(date(2024, 1, 9), "entity_removed", "Maker 3", "2024-00100", country="China", entities=1),
        event(date(2024, 1, 9), "entity_revised", "Maker 4", "2024-00100", country="China", entities=1),
    ]  # fmt: skip


def china_revenue() -> list[Row]:
    # NVIDIA FY2024Q3: 4,030 of 18,120 million; AMD's years as its 10-K for 2023 states them.
    rows = []
    for place, millions in enumerate((1590, 2740, 4030, 1946)):
        end = date(2023, 4, 30) + timedelta(weeks=13 * place)
        rows.append(_china("nvidia", end, millions, 2024, place + 1))
    for year, millions in ((2022, 5207), (2023, 3419)):
        rows.append(_china("amd", date(year, 12, 31), millions, year, None))
    return rows


def _china(vendor: str, end: date, millions: int, year: int, quarter: int | None) -> Row:
    return {
        "vendor": vendor,
        "time_window": "quarter" if quarter else "year",
        "fiscal_year": year,
        "fiscal_quarter": quarter,
        "calendar_quarter": None,
        "period_start": end - timedelta(days=90 if quarter else 364),
        "period_end": end,
        "china_revenue_usd": millions * 1_000_000,
        "total_revenue_usd": 18_120_000_000 if (year, quarter) == (2024, 3) else None,
        "china_share": Decimal("0.222406") if (year, quarter) == (2024, 3) else None,
        "derivation": "reported",
        "reporting_basis": "billing" if quarter else "ship_to",
        "accession_number": "0001045810-23-000227",
        "known_from": end + timedelta(days=25),
    }


def quarters() -> list[Row]:
    rows = []
    for vendor, values in (("nvidia", (7192, 13507, 18120, 22103)), ("amd", (5353, 5359, 5800, 6168))):
        for place, millions in enumerate(values):
            end = date(2023, 4, 30) + timedelta(weeks=13 * place)
            rows.append(
                {
                    "vendor": vendor,
                    "measure": "revenue",
                    "fiscal_year": 2024,
                    "fiscal_quarter": place + 1,
                    "period_start": end - timedelta(days=90),
                    "period_end": end,
                    "value_usd": millions * 1_000_000,
                    "known_from": end + timedelta(days=25),
                }
            )
    return rows


def forecast() -> list[Row]:
    rows = []
    for horizon in (1, 2, 3, 4):
        median = 22_103_000_000 + horizon * 3_000_000_000
        rows.append(
            {
                "vendor": "nvidia",
                "measure": "revenue",
                "horizon": horizon,
                "model": "median_of_models",
                "model_reason": "median of AutoETS, AutoTheta, random walk with drift",
                "origin_quarter": "FY2024Q4",
                "origin_known_from": date(2024, 2, 21),
                "fiscal_year": 2025,
                "fiscal_quarter": horizon,
                "calendar_quarter": f"2024Q{horizon}",
                "period_end": date(2024, 1, 28) + timedelta(weeks=13 * horizon),
                "value_usd": median,
                "lower_80_usd": median * 8 // 10,
                "upper_80_usd": median * 13 // 10,
                "lower_95_usd": median * 7 // 10,
                "upper_95_usd": median * 15 // 10,
                "observations": 12,
            }
        )
    return rows


def backtest() -> list[Row]:
    rows = []
    for origin, horizon, ours, naive, inside in (
        ("FY2024Q2", 1, -1_000, -4_000, True),
        ("FY2024Q2", 2, -3_000, -6_000, False),
        ("FY2024Q3", 1, 2_000, -5_000, True),
    ):
        actual = 20_000
        rows.append(
            {
                "vendor": "nvidia",
                "measure": "revenue",
                "model": "median_of_models",
                "origin_quarter": origin,
                "horizon": horizon,
                "period_end": date(2024, 1, 28),
                "error_usd": ours * 1_000_000,
                "naive_error_usd": naive * 1_000_000,
                "absolute_percentage_error": Decimal(abs(ours)) / actual,
                "naive_absolute_percentage_error": Decimal(abs(naive)) / actual,
                "scale_usd": 4_000_000_000,
                "inside_80": inside,
                "inside_95": True,
            }
        )
    return rows


def everything() -> dict[str, Any]:
    """Arguments of :func:`assets.report.page.build`."""
    return {
        "timeline": timeline(),
        "china_revenue": china_revenue(),
        "forecast": forecast(),
        "backtest": backtest(),
        "quarters": quarters(),
        "counts": {"fr_documents": 1234, "vendor_quarters": 8},
        "release": "2024-06-03-abc",
        "vendor_names": {"nvidia": "NVIDIA", "amd": "AMD"},
    }


NOTHING: dict[str, Any] = {
    "timeline": [], "china_revenue": [], "forecast": [], "backtest": [], "quarters": [], "counts": {},
}  # fmt: skip
