"""The documented list on a day, and screening, over an official text and one rule: days before that text."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from official_lists import BASE, entries, real_rule
from test_entity_history import change, official

from assets.entity_list.history import history
from assets.entity_list.screening import LISTED, LISTED_WITHOUT_TEXT, NOT_YET, UNKNOWN, Screener
from expectations import contract

DOCS = Path(__file__).resolve().parents[2] / "docs"

SMIC = "Semiconductor Manufacturing International Corporation (SMIC)"
JINHUA = "Fujian Jinhua Integrated Circuit Company, Ltd."


@pytest.fixture(scope="module")
def replayed(real_documents: Path) -> pa.Table:
    """The history of rule 2023-03929 and the official text of 2026-03-25, as it is written."""
    rows = history(real_rule(real_documents), entries(real_documents, BASE)).rows
    return contract.load("entity_list_history").table_of(rows)


@pytest.fixture(scope="module")
def lists(replayed: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """A connection with the documented macros over that history."""
    return with_macros(replayed, tmp_path_factory.mktemp("current"))


def with_macros(table: pa.Table, folder: Path) -> duckdb.DuckDBPyConnection:
    """A connection with the documented macros over a history."""
    pq.write_table(table, folder / "entity_list_history.parquet")
    connection = duckdb.connect()
    for statement in re.findall(r"```sql\n(.*?)```", (DOCS / "queries.md").read_text("utf-8"), re.DOTALL):
        if statement.startswith("create or replace macro entity_list"):
            connection.execute(statement.replace("lake/current", str(folder)))
    return connection


def on(lists: duckdb.DuckDBPyConnection, day: date, list_name: str = "Entity List") -> dict[str, Any]:
    rows = lists.execute("select name, text_known from entity_list_asof(?::date, list := ?)", [day, list_name])
    return dict(rows.fetchall())


# First and last document that the official text of 2026-03-25 cites at each: Huawei 84 FR 22963 of 2019-05-21 to
# 87 FR 55250 of 2022-09-09; SMIC 85 FR 83420 of 2020-12-22, Jinhua 83 FR 54521 of 2018-10-30, both to 89 FR 96836 of
# 2024-12-05.
CITED = [
    ("Huawei Technologies Co., Ltd.", date(2019, 5, 21), date(2022, 9, 9)),
    (SMIC, date(2020, 12, 22), date(2024, 12, 5)),
    (JINHUA, date(2018, 10, 30), date(2024, 12, 5)),
]


@pytest.mark.parametrize(("name", "first", "last"), CITED)
def test_an_entry_of_the_base_is_on_the_list_since_the_first_document_it_cites(
    lists: duckdb.DuckDBPyConnection, replayed: pa.Table, name: str, first: date, last: date
) -> None:
    before = date.fromordinal(first.toordinal() - 1)
    between = date.fromordinal(last.toordinal() - 1)
    expected = {before: None, first: False, between: False, last: True}
    assert {day: on(lists, day).get(name) for day in expected} == expected
    statuses = {before: NOT_YET, first: LISTED_WITHOUT_TEXT, between: LISTED_WITHOUT_TEXT, last: LISTED}
    for day, status in statuses.items():
        matches = Screener.of(replayed, day).screen([name], limit=20)[0]
        assert [(match.status, match.listed_from) for match in matches if match.name == name] == [(status, first)]


def test_an_entry_without_a_citation_is_unknown_before_the_official_text(
    lists: duckdb.DuckDBPyConnection, replayed: pa.Table
) -> None:
    """Supplement No. 7 has eight institutions of AECC without a citation; the list itself began on 2020-12-23."""
    meu = "Military End-User List"
    asked = "select name from entity_list_unknown(?::date, list := ?)"
    unknown = {name for (name,) in lists.execute(asked, [date(2021, 6, 1), meu]).fetchall()}
    assert len(unknown) == 8
    assert all(name.startswith("AECC ") for name in unknown)
    assert not unknown & on(lists, date(2021, 6, 1), meu).keys()
    assert unknown <= on(lists, BASE, meu).keys()
    assert lists.execute(asked, [BASE, meu]).fetchall() == []
    match = Screener.of(replayed, date(2021, 6, 1)).screen(["AECC Harbin Dongan Engine"])[0][0]
    assert (match.status, match.listed_from) == (UNKNOWN, None)


def test_on_the_day_of_the_official_text_the_list_is_that_text(
    lists: duckdb.DuckDBPyConnection, real_documents: Path
) -> None:
    official = [row["entry_name"] for row in entries(real_documents, BASE) if row["list_name"] == "Entity List"]
    rows = lists.execute("select name from entity_list_asof(?::date) where text_known", [BASE]).fetchall()
    assert sorted(name for (name,) in rows) == sorted(official)


def test_the_text_of_a_moved_entry_that_is_not_held_is_not_known(tmp_path: Path) -> None:
    move = change(
        "move", "Beta LLC", "2024-02-01", country="Hong Kong", previous_country="China", text_supplied=False,
        federal_register_citation=None,
    )  # fmt: skip
    rows = history([move], [official("Gamma"), official("Beta LLC", country="Hong Kong", citations=[])]).rows
    lists = with_macros(contract.load("entity_list_history").table_of(rows), tmp_path)
    days = (date(2024, 2, 1), date(2025, 1, 1))
    assert [on(lists, day)["Beta LLC"] for day in days] == [False, True]


def test_the_official_text_alone_dates_no_footnote(replayed: pa.Table) -> None:
    """Huawei's footnote 1 came with 85 FR 29852 of 2020-05-19, which is not held; the rule held gave 13 footnote 3."""
    rows = replayed.to_pylist()
    huawei = [row for row in rows if row["name"] == "Huawei Technologies Co., Ltd."]
    assert [("1" in row["footnotes"], row["footnote_1_from"]) for row in huawei] == [(True, None)]
    dated = {row["entry_id"]: row["footnote_3_from"] for row in rows if row["footnote_3_from"] is not None}
    assert (len(dated), set(dated.values())) == (13, {date(2023, 2, 24)})
