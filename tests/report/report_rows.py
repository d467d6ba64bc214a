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


def controls() -> list[Row]:
    known = date(2022, 10, 13)
    return [
        _state("2022-21658", "in_force", date(2022, 10, 7), None, known),
        _state("2023-23049", "announced", date(2023, 10, 25), date(2023, 11, 17), date(2023, 10, 25)),
        _state("2023-23049", "in_force", date(2023, 11, 17), date(2024, 1, 1), date(2023, 12, 1)),
        _state("2023-23049", "suspended", date(2024, 1, 1), date(2025, 1, 1), date(2023, 12, 1)),
        _state("2023-23049", "returned", date(2025, 1, 1), None, date(2023, 12, 1)),
        # As was thought before, and no rule of its own.
        _state("2023-23049", "in_force", date(2023, 11, 17), None, date(2023, 10, 25))
        | {"known_to": date(2023, 12, 1)},
        _state("2024-10001", "in_force", date(2024, 6, 3), None, date(2024, 6, 3)),
    ]


def _state(number: str, status: str, valid_from: date, valid_to: date | None, known_from: date) -> Row:
    return {
        "subject_type": "document", "subject": number, "document_number": number, "status": status,
        "valid_from": valid_from, "valid_to": valid_to, "known_from": known_from, "known_to": None,
        "citation": None, "url": f"https://www.federalregister.gov/d/{number}", "by_document_number": number,
        "by_citation": None, "needs_review": False, "review_reason": None,
    }  # fmt: skip


def parameters() -> list[Row]:
    """3A090.a of October 2022 (with the transfer rate above it) and 3A090.a and .b of October 2023."""
    old, new = (date(2022, 10, 7), date(2023, 11, 17)), (date(2023, 11, 17), None)
    tpp, density = "total processing performance", "performance density"
    return [
        _condition("3A090.a", "aggregate bidirectional transfer rate", ">=", "600", "GB/s", old, "2022-21658"),
        _condition("3A090.a.1", tpp, ">=", "4800", "TOPS × bits", old, "2022-21658"),
        _condition("3A090.a.1", tpp, ">=", "4800", "TOPS × bits", new, "2023-23055"),
        _condition("3A090.a.2", tpp, ">=", "1600", "TOPS × bits", new, "2023-23055"),
        _condition("3A090.a.2", density, ">=", "5.92", "TOPS × bits/mm²", new, "2023-23055"),
        _condition("3A090.b.2", tpp, ">=", "1600", "TOPS × bits", new, "2023-23055"),
        _condition("3A090.b.2", density, ">=", "3.2", "TOPS × bits/mm²", new, "2023-23055"),
        _condition("3A090.b.2", density, "<", "5.92", "TOPS × bits/mm²", new, "2023-23055"),
    ]


def _condition(  # noqa: PLR0917 - a line of a table
    paragraph: str, parameter: str, comparison: str, value: str, unit: str, valid: tuple[date, date | None], number: str
) -> Row:
    return {
        "paragraph": paragraph, "parameter": parameter, "comparison": comparison, "value": Decimal(value), "unit": unit,
        "effect": "includes", "valid_from": valid[0], "valid_to": valid[1], "known_to": None,
        "document_number": number, "citation": None,
    }  # fmt: skip


def chips() -> list[Row]:
    """A100: 4,992 TPP on 826 mm²; A800 the same with 400 GB/s; H20: 2,368 on 814 mm²."""
    figures = {"A100": ("4992", "6.04"), "A800": ("4992", "6.04"), "H20": ("2368", "2.91"), "Unknown": (None, None)}
    return [
        {
            "chip": f"NVIDIA {name}",
            "product": name,
            "tpp": Decimal(tpp) if tpp else None,
            "performance_density": Decimal(density) if density else None,
        }
        for name, (tpp, density) in figures.items()
    ]


def chip_statuses() -> list[Row]:
    first, second = date(2022, 10, 7), date(2023, 11, 17)
    return [
        _status("NVIDIA A100", first, None, "presumption_of_denial", "3A090.a"),
        _status("NVIDIA A800", first, second, "not_controlled", None),
        _status("NVIDIA A800", second, None, "presumption_of_denial", "3A090.a"),
        _status("NVIDIA H20", first, None, "not_controlled", None),
        _status("NVIDIA Unknown", second, None, "undetermined", None) | {"needs": ["die area"]},
    ]


def _status(chip: str, valid_from: date, valid_to: date | None, status: str, paragraph: str | None) -> Row:
    return {
        "chip": chip, "destination_group": "China (incl. Hong Kong)", "valid_from": valid_from, "valid_to": valid_to,
        "known_to": None, "status": status, "eccn_paragraph": paragraph, "license_exception": None, "letters": [],
        "needs": [],
    }  # fmt: skip


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
        "controls": controls(),
        "parameters": parameters(),
        "chips": chips(),
        "chip_statuses": chip_statuses(),
        "china_revenue": china_revenue(),
        "forecast": forecast(),
        "backtest": backtest(),
        "quarters": quarters(),
        "counts": {"fr_documents": 1234, "vendor_quarters": 8},
        "release": "2024-06-03-abc",
        "vendor_names": {"nvidia": "NVIDIA", "amd": "AMD"},
    }


NOTHING: dict[str, Any] = {
    "timeline": [], "controls": [], "parameters": [], "chips": [], "chip_statuses": [], "china_revenue": [],
    "forecast": [], "backtest": [], "quarters": [], "counts": {},
}  # fmt: skip
