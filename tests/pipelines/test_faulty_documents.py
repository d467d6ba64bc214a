"""Broken documents lose themselves and nothing else; a broken list, or a violated contract, publishes nothing."""

from __future__ import annotations

import csv
from typing import Any

import pyarrow.parquet as pq
import pytest
from deployed import Deployed
from whole_nights import ABSENT, BOMB, COMPANYFACTS, FEED, PAGE, REFERRING, TRUNCATED, Faulty, Night, state_of

from resources.lake import Lake

LOST = {TRUNCATED, PAGE, BOMB, REFERRING, ABSENT}
"""Documents without a full text that can be read."""
ABSENT_URL = f"https://www.federalregister.gov/documents/full_text/xml/2025/02/14/{ABSENT}.xml"

FAULTS = {
    TRUNCATED: ("line 51", "not well-formed XML: Premature end of data"),
    PAGE: ("line 1", "an HTML page instead of XML"),
    BOMB: ("line 2", "declares entities, which are not resolved"),
    REFERRING: ("line 2", "declares entities, which are not resolved"),
    ABSENT_URL: ("", "answered 404 Not Found"),
    "FR Doc. 26-1": ("$.results[0]", "not a document number but 'FR Doc. 26-1': A rule"),
    "2026-01234": ("$.results[1]", "no publication_date but None: A document without a date"),
    FEED: ("line 1", "feed sample-chip-market: an HTML page and not a feed"),
}
"""Place and reason by document, as quarantine and log name them."""


def rows_of(night: Deployed, table: str) -> list[dict[str, Any]]:
    """Rows of a table in the release of the night on whole samples."""
    rows: list[dict[str, Any]] = pq.read_table(night.current / f"{table}.parquet", partitioning=None).to_pylist()
    return rows


def test_a_night_with_broken_documents_is_published(faulty: Faulty) -> None:
    assert faulty.documents.status == 0, faulty.documents.stderr[-3000:]
    assert faulty.documents.broken == []


@pytest.mark.parametrize("document", FAULTS)
def test_each_fault_is_in_quarantine_by_source_document_and_place(faulty: Faulty, document: str) -> None:
    place, reason = FAULTS[document]
    is_feed = document == FEED
    found = [
        row
        for row in faulty.documents.rows("quarantine")
        if row["document"] == document and row["table"] != "restriction_events"  # effect before publication
    ]
    assert [(row["table"], row["source"], row["place"], row["is_index"]) for row in found] == [
        ("articles" if is_feed else "fr_documents", "news" if is_feed else "federal_register", place, False)
    ]
    assert found[0]["reason"].startswith(reason)


@pytest.mark.parametrize("document", FAULTS)
def test_each_fault_has_its_line_in_the_log(faulty: Faulty, document: str) -> None:
    place, reason = FAULTS[document]
    where = f"{document} at {place}" if place else document
    lines = [line for line in faulty.documents.stderr.splitlines() if f": {where}: {reason}" in line]
    assert len(lines) == 1
    assert "  WARNING: " in lines[0]


def test_every_document_stays_listed_although_its_text_is_lost(faulty: Faulty, night: Deployed) -> None:
    whole = {row["document_number"]: row for row in rows_of(night, "fr_documents")}
    held = {row["document_number"]: row for row in faulty.documents.rows("fr_documents")}
    assert held.keys() == whole.keys()
    assert {number for number, row in held.items() if row != whole[number]} == LOST
    assert {number for number, row in held.items() if row["xml_sha256"] is None} == LOST
    # What the API says of it is kept: title, dates, citation.
    for number in LOST:
        for column in ("title", "effective_date", "citation", "publication_date"):
            assert held[number][column] == whole[number][column], (number, column)


@pytest.mark.parametrize("table", ["fr_amendments", "entity_list_changes"])
def test_nothing_is_lost_of_other_documents(faulty: Faulty, night: Deployed, table: str) -> None:
    expected = [row for row in rows_of(night, table) if row["document_number"] not in LOST]
    assert faulty.documents.rows(table) == expected
    assert len(expected) > 40


def test_nothing_is_lost_of_other_feeds(faulty: Faulty, night: Deployed) -> None:
    expected = [row for row in rows_of(night, "articles") if row["feed"] != "sample-chip-market"]
    assert faulty.documents.rows("articles") == expected
    assert len(expected) > 40


def test_nothing_is_lost_of_other_sources(faulty: Faulty, night: Deployed) -> None:
    """What is made of SEC filings alone is byte for byte the same."""
    for table in ("filings", "facts", "revenue_segments", "revenue_geography", "vendor_quarters", "forecast_backtest"):
        expected = (night.current / f"{table}.parquet").read_bytes()
        assert (faulty.documents.folder / f"{table}.parquet").read_bytes() == expected, table


def test_no_reference_out_of_a_document_is_followed(faulty: Faulty) -> None:
    for path in faulty.documents.folder.glob("*.parquet"):
        assert faulty.secret not in str(pq.read_table(path, partitioning=None).to_pylist()), path.name
    assert faulty.secret not in faulty.documents.stderr


