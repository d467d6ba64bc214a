"""The mart of chip status, its SQL run on rows made by hand."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations import contract

Row = dict[str, Any]
MODEL = Path(__file__).resolve().parents[2] / "dbt_like_sql/models/mart_chip_status.sql"
CHINA, OTHER = "China (incl. Hong Kong)", "other"
DAY = date(2025, 4, 1)


def status(group: str, valid_from: date, valid_to: date | None, **more: Any) -> Row:
    return {
        "chip": "X", "destination_group": group, "valid_from": valid_from, "valid_to": valid_to,
        "known_from": date(2022, 10, 7), "known_to": None, "status": "presumption_of_denial",
        "eccn_paragraph": "3A090.a", "license_exception": None, "license_exception_condition": None,
        "review_condition": None, "headquarters_status": None, "letters": [], "reasons": f"[{valid_from}]",
        "license_rules": [str(valid_from)], "compliance_date": None, "not_enforced_from": None, "needs": [],
        "needs_review": False, "review_reasons": [], **more,
    }  # fmt: skip


def mart(statuses: list[Row], day: date = DAY) -> dict[str, Row]:
    """The model's rows by destination, as on the day of the newest document."""
    connection = duckdb.connect()
    connection.register("chip_control_status", contract.load("chip_control_status").table_of(statuses))
    connection.execute(
        "create table chip_specs as "
        "select 'X' as chip, 'X1' as product, 'V' as vendor, 5000 as tpp, null as performance_density"
    )
    connection.execute("create table fr_documents as select ?::date as publication_date", [day])
    sql = re.sub(r"\{\{ source\('lake', '(\w+)'\) \}\}", r"\1", MODEL.read_text("utf-8"))
    found = connection.execute(sql)
    names = [column[0] for column in found.description or ()]
    assert names == list(contract.load("mart_chip_status").columns)
    return {
        row["destination_group"]: row for row in (dict(zip(names, cells, strict=True)) for cells in found.fetchall())
    }


def test_a_status_runs_through_documents_that_say_the_same_again() -> None:
    first, second, third, last = date(2022, 10, 21), date(2023, 11, 17), date(2024, 4, 4), date(2026, 1, 15)
    rows = [
        status(CHINA, first, second, status="not_controlled", eccn_paragraph=None),
        status(CHINA, second, third),
        status(CHINA, third, last),  # the entry is set out again: another reason, the same status
        status(CHINA, last, None, status="case_by_case"),
    ]
    found = mart(rows)[CHINA]
    assert (found["status"], found["status_from"], found["status_to"]) == ("presumption_of_denial", second, last)
    assert found["license_rules"] == [str(third)]
    assert mart(rows, last)[CHINA]["status"] == "case_by_case"
    assert mart(rows, last)[CHINA]["status_to"] is None
    # A run that is broken begins anew.
    broken = [*rows[:1], rows[1], status(CHINA, third, last, license_exception="NAC")]
    assert mart(broken)[CHINA]["status_from"] == third


@pytest.mark.parametrize(
    ("day", "enforcement"),
    [
        (date(2025, 5, 12), "compliance_pending"),
        (date(2025, 5, 13), "not_enforced"),
        (date(2025, 5, 15), "not_enforced"),
    ],
)
def test_enforcement_is_of_the_day(day: date, enforcement: str) -> None:
    worldwide = {"compliance_date": date(2025, 5, 15), "not_enforced_from": date(2025, 5, 13)}
    begun = date(2025, 1, 13)
    rows = [
        status(OTHER, begun, None, status="presumption_of_approval", **worldwide),
        status(CHINA, begun, None),
        status("Macau", begun, None, status="not_controlled", eccn_paragraph=None),
    ]
    found = mart(rows, day)
    assert [found[group]["enforcement"] for group in (OTHER, CHINA, "Macau")] == [enforcement, "in_force", None]


def test_what_became_known_later_is_not_in_it() -> None:
    letter = {"status": "license_required_by_letter", "eccn_paragraph": None, "letters": ["L of 2025-03-28"]}
    free = {"status": "not_controlled", "eccn_paragraph": None}
    begun, told = date(2022, 10, 21), date(2025, 4, 15)
    rows = [
        status(CHINA, begun, None, known_to=told, **free),
        status(CHINA, begun, date(2025, 3, 28), known_from=told, **free),
        status(CHINA, date(2025, 3, 28), None, known_from=told, **letter),
    ]
    assert mart(rows)[CHINA]["status"] == "not_controlled"
    assert mart(rows, told)[CHINA]["status"] == "license_required_by_letter"
