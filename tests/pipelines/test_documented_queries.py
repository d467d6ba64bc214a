"""The statements of docs/queries.md, run against a release."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest
from deployed import Deployed

PAGE = Path(__file__).resolve().parents[2] / "docs" / "queries.md"


@pytest.fixture(scope="module")
def statements(night: Deployed) -> list[str]:
    """The page's statements, with the release of this night."""
    found = re.findall(r"```sql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return [statement.replace("lake/current", str(night.lake / "current")) for statement in found]


def test_every_statement_runs_and_gives_rows(statements: list[str]) -> None:
    connection = duckdb.connect()
    macros = [statement for statement in statements if statement.startswith("create or replace macro")]
    others = [statement for statement in statements if statement not in macros]
    assert (len(macros), len(others) >= 8) == (5, True)
    for macro in macros:
        connection.execute(macro)
    for statement in others:
        assert connection.execute(statement).fetchall(), statement


def test_the_list_on_a_day_is_that_days(statements: list[str]) -> None:
    """88 FR 71991: Biren and Moore Threads are listed from 2023-10-17; Sugon bears footnote 4 from 2022-10-21."""
    connection = duckdb.connect()
    connection.execute(statements[0])

    def names(day: date) -> set[str]:
        rows = connection.execute("select name from entity_list_asof(?::date)", [day]).fetchall()
        return {name for (name,) in rows}

    biren = "Shanghai Biren Intelligent Technology Co., Ltd."
    assert biren not in names(date(2023, 10, 16))
    assert biren in names(date(2023, 10, 17))
    assert "Sugon" in names(date(2022, 10, 5))
    marks = "select footnotes from entity_list_asof(?::date) where name = 'Sugon'"
    assert connection.execute(marks, [date(2022, 10, 20)]).fetchall() == [([],)]
    assert connection.execute(marks, [date(2022, 10, 21)]).fetchall() == [(["4"],)]


def test_what_was_in_force_as_known_on_another_day(statements: list[str]) -> None:
    """90 FR 47201 in force 2025-09-29; 90 FR 50857 suspends it from 2025-11-10 to 2026-11-09."""
    connection = duckdb.connect()
    (macro,) = (one for one in statements if one.startswith("create or replace macro restrictions_asof"))
    connection.execute(macro)

    def status(known: date, day: date) -> list[str]:
        asked = "select distinct status from restrictions_asof(?::date, known := ?::date) where subject = '2025-19001'"
        return [one for (one,) in connection.execute(asked, [day, known]).fetchall()]

    assert status(date(2025, 11, 1), date(2025, 11, 20)) == ["in_force"]
    assert status(date(2025, 11, 13), date(2025, 11, 20)) == ["suspended"]
    assert status(date(2025, 11, 13), date(2026, 11, 10)) == ["returned"]


def test_the_status_of_a_chip_on_a_day(statements: list[str]) -> None:
    """H20: free under the text of October 2023 (TPP 2,368, density 2.9), by letter from 2025-04-09."""
    connection = duckdb.connect()
    (macro,) = (one for one in statements if one.startswith("create or replace macro chips_asof"))
    connection.execute(macro)

    def status(chip: str, day: date) -> list[tuple[str]]:
        asked = "select status from chips_asof(?::date) where chip = ? and destination_group like 'China%'"
        return connection.execute(asked, [day, chip]).fetchall()

    assert status("NVIDIA H20", date(2025, 4, 8)) == [("not_controlled",)]
    assert status("NVIDIA H20", date(2025, 4, 9)) == [("license_required_by_letter",)]
    assert status("NVIDIA A800 SXM", date(2023, 10, 22)) == [("not_controlled",)]
    assert status("NVIDIA A800 SXM", date(2023, 10, 23)) == [("license_required_by_letter",)]
    assert status("NVIDIA H200 SXM", date(2026, 1, 14)) == [("presumption_of_denial",)]
    assert status("NVIDIA H200 SXM", date(2026, 1, 15)) == [("case_by_case",)]


def test_what_is_not_enforced_is_so_only_once_it_was_said(statements: list[str]) -> None:
    """The worldwide requirement of January 2025: due from 2025-05-15, said on 2025-05-13 not to be asked."""
    connection = duckdb.connect()
    (macro,) = (one for one in statements if one.startswith("create or replace macro chips_asof"))
    connection.execute(macro)

    def enforcement(day: date, known: date) -> list[tuple[str]]:
        asked = """
            select enforcement from chips_asof(?::date, known := ?::date)
            where chip = 'NVIDIA H100 SXM' and destination_group = 'other'
        """
        return connection.execute(asked, [day, known]).fetchall()

    assert enforcement(date(2025, 5, 12), date(2025, 5, 12)) == [("compliance_pending",)]
    assert enforcement(date(2025, 6, 1), date(2025, 5, 12)) == [("in_force",)]
    assert enforcement(date(2025, 6, 1), date(2025, 5, 13)) == [("not_enforced",)]


def test_a_quarter_as_known_on_a_day(statements: list[str]) -> None:
    """FY2025Q3: 5,416 by billing (10-Q of 2024-11-20), 8,142 by headquarters (10-Q of 2025-11-19)."""
    connection = duckdb.connect()
    (macro,) = (one for one in statements if one.startswith("create or replace macro vendor_quarters_asof"))
    connection.execute(macro)

    def china(day: date) -> list[tuple[int, str]]:
        asked = """
            select value_usd, reporting_basis from vendor_quarters_asof(?::date)
            where vendor = 'nvidia' and measure = 'revenue_china' and fiscal_year = 2025 and fiscal_quarter = 3
        """
        return connection.execute(asked, [day]).fetchall()

    assert china(date(2024, 11, 19)) == []
    assert china(date(2024, 11, 20)) == [(5_416_000_000, "billing")]
    assert china(date(2025, 11, 18)) == [(5_416_000_000, "billing")]
    assert china(date(2025, 11, 19)) == [(8_142_000_000, "headquarters")]
