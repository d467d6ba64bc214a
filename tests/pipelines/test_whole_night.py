"""A night on the samples: every table is there, readable by an analyst's tools, and tells what the documents say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
import whole_nights
from deployed import Deployed

from expectations import contract

CONTRACTS = contract.load_all()
EMPTY_AT_FIRST = {"release_diff"}


@pytest.fixture(scope="session")
def manifest(night: Deployed) -> dict[str, Any]:
    """The manifest of the night's release."""
    loaded: dict[str, Any] = orjson.loads((night.current / "manifest.json").read_bytes())
    return loaded


@pytest.fixture(scope="session")
def timeline(night: Deployed) -> list[tuple[Any, ...]]:
    """The restriction timeline as DuckDB gives it, in the order of the file."""
    columns = "event_date, known_from, kind, country, subject, entities, amendments, document_number, date_meaning"
    return duckdb.read_parquet(str(night.current / "mart_timeline.parquet")).select(columns).fetchall()


def test_every_table_is_in_the_release_with_rows(manifest: Mapping[str, Any]) -> None:
    rows = {entry["table"]: entry["rows"] for entry in manifest["tables"]}
    assert rows.keys() == CONTRACTS.keys()
    assert {name for name, count in rows.items() if not count} == EMPTY_AT_FIRST


def test_every_file_is_as_the_manifest_says(night: Deployed) -> None:
    assert whole_nights.broken_files(night.current) == []


def test_the_manifest_describes_each_table(night: Deployed, manifest: Mapping[str, Any]) -> None:
    for entry in manifest["tables"]:
        file = night.current / entry["file"]
        stored = pq.read_metadata(file)
        assert (entry["rows"], entry["file_bytes"]) == (stored.num_rows, file.stat().st_size)
        assert list(entry["columns"]) == list(CONTRACTS[entry["table"]].columns)
    assert manifest["sources"] == "samples"
    assert manifest["published_at"].startswith("2026-02-25T23:59:59"), "the samples' last day, and not today"


def test_the_release_is_immutable_and_current_points_to_it(night: Deployed, manifest: Mapping[str, Any]) -> None:
    assert night.current.is_symlink()
    assert night.current.readlink() == Path("releases") / manifest["id"], "a lake may be moved or mounted elsewhere"
    assert {path.name for path in night.lake.iterdir() if not path.name.startswith(".")} == {"current", "releases"}
    assert [path.name for path in (night.lake / "releases").iterdir()] == [manifest["id"]]


@pytest.mark.parametrize("table", CONTRACTS)
def test_analysts_tools_read_every_table_alike(night: Deployed, manifest: Mapping[str, Any], table: str) -> None:
    path = night.current / f"{table}.parquet"
    (rows,) = (entry["rows"] for entry in manifest["tables"] if entry["table"] == table)
    by_pandas, by_polars = pd.read_parquet(path), pl.read_parquet(path)
    by_duckdb = duckdb.read_parquet(str(path))
    assert (len(by_pandas), by_polars.height, len(by_duckdb.fetchall())) == (rows, rows, rows)
    columns = list(CONTRACTS[table].columns)
    assert (list(by_pandas.columns), by_polars.columns, by_duckdb.columns) == (columns, columns, columns)


@pytest.mark.parametrize("table", CONTRACTS)
def test_every_table_is_as_its_contract_says(night: Deployed, table: str) -> None:
    terms = CONTRACTS[table]
    held = pq.read_table(night.current / f"{table}.parquet", partitioning=None)
    assert held.schema.equals(terms.schema)
    assert held.schema.metadata == terms.schema.metadata
    assert [field.metadata for field in held.schema] == [field.metadata for field in terms.schema]
    assert terms.table_of(held).equals(held), "ordered by the grain, which is unique"


@pytest.mark.parametrize("table", [name for name, terms in CONTRACTS.items() if terms.layer == "mart"])
def test_every_column_of_a_mart_is_produced(night: Deployed, table: str) -> None:
    held = pq.read_table(night.current / f"{table}.parquet", partitioning=None)
    # No document of the samples sets an end to a chip's status; tests of the mart's SQL have some that do.
    empty = ["status_to"] if table == "mart_chip_status" else []
    assert [name for name in held.column_names if held[name].null_count == held.num_rows] == empty


# ---- the timeline, against the samples' XML (line numbers are those of samples/www.federalregister.gov/…/NUMBER.xml)


def events(timeline: list[tuple[Any, ...]], document: str) -> list[tuple[Any, ...]]:
    """Date, kind, country, entities and amendments of a document's rows, in order."""
    return [(row[0].isoformat(), row[2], *row[3:4], *row[5:7]) for row in timeline if row[7] == document]


