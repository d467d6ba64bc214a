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
    assert (len(macros), len(others) >= 4) == (2, True)
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
