"""A night on documents as the sources published them; what they say was looked up in them by hand."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from whole_nights import Night

MILLION = 1_000_000


def test_the_night_is_published_whole(mirrored: Night) -> None:
    assert mirrored.status == 0, mirrored.stderr[-3000:]
    assert mirrored.broken == []
    assert mirrored.manifest["sources"].startswith("mirror-")


def test_all_documents_listed_are_taken_in(mirrored: Night) -> None:
    """mirror/www.federalregister.gov/documents.index.json has 202 entries, one of which has its full text held."""
    documents = mirrored.rows("fr_documents")
    assert len(documents) == 202
    assert [row["document_number"] for row in documents if row["xml_sha256"]] == ["2023-03929"]


def test_documents_without_a_full_text_are_told_in_a_row_for_each_month(mirrored: Night) -> None:
    rows = [row for row in mirrored.rows("quarantine") if row["place"] == "$.full_text_xml_url"]
    told = [re.match(r"no full text is named for (\d+) of \d+ documents", row["reason"]) for row in rows]
    assert sum(int(found[1]) for found in told if found) == 201
    assert len({row["month"] for row in rows}) == len(rows)
    assert all(row["remedy"] for row in rows)


def test_the_entities_of_february_2023_are_read(mirrored: Night) -> None:
    """2023-03929.xml: 13 entries, all added, effective February 24, 2023."""
    changes = mirrored.rows("entity_list_changes")
    assert len(changes) == 13
    assert {(row["document_number"], row["verb"], row["effective_date"]) for row in changes} == {
        ("2023-03929", "add", date(2023, 2, 24))
    }
    by_rule = [row for row in mirrored.rows("entity_list_history") if row["basis"] == "rule"]
    assert len(by_rule) == 13
    assert {row["opened_by_document"] for row in by_rule} == {"2023-03929"}


def test_the_list_of_today_stands_on_the_official_text(mirrored: Night) -> None:
    """eCFR of 2026-03-25 and 2026-07-18: 3,411 entries; of the rule's 13, two have another text since 2023-04-17."""
    current = mirrored.rows("mart_entity_list_current")
    assert len(current) == 3411
    assert sum(row["document_number"] == "2023-03929" for row in current) == 11
    statuses = Counter(
        (str(row["snapshot_date"]), row["status"])
        for row in mirrored.rows("entity_list_reconciliation")
        if row["list_name"] == "Entity List"
    )
    assert statuses == {
        ("2026-03-25", "base"): 3398,
        ("2026-03-25", "matched"): 11,
        ("2026-03-25", "differs"): 2,
        ("2026-07-18", "matched"): 3411,
    }


def test_nvidias_quarters_are_those_of_its_filings(mirrored: Night) -> None:
    """10-Q for the quarter to 2023-10-29 (0001045810-23-000227): 18,120, Data Center 14,514, China with Hong Kong
    4,030; 10-Q for the quarter to 2025-10-26 (0001045810-25-000230): 57,006, Data Center 51,215, China 2,973."""
    quarters = {
        (row["fiscal_year"], row["fiscal_quarter"], row["measure"]): (row["value_usd"], row["accession_number"])
        for row in mirrored.rows("vendor_quarters")
        if row["version"] == 1
    }
    third_of_2024, third_of_2026 = "0001045810-23-000227", "0001045810-25-000230"
    assert quarters[2024, 3, "revenue"] == (18_120 * MILLION, third_of_2024)
    assert quarters[2024, 3, "revenue_data_center"] == (14_514 * MILLION, third_of_2024)
    assert quarters[2024, 3, "revenue_china"] == (4_030 * MILLION, third_of_2024)
    assert quarters[2026, 3, "revenue"] == (57_006 * MILLION, third_of_2026)
    assert quarters[2026, 3, "revenue_data_center"] == (51_215 * MILLION, third_of_2026)
    assert quarters[2026, 3, "revenue_china"] == (2_973 * MILLION, third_of_2026)


def test_revenue_facts_are_there_from_both_kinds_of_documents(mirrored: Night) -> None:
    revenue = [
        row
        for row in mirrored.rows("facts")
        if row["concept"] == "us-gaap:Revenues"
        and row["dimensions"] == ""
        and row["accession_number"] == "0001045810-23-000227"
        and row["period"] == "2023-07-31/2023-10-29"
    ]
    assert {(row["source"], int(row["value"])) for row in revenue} == {
        ("companyfacts", 18_120 * MILLION),
        ("inline_xbrl", 18_120 * MILLION),
    }


def test_what_the_folder_does_not_hold_is_named_and_blocks_nothing(mirrored: Night) -> None:
    """It has no submissions and companyfacts of AMD and Intel, and no second page of NVIDIA's submissions."""
    missing = {
        row["document"].rsplit("/", 1)[1]
        for row in mirrored.rows("quarantine")
        if row["reason"] == "this folder of documents does not hold it"
    }
    assert missing == {
        "CIK0000002488.json",
        "CIK0000050863.json",
        "CIK0001045810-submissions-001.json",
    }
    assert not any(row["is_index"] for row in mirrored.rows("quarantine"))
