"""The replayed lists against the official texts."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

from official_lists import BASE, LATER, entries, official, real_rule

from assets.entity_list.history import history
from assets.entity_list.reconciliation import reconciliation, shares
from expectations import contract, suite
from resources.documents import Row

DOCUMENTS = [{"publication_date": date(2023, 2, 27), "document_number": "2023-03929"}]


def reconciled(folder: Path, snapshots: list[Row], *, with_base: bool = True) -> list[Row]:
    base = entries(folder, BASE) if with_base else []
    rows = history(real_rule(folder), base).rows
    return reconciliation(rows, snapshots, DOCUMENTS, base_day=BASE if with_base else None)


def test_eleven_of_thirteen_entries_of_a_real_rule_equal_the_list_three_years_later(real_documents: Path) -> None:
    """2023-03929 against the eCFR of 2026-03-25: a later rule, cited there as 88 FR 23334, revised AOOK and Dexias."""
    rows = reconciled(real_documents, entries(real_documents, BASE))

    compared = [row for row in rows if row["status"] != "base"]
    assert Counter(row["status"] for row in compared) == {"matched": 11, "differs": 2}
    differing = {row["entry_name"]: row for row in compared if row["status"] == "differs"}
    assert sorted(name.split()[0].strip(",") for name in differing) == ["AOOK", "Dexias"]
    for row in differing.values():
        assert "addresses" in row["differing_fields"]
        assert row["explanation"] == "revised by 88 FR 23334, 4/17/23"
    contract.load("entity_list_reconciliation").table_of(rows)


def test_between_two_official_texts_nothing_of_meaning_changed(real_documents: Path) -> None:
    """No entry added, none removed, no text of another meaning from 2026-03-25 to 2026-07-18."""
    rows = reconciled(real_documents, entries(real_documents, LATER))

    assert Counter(row["status"] for row in rows) == {"matched": len(entries(real_documents, LATER))}
    assert set(shares(rows).values()) == {1.0}


def test_a_removed_an_added_and_a_changed_entry_are_told_apart(real_documents: Path) -> None:
    later = [dict(row) for row in entries(real_documents, LATER) if row["list_name"] == "Entity List"]
    gone = later.pop(0)
    later[0] |= {"addresses": ["1 Other Street, Kabul, Afghanistan"], "entry_text": "Other, 1 Other Street"}
    later[1] |= {"license_review_policy": "Policy of denial"}
    later[2] |= {
        "entry_name": "A name that nobody bears",
        "aliases": [],
        "entry_text": "",
        "citations": ["91 FR 5, 6/1/26"],
    }

    rows = reconciled(real_documents, later)

    found = {row["status"]: row for row in rows if row["status"] in ("missing",)}
    assert Counter(row["status"] for row in rows) == {
        "matched": len(later) - 3,
        "differs": 2,
        "missing": 1,
        "extra": 2,
    }
    assert found["missing"]["explanation"] == "listed by 91 FR 5, 6/1/26"
    assert gone["entry_name"] in {row["entry_name"] for row in rows if row["status"] == "extra"}
    assert sorted(row["differing_fields"] for row in rows if row["status"] == "differs") == [
        ["addresses"],
        ["license_review_policy"],
    ]
    (share,) = shares(rows).values()
    assert share == round((len(later) - 3) / (len(later) + 2), 6)


def test_from_rules_alone_most_of_the_list_is_missing_and_says_by_which_citation(real_documents: Path) -> None:
    rows = reconciled(real_documents, entries(real_documents, BASE), with_base=False)

    statuses = Counter(row["status"] for row in rows if row["list_name"] == "Entity List")
    assert statuses["matched"] == 11
    assert statuses["missing"] == 3411 - 13
    missing = [row for row in rows if row["status"] == "missing"]
    assert sum(row["explanation"] is None for row in missing) == 8  # entries without a readable citation


def test_the_base_is_the_earliest_text_and_notes_are_no_entries(real_documents: Path) -> None:
    notes = [row for row in official(real_documents, BASE).rows if row["kind"] != "entry"]

    assert {row["kind"] for row in notes} == {"footnote", "editorial_note", "effective_date_note"}
    assert reconciliation([], notes, [], base_day=BASE) == []
    (unincorporated,) = [row for row in notes if "S2C Limited" in (row["entry_text"] or "")]
    assert "89 FR 96836" in unincorporated["entry_text"]


def test_only_an_ecfr_text_below_the_floor_blocks(real_documents: Path) -> None:
    terms = contract.load("entity_list_reconciliation")
    rows = reconciled(real_documents, entries(real_documents, LATER)[:3])

    def failing(source: str, share: float) -> list[str]:
        shared = [row | {"source": source, "share_matched": share} for row in rows]
        verdicts = suite.validate(terms, terms.table_of(shared))
        return [verdict.expectation.severity for verdict in verdicts if not verdict.success]

    assert failing("screening_list", 0.85) == failing("ecfr", 1.0) == []
    assert failing("ecfr", 0.99) == ["warning"]
    assert failing("ecfr", 0.97) == ["critical", "warning"]
