"""Rows of ``vendor_quarters`` for the tests of the forecast: real figures, and made ones by rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from resources.documents import Row

# NVIDIA's revenue by fiscal quarter in USD millions, with the last day of the quarter, FY2022Q1 to FY2027Q1. In the
# SEC's companyfacts document under us-gaap:Revenues; fourth quarters are the year less the three quarters before.
NVIDIA = (
    ("2021-05-02", 5661), ("2021-08-01", 6507), ("2021-10-31", 7103), ("2022-01-30", 7643),
    ("2022-05-01", 8288), ("2022-07-31", 6704), ("2022-10-30", 5931), ("2023-01-29", 6051),
    ("2023-04-30", 7192), ("2023-07-30", 13507), ("2023-10-29", 18120), ("2024-01-28", 22103),
    ("2024-04-28", 26044), ("2024-07-28", 30040), ("2024-10-27", 35082), ("2025-01-26", 39331),
    ("2025-04-27", 44062), ("2025-07-27", 46743), ("2025-10-26", 57006), ("2026-01-25", 68127),
    ("2026-04-26", 81615),
)  # fmt: skip


def row(vendor: str, measure: str, fiscal: int, end: date, value: int, **more: object) -> Row:
    """One row; ``fiscal`` is fiscal year times four plus quarter less one."""
    year, quarter = divmod(fiscal, 4)
    middle = end - timedelta(days=45)
    return {
        "vendor": vendor,
        "measure": measure,
        "fiscal_year": year,
        "fiscal_quarter": quarter + 1,
        "period_start": end - timedelta(days=90),
        "period_end": end,
        "calendar_quarter": f"{middle.year}Q{(middle.month - 1) // 3 + 1}",
        "value_usd": value,
        "derivation": "reported",
        "derived_from": [],
        "is_comparative": False,
        "reporting_basis": None,
        "accession_number": f"0000000000-{end.year % 100:02d}-{fiscal:06d}",
        "known_from": end + timedelta(days=30),
    } | more


def nvidia() -> list[Row]:
    """NVIDIA's revenue as above."""
    return [
        row("nvidia", "revenue", 2022 * 4 + place, date.fromisoformat(end), millions * 1_000_000)
        for place, (end, millions) in enumerate(NVIDIA)
    ]


def made(values: Sequence[int], *, vendor: str = "made", measure: str = "revenue", first_year: int = 2018) -> list[Row]:
    """A calendar-year filer with the given values in USD from the first quarter of ``first_year`` on."""
    rows = []
    for place, value in enumerate(values):
        year, quarter = first_year + place // 4, place % 4 + 1
        end = date(year + quarter // 4, quarter * 3 % 12 + 1, 1) - timedelta(days=1)
        rows.append(row(vendor, measure, year * 4 + quarter - 1, end, value))
    return rows


def wavy(count: int) -> list[int]:
    """Growth with a season and no exact rule: a history every model can be fitted to."""
    season = (0.9, 1.0, 1.05, 1.2)
    bumps = (0, 3, -2, 4, 1, -3, 2)
    return [round(1e9 * 1.03**place * season[place % 4] * (1 + bumps[place % 7] / 100)) for place in range(count)]
