"""Statuses decided from the samples' rules and the announcements held: by headquarters, in doubt, without a text."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assets.controls import chips, ml_hardware
from assets.controls.chip_status import chip_control_status
from assets.controls.chip_status_rules import CHINA, D1_D4, MACAU, OTHER
from assets.controls.chips_specs import chip_specs
from expectations import contract

Row = dict[str, Any]
DENIAL, APPROVAL, LETTER = "presumption_of_denial", "presumption_of_approval", "license_required_by_letter"
UNREAD = {
    "document_number": "2024-99999", "publication_date": date(2024, 9, 1), "effective_date": date(2024, 8, 30),
    "title": "Revisions of Controls on Integrated Circuits", "abstract": None, "document_type": "Rule",
    "cfr_references": ["15 CFR 774"], "xml_sha256": None,
}  # fmt: skip


@pytest.fixture(scope="module")
def inputs(
    samples: Path, asked: tuple[list[Row], list[Row], list[Row]]
) -> tuple[list[Row], list[Row], list[Row], list[Row]]:
    hardware, _ = ml_hardware.read((samples / "epoch.ai/data/ml_hardware.csv").read_bytes())
    return chip_specs(hardware, chips.load(), sha256="0" * 64).rows, *asked


@pytest.fixture(scope="module")
def statuses(inputs: tuple[list[Row], list[Row], list[Row], list[Row]]) -> list[Row]:
    made = chip_control_status(*inputs)
    assert contract.load("chip_control_status").table_of(made.rows).num_rows == len(made.rows)
    return made.rows


def on(rows: list[Row], chip: str, group: str, day: date) -> Row:
    (found,) = [
        row
        for row in rows
        if row["chip"] == chip
        and row["destination_group"] == group
        and row["known_to"] is None
        and row["valid_from"] <= day
        and (row["valid_to"] is None or day < row["valid_to"])
    ]
    return found


def test_chips_and_computers_are_of_the_last_day_of_october_2022(statuses: list[Row]) -> None:
    """87 FR 62186: equipment on October 7, 3A090 on October 21; until then the letter of August alone."""
    assert on(statuses, "NVIDIA A100", CHINA, date(2022, 10, 20))["status"] == LETTER
    assert on(statuses, "NVIDIA A100", CHINA, date(2022, 10, 21))["status"] == DENIAL
    assert on(statuses, "NVIDIA A100", MACAU, date(2023, 1, 16))["status"] == "not_controlled"
    assert on(statuses, "NVIDIA A100", MACAU, date(2023, 1, 17))["status"] == DENIAL


@pytest.mark.parametrize(
    ("chip", "group", "day", "status", "headquarters"),
    [
        # Before November 17, 2023 the rules asked where the chip goes, not whose it is.
        ("NVIDIA H100 SXM", OTHER, date(2023, 11, 16), "not_controlled", None),
        ("NVIDIA H100 SXM", OTHER, date(2023, 11, 17), "not_controlled", DENIAL),
        ("NVIDIA H100 SXM", D1_D4, date(2023, 11, 17), APPROVAL, DENIAL),
        ("NVIDIA H100 SXM", OTHER, date(2025, 6, 1), APPROVAL, DENIAL),
        # Case by case since 2026 is for exports to China and Macau: 91 FR 1684.
        ("NVIDIA H200 SXM", OTHER, date(2026, 2, 1), APPROVAL, DENIAL),
        # .b elsewhere: § 744.23(d)(3)(i) since April 4, 2024.
        ("NVIDIA L40", OTHER, date(2024, 4, 3), "not_controlled", DENIAL),
        ("NVIDIA L40", OTHER, date(2024, 4, 4), "not_controlled", "case_by_case"),
        ("NVIDIA L40", OTHER, date(2025, 6, 1), "not_controlled", "case_by_case"),
        ("NVIDIA L40", D1_D4, date(2025, 6, 1), APPROVAL, DENIAL),
        ("NVIDIA GeForce RTX 4090", OTHER, date(2024, 6, 1), "not_controlled", "case_by_case"),
        ("NVIDIA GeForce RTX 4090", OTHER, date(2025, 6, 1), APPROVAL, DENIAL),
        ("NVIDIA H20", OTHER, date(2024, 6, 1), "not_controlled", None),
        ("Moore Threads MTT S4000", OTHER, date(2024, 6, 1), "not_controlled", "undetermined"),
        ("NVIDIA H100 SXM", CHINA, date(2024, 6, 1), DENIAL, None),
    ],
)
def test_entities_headquartered_in_macau_or_d5_are_asked_elsewhere(  # noqa: PLR0917
    statuses: list[Row], chip: str, group: str, day: date, status: str, headquarters: str | None
) -> None:
    found = on(statuses, chip, group, day)
    assert (found["status"], found["headquarters_status"]) == (status, headquarters)


def test_a_requirement_that_is_not_enforced_says_so_and_the_older_one_does_not(statuses: list[Row]) -> None:
    """90 FR 4544: worldwide, compliance from May 15, 2025, not enforced from May 13; D:1 and D:4 since 2023."""
    found = on(statuses, "NVIDIA H100 SXM", OTHER, date(2025, 6, 1))
    assert (found["compliance_date"], found["not_enforced_from"]) == (date(2025, 5, 15), date(2025, 5, 13))
    older = on(statuses, "NVIDIA H100 SXM", D1_D4, date(2025, 6, 1))
    assert (older["status"], older["compliance_date"], older["not_enforced_from"]) == (APPROVAL, None, None)
    assert older["review_condition"].endswith("(not enforced from 2025-05-13)")


def test_doubts_about_rules_are_in_the_rows_they_decide(statuses: list[Row]) -> None:
    """88 FR 2821 is not held; the policy for .b is in doubt for the reviewer; that for .a since 2023 is not."""
    macau = on(statuses, "NVIDIA A100", MACAU, date(2023, 2, 1))
    assert (macau["needs_review"], macau["review_reasons"]) == (True, ["2023-00888: its document is not held"])
    assert on(statuses, "NVIDIA L40", CHINA, date(2024, 6, 1))["needs_review"]
    assert on(statuses, "NVIDIA H100 SXM", CHINA, date(2024, 6, 1))["needs_review"] is False
    assert on(statuses, "NVIDIA H20", CHINA, date(2024, 6, 1))["review_reasons"] == []


@pytest.mark.parametrize(
    ("changed", "is_marked"),
    [
        ({}, True),
        ({"xml_sha256": "0" * 64}, False),
        ({"cfr_references": ["15 CFR 744"]}, False),
        ({"title": "Additions to the Entity List"}, False),
        ({"title": "Revisions", "abstract": "This rule revises ECCN 3A090."}, True),
        ({"document_type": "Notice"}, False),
    ],
)
def test_a_document_without_text_marks_what_is_decided_after_it(
    inputs: tuple[list[Row], list[Row], list[Row], list[Row]], changed: Row, *, is_marked: bool
) -> None:
    specs, parameters, rules, told = inputs
    chip = [row for row in specs if row["chip"] == "NVIDIA H20"]
    rows = chip_control_status(chip, parameters, rules, told, [UNREAD | changed]).rows
    before, after = (on(rows, "NVIDIA H20", CHINA, day) for day in (date(2024, 8, 29), date(2024, 8, 30)))
    assert (before["status"], before["needs_review"]) == ("not_controlled", False)
    assert (after["status"], after["needs_review"]) == ("not_controlled", is_marked)
    assert after["review_reasons"] == (["2024-99999: its text is not held"] if is_marked else [])