def test_the_timeline_has_every_document_and_is_in_order(timeline: list[tuple[Any, ...]], samples: Path) -> None:
    listed = orjson.loads((samples / "www.federalregister.gov" / "documents.index.json").read_bytes())
    assert {row[7] for row in timeline} == {document["document_number"] for document in listed}
    published = {document["document_number"]: document["publication_date"] for document in listed}
    assert all(row[1].isoformat() == published[row[7]] for row in timeline)
    assert [row[0] for row in timeline] == sorted(row[0] for row in timeline)


def test_the_rule_of_october_2022_took_effect_on_three_days(timeline: list[tuple[Any, ...]]) -> None:
    """2022-21658, DATES (lines 24 to 26): instructions 7, 11, 17, 25; then 15; then 3, 5, 12, 19, 26, of which 19
    revises four entries; 26 has two parts and 19 one."""
    assert events(timeline, "2022-21658") == [
        ("2022-10-07", "rule", "", 0, 4),
        ("2022-10-12", "rule", "", 0, 1),
        ("2022-10-21", "entity_revised", "China", 4, 1),
        ("2022-10-21", "rule", "", 0, 8),
    ]


def test_the_rules_of_october_2023(timeline: list[tuple[Any, ...]]) -> None:
    """2023-23055 (line 23): effective November 17, 2023; nine instructions.
    2023-23049 (line 24): the same day, but instruction 5 (line 52) on January 1, 2026; five others (58 to 83)."""
    assert events(timeline, "2023-23055") == [("2023-11-17", "rule", "", 0, 9)]
    assert events(timeline, "2023-23049") == [("2023-11-17", "rule", "", 0, 5), ("2026-01-01", "rule", "", 0, 1)]


def test_the_entity_listings_of_december_2024(timeline: list[tuple[Any, ...]]) -> None:
    """2024-28267 (line 24): effective December 2, 2024, published on the 5th; lines 60 to 64 name the entries."""
    assert events(timeline, "2024-28267") == [
        ("2024-12-02", "entity_added", "China", 5, 1),
        ("2024-12-02", "entity_added", "Japan", 1, 1),
        ("2024-12-02", "entity_added", "Singapore", 1, 1),
        ("2024-12-02", "entity_added", "South Korea", 2, 1),
        ("2024-12-02", "entity_revised", "China", 2, 1),
        ("2024-12-02", "rule", "", 0, 9),
    ]
    subjects = {(row[2], row[3]): row[4] for row in timeline if row[7] == "2024-28267"}
    assert subjects["entity_added", "South Korea"] == "ACM Research Korea Co., Ltd.; Empyrean Korea"
    assert subjects["entity_revised", "China"] == (
        "PXW Semiconductor Manufactory Co., Ltd.; Shanghai Integrated Circuit Research and Development Center"
    )


def test_a_listing_withdrawn_a_month_later(timeline: list[tuple[Any, ...]]) -> None:
    """2025-19508 lists Arrow's Chinese company from October 8, 2025; 2025-19858 (line 57) removes it on November 12."""
    arrow = [(row[0].isoformat(), row[2]) for row in timeline if "Arrow China Electronics" in row[4]]
    assert arrow == [("2025-10-08", "entity_added"), ("2025-11-12", "entity_removed")]


def test_the_review_policy_of_january_2026(timeline: list[tuple[Any, ...]]) -> None:
    """2026-00789 (line 24): effective January 15, 2026, the day of publication; instructions 2, 4 and 6."""
    assert events(timeline, "2026-00789") == [("2026-01-15", "rule", "", 0, 3)]


def test_what_takes_no_effect_stands_on_its_day_of_publication(timeline: list[tuple[Any, ...]]) -> None:
    """2024-20529 is a proposed rule, 2025-06591 a notice (documents.index.json, "type")."""
    published = [(row[0], row[1], row[2], row[7]) for row in timeline if row[8] == "published"]
    assert published == [
        (date(2024, 9, 11), date(2024, 9, 11), "proposed_rule", "2024-20529"),
        (date(2025, 4, 16), date(2025, 4, 16), "notice", "2025-06591"),
    ]


def test_nvidias_third_quarter_of_fiscal_2024(night: Deployed) -> None:
    """samples/www.sec.gov/…/000104581023000227/nvda-20231029.htm: 18,120 (line 83), Data Center 14,514 (line 107),
    China including Hong Kong 4,030 (line 99), in millions of dollars."""
    quarter = (
        duckdb.read_parquet(str(night.current / "vendor_quarters.parquet"))
        .filter("vendor = 'nvidia' and fiscal_year = 2024 and fiscal_quarter = 3 and version = 1")
        .filter("starts_with(measure, 'revenue')")
        .select("measure, value_usd, derivation, period_start, period_end, known_from, accession_number")
        .order("measure")
        .fetchall()
    )
    filed = ("reported", date(2023, 7, 31), date(2023, 10, 29), date(2023, 11, 21), "0001045810-23-000227")
    assert quarter == [
        ("revenue", 18_120_000_000, *filed),
        ("revenue_china", 4_030_000_000, *filed),
        ("revenue_data_center", 14_514_000_000, *filed),
    ]
