"""The model mart_vendor_china_revenue, run on DuckDB over rows of the real filings and made ones."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from real_earnings import RealEarnings

from assets.earnings.views import as_known_on, first_reported
from expectations import contract
from resources.documents import Row

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "dbt_like_sql" / "models" / "mart_vendor_china_revenue.sql"
MILLION = 10**6


def mart(quarters: list[Row], geography: list[Row]) -> list[Row]:
    """What dbt would make of the two tables."""
    connection = duckdb.connect()
    for name, rows in (("vendor_quarters", quarters), ("revenue_geography", geography)):
        connection.register(name, contract.load(name).table_of(rows))
    sql = re.sub(r"\{\{ source\('lake', '(\w+)'\) \}\}", r"\1", MODEL.read_text("utf-8"))
    made: pa.Table = connection.sql(sql).to_arrow_table()
    rows: list[Row] = contract.load("mart_vendor_china_revenue").table_of(made).to_pylist()
    return rows


@pytest.fixture(scope="module")
def made(real: RealEarnings) -> list[Row]:
    return mart(real.quarters.rows, real.geography.rows)


def _of(rows: list[Row], vendor: str, year: int, quarter: int | None) -> list[Row]:
    return [
        row for row in rows if (row["vendor"], row["fiscal_year"], row["fiscal_quarter"]) == (vendor, year, quarter)
    ]


def test_shares_of_both_versions(made: list[Row]) -> None:
    """10-Qs of 2024-10-27 and 2025-10-26: total of the quarter 35,082 in both."""
    first, second = _of(made, "nvidia", 2025, 3)
    assert (first["china_revenue_usd"], first["china_share"]) == (5_416 * MILLION, Decimal("0.154381"))
    assert (second["china_revenue_usd"], second["china_share"]) == (8_142 * MILLION, Decimal("0.232085"))
    assert (first["known_to"], second["known_from"], second["known_to"]) == (
        date(2025, 11, 19),
        date(2025, 11, 19),
        None,
    )
    assert {row["total_revenue_usd"] for row in (first, second)} == {35_082 * MILLION}


def test_years_have_versions_too(made: list[Row]) -> None:
    """AMD's 10-K of 2023-12-30 states three years; nothing held states its quarters of 2023 whole, so no share."""
    rows = [row for row in made if row["vendor"] == "amd"]
    assert [(row["fiscal_year"], row["china_revenue_usd"] // MILLION) for row in rows] == [
        (2021, 4_096),
        (2022, 5_207),
        (2023, 3_417),
    ]
    assert {(row["time_window"], row["version"], row["china_share"]) for row in rows} == {("year", 1, None)}
    (year,) = (row for row in _of(made, "nvidia", 2024, None))
    assert (year["china_revenue_usd"], year["total_revenue_usd"]) == (10_306 * MILLION, 60_922 * MILLION)


def test_a_year_that_is_recast_is_another_version(real: RealEarnings) -> None:
    recast = [
        row | {"revenue": 20_000 * MILLION, "revenue_usd": 20_000 * MILLION, "known_from": date(2026, 2, 25)}
        | {"accession_number": "0001045810-26-000021", "reporting_basis": "headquarters"}
        for row in real.geography.rows
        if (row["accession_number"], row["window"], row["fiscal_year"], row["geography"])
        == ("0001045810-25-000023", "year", 2025, "China")
    ]  # fmt: skip
    assert len(recast) == 1
    rows = mart(real.quarters.rows, [*real.geography.rows, *recast])
    assert [
        (row["version"], row["china_revenue_usd"] // MILLION, row["reporting_basis"], row["known_to"])
        for row in _of(rows, "nvidia", 2025, None)
    ] == [(1, 17_108, "billing", date(2026, 2, 25)), (2, 20_000, "headquarters", None)]


def test_no_share_of_a_total_in_another_currency(real: RealEarnings) -> None:
    quarters = [
        row | ({"currency": "EUR", "value_usd": None} if row["measure"] == "revenue" else {})
        for row in real.quarters.rows
    ]
    assert {row["china_share"] for row in mart(quarters, real.geography.rows)} == {None}


def test_the_total_is_the_one_known_then(real: RealEarnings) -> None:
    """Were the total restated after China's figure became known, its share would stay that of the day."""
    changed: list[Row] = []
    for row in real.quarters.rows:
        key = (row["vendor"], row["measure"], row["fiscal_year"], row["fiscal_quarter"])
        if key == ("nvidia", "revenue", 2025, 3):
            later = {"version": 2, "value": Decimal(40_000 * MILLION), "value_usd": 40_000 * MILLION}
            changed += [row | {"known_to": date(2025, 1, 2)}, row | later | {"known_from": date(2025, 1, 2)}]
        else:
            changed.append(row)
    first, second = _of(mart(changed, []), "nvidia", 2025, 3)
    assert (first["total_revenue_usd"], second["total_revenue_usd"]) == (35_082 * MILLION, 40_000 * MILLION)


def test_views_choose_one_row_for_each_window(made: list[Row]) -> None:
    for rows in (first_reported(made), as_known_on(made, date(2025, 12, 1))):
        keys = [(row["vendor"], row["time_window"], row["period_end"]) for row in rows]
        assert len(keys) == len(set(keys)) > 20