def test_a_broken_list_publishes_nothing(faulty: Faulty) -> None:
    index = faulty.index
    assert index.status == 1
    assert (index.release, index.broken) == (faulty.documents.release, [])
    assert f"FAILED: {index.deployed.current} stays {faulty.documents.release}" in index.stderr


def test_a_broken_list_is_named_in_log_and_quarantine(faulty: Faulty) -> None:
    broken, lost = sorted(
        (problem for problem in faulty.index.problems if problem["is_index"]), key=lambda problem: problem["reason"]
    )
    assert (broken["table"], broken["month"], broken["source"], broken["document"]) == (
        "facts",
        None,
        "sec",
        COMPANYFACTS,
    )
    assert broken["place"].startswith("line ")
    assert broken["reason"].startswith("not JSON: unexpected end of data")
    (told,) = (line for line in faulty.index.stderr.splitlines() if f"{COMPANYFACTS} at {broken['place']}" in line)
    assert "  ERROR: sec: " in told
    (check,) = (line for line in faulty.index.stderr.splitlines() if "quarantine: is_index_in_set: 2 of " in line)
    assert "  ERROR: " in check
    assert ", first facts | " in check, "the check names a row that fails it"
    assert (lost["table"], lost["month"], lost["document"]) == ("facts", "2026-02", "facts")
    assert lost["reason"].startswith("the source no longer gives ")


def test_facts_of_a_broken_list_stay(faulty: Faulty) -> None:
    held = faulty.documents.rows("facts")
    assert sum(row["month"] == "2026-02" and row["vendor"] == "amd" for row in held) > 5
    assert faulty.facts_after_broken_index == held


def failing_quarter(violated: Night) -> str:
    """What the check says of the one quarter that fails, among all that the night made."""
    made = Lake(state_of(violated.deployed) / "work").count("vendor_quarters")
    return f"FAILED vendor_quarters: value_usd_between: 1 of {made} rows fail, first nvidia | revenue | 2026 | 4"


def test_a_violated_contract_publishes_nothing_and_names_the_row(faulty: Faulty) -> None:
    """NVIDIA's fourth quarter of fiscal 2026 is what is left of a year stated a thousand times too high."""
    violated = faulty.violated
    assert violated.status == 1
    assert (violated.release, violated.broken) == (faulty.documents.release, [])
    assert f"FAILED: {violated.deployed.current} stays {faulty.documents.release}" in violated.stderr
    assert f"ERROR: {failing_quarter(violated)}" in violated.stderr


def test_what_stands_behind_a_violated_contract_is_not_made(faulty: Faulty) -> None:
    steps = [line for line in faulty.violated.stderr.splitlines() if line.endswith("are missing: not executed")]
    skipped = {line.split("Dependencies for step ")[1].split(" ")[0] for line in steps}
    assert {"marts", "vendor_revenue_forecast", "report", "quarantine", "release_diff", "release"} <= skipped
    assert not {"mentions", "entity_list_history", "fetches"} & skipped, "other subjects go on"
    assert "  entity_list_history: " in faulty.violated.stderr


def test_all_failing_rows_are_in_a_file(faulty: Faulty) -> None:
    folder = state_of(faulty.violated.deployed) / "failing-rows"
    with (folder / "vendor_quarters" / "value_usd_between.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    quarter = ("vendor", "measure", "fiscal_year", "fiscal_quarter", "period_start", "period_end", "derivation")
    assert [row[name] for name in quarter] == [
        "nvidia", "revenue", "2026", "4", "2025-10-27", "2026-01-25", "derived",
    ]  # fmt: skip
    # 215,938,000 less 147,811 of nine months (44,062 + 46,743 + 57,006), in millions.
    assert int(float(row["value_usd"])) == 215_790_189_000_000


def test_each_failure_has_one_line_that_names_check_row_and_file(faulty: Faulty) -> None:
    state = state_of(faulty.index.deployed)
    for night in (faulty.index, faulty.violated):
        assert f"Each failure has its line in {state / 'failures.log'}." in night.stderr
    of_index, of_contract = (state / "failures.log").read_text("utf-8").splitlines()
    assert " FAILED quarantine: is_index_in_set: 2 of " in of_index
    assert "first facts | " in of_index
    assert str(state / "failing-rows" / "quarantine" / "is_index_in_set.csv") in of_index
    assert f" {failing_quarter(faulty.violated)}" in of_contract
    assert str(state / "failing-rows" / "vendor_quarters" / "value_usd_between.csv") in of_contract


def test_all_months_of_a_broken_list_are_taken_again_and_heal(faulty: Faulty) -> None:
    """The night after the broken companyfacts reads it again for all months; its problem and the loss are gone."""
    first = faulty.violated.stderr.splitlines()[0]
    assert "months 2022-04 to 2026-02" in first
    assert "2022-04 and what follows again, since it was not taken in whole" in first
    assert not any(problem["table"] == "facts" for problem in faulty.violated.problems)
