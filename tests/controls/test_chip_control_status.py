"""Statuses of chips under the rules as rows made by hand (control_rows), against what is known to have been so."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import orjson
import pytest
from control_rows import asked, letter, letters, license_rules, parameters, rule

from assets.controls import chips, ml_hardware
from assets.controls.chip_status import chip_control_status
from assets.controls.chip_status_logic import Span, both, compare, either, negated
from assets.controls.chip_status_rules import CHINA, D1_D4, D5, GROUPS, MACAU, OTHER
from assets.controls.chips_specs import chip_specs
from expectations import contract

Row = dict[str, Any]
NOW = date(2026, 3, 1)
LETTER = "license_required_by_letter"
DENIAL = "presumption_of_denial"


@pytest.fixture(scope="module")
def specs(samples: Path) -> list[Row]:
    hardware, _ = ml_hardware.read((samples / "epoch.ai/data/ml_hardware.csv").read_bytes())
    return chip_specs(hardware, chips.load(), sha256="0" * 64).rows


@pytest.fixture(scope="module")
def statuses(specs: list[Row]) -> list[Row]:
    made = chip_control_status(specs, parameters(), license_rules(), letters())
    assert made.problems == []
    return made.rows


def at(rows: list[Row], chip: str, group: str, day: date, known: date = NOW) -> Row:
    (found,) = [
        row
        for row in rows
        if row["chip"] == chip
        and row["destination_group"] == group
        and row["valid_from"] <= day
        and (row["valid_to"] is None or day < row["valid_to"])
        and row["known_from"] <= known
        and (row["known_to"] is None or known < row["known_to"])
    ]
    return found


@pytest.mark.parametrize(
    ("chip", "day", "status", "paragraph"),
    [
        ("NVIDIA A100", date(2022, 8, 26), LETTER, None),
        ("NVIDIA A100", date(2022, 10, 20), LETTER, None),
        ("NVIDIA A100", date(2022, 10, 21), DENIAL, "3A090.a"),
        ("NVIDIA H100 SXM", date(2022, 9, 1), LETTER, None),
        ("NVIDIA H100 SXM", date(2022, 10, 21), DENIAL, "3A090.a"),
        ("NVIDIA A800 SXM", date(2022, 12, 1), "not_controlled", None),
        ("NVIDIA A800 SXM", date(2023, 10, 22), "not_controlled", None),
        ("NVIDIA A800 SXM", date(2023, 10, 23), LETTER, None),
        ("NVIDIA A800 SXM", date(2023, 11, 17), DENIAL, "3A090.a"),
        ("NVIDIA H800 SXM", date(2023, 6, 1), "not_controlled", None),
        ("NVIDIA H800 SXM", date(2023, 10, 23), LETTER, None),
        ("NVIDIA H800 SXM", date(2023, 11, 17), DENIAL, "3A090.a"),
        ("NVIDIA H20", date(2025, 4, 8), "not_controlled", None),
        ("NVIDIA H20", date(2025, 4, 9), LETTER, None),
        ("NVIDIA H200 SXM", date(2026, 1, 14), DENIAL, "3A090.a"),
        ("NVIDIA H200 SXM", date(2026, 1, 15), "case_by_case", "3A090.a"),
        ("AMD Instinct MI325X", date(2026, 1, 15), "case_by_case", "3A090.a"),
        ("NVIDIA B200", date(2026, 1, 15), DENIAL, "3A090.a"),
        ("NVIDIA GeForce RTX 4090", date(2023, 11, 16), "not_controlled", None),
        ("NVIDIA GeForce RTX 4090", date(2023, 11, 17), DENIAL, "3A090.a"),
        ("NVIDIA GeForce RTX 4090 D", date(2024, 6, 1), "not_controlled", None),  # 4,707 and no data center
        ("NVIDIA GeForce RTX 5090", date(2025, 6, 1), DENIAL, "3A090.a"),
        ("NVIDIA L4", date(2024, 6, 1), DENIAL, "3A090.a"),  # 1,940 with 6.59
        ("NVIDIA L2", date(2024, 6, 1), "not_controlled", None),  # 1,544
        ("NVIDIA L20", date(2024, 6, 1), "not_controlled", None),  # 1,912 with 3.14
        ("NVIDIA L40S", date(2024, 6, 1), DENIAL, "3A090.a"),
        ("NVIDIA A10", date(2024, 6, 1), "not_controlled", None),  # 2,000 with 3.18
        ("AMD Instinct MI210", date(2024, 6, 1), DENIAL, "3A090.b"),  # 2,899 with 4.0
        ("AMD Instinct MI250X", date(2022, 10, 21), DENIAL, "3A090.a"),  # 6,128 and 800 GB/s
        ("Intel Gaudi 2", date(2022, 10, 21), DENIAL, "3A090.a"),
        ("Intel Gaudi 2 HL-225B", date(2023, 8, 1), "not_controlled", None),  # 21 ports: 525 GB/s
        ("Intel Gaudi 3", date(2026, 2, 1), DENIAL, "3A090.a"),  # 26,848, beyond 21,000
        ("Huawei Ascend 910B", date(2024, 6, 1), DENIAL, "3A090.a"),  # by either report
    ],
)
def test_status_for_china(statuses: list[Row], chip: str, day: date, status: str, paragraph: str | None) -> None:
    found = at(statuses, chip, CHINA, day)
    assert (found["status"], found["eccn_paragraph"]) == (status, paragraph)


def test_letter_stands_beside_the_text_until_it_is_lifted(statuses: list[Row]) -> None:
    found = at(statuses, "NVIDIA A100", CHINA, date(2022, 12, 1))
    assert (found["status"], found["letters"]) == (DENIAL, ["0001045810-22-000146 of 2022-08-26"])
    # The letter of August 2022 named China and Russia, not Macau.
    assert at(statuses, "NVIDIA A100", MACAU, date(2022, 9, 15))["status"] == "not_controlled"


def test_destinations_differ(statuses: list[Row]) -> None:
    day = date(2024, 6, 1)
    assert {group: at(statuses, "NVIDIA H100 SXM", group, day)["status"] for group in GROUPS} == {
        CHINA: DENIAL, MACAU: DENIAL, D5: DENIAL, D1_D4: "license_required", OTHER: "not_controlled",
    }  # fmt: skip
    assert at(statuses, "NVIDIA H200 SXM", D5, NOW)["status"] == DENIAL
    assert at(statuses, "NVIDIA H200 SXM", MACAU, NOW)["status"] == "case_by_case"


def test_exception_for_a_chip_not_for_data_centers(statuses: list[Row]) -> None:
    for group, exception in ((CHINA, "NAC"), (MACAU, "NAC"), (D5, "NAC"), (D1_D4, "ACA"), (OTHER, None)):
        assert at(statuses, "NVIDIA GeForce RTX 4090", group, date(2024, 6, 1))["license_exception"] == exception
    assert at(statuses, "NVIDIA GeForce RTX 4090", D1_D4, date(2024, 1, 1))["license_exception"] == "NAC"
    assert at(statuses, "NVIDIA H100 SXM", CHINA, date(2024, 6, 1))["license_exception"] is None
    assert at(statuses, "AMD Instinct MI210", CHINA, date(2024, 6, 1))["license_exception"] == "NAC"
    # NVIDIA's own words on RTX 6000 Ada go both ways, so its market is not reviewed.
    workstation = [row for row in statuses if row["chip"] == "NVIDIA RTX 6000 Ada"]
    found = at(workstation, "NVIDIA RTX 6000 Ada", CHINA, date(2024, 6, 1))
    assert (found["status"], found["license_exception"]) == (DENIAL, "undetermined")
    assert found["needs"] == ["data-center marketing"]


def test_what_is_not_known_is_not_guessed(statuses: list[Row]) -> None:
    found = at(statuses, "Moore Threads MTT S4000", CHINA, date(2024, 6, 1))  # 1,600, die not published
    assert (found["status"], found["needs"]) == ("undetermined", ["die area"])
    found = at(statuses, "AMD Instinct MI308X", CHINA, date(2025, 4, 14))
    assert (found["status"], found["needs"]) == ("undetermined", ["die area", "total processing performance"])
    found = at(statuses, "AMD Instinct MI308X", CHINA, date(2025, 4, 15))
    assert (found["status"], found["needs"]) == (LETTER, ["die area", "total processing performance"])
    # 5,000 or 6,000 without a die: decided by TPP alone.
    assert at(statuses, "AMD Instinct MI300X", CHINA, date(2024, 6, 1))["needs"] == []


def test_reasons_are_data(statuses: list[Row]) -> None:
    reasons = orjson.loads(at(statuses, "NVIDIA H20", CHINA, date(2024, 6, 1))["reasons"])
    held = [
        (one["paragraph"], one["parameter"], one["chip_value"], one["comparison"], one["threshold"], one["met"])
        for one in reasons
        if one["paragraph"].startswith("3A090.a")
    ]
    assert held == [
        ("3A090.a.1", "total processing performance", "2368", ">=", "4800", False),
        ("3A090.a.2", "total processing performance", "2368", ">=", "1600", True),
        ("3A090.a.2", "performance density", "2.909091", ">=", "5.92", False),
    ]
    assert {one["document_number"] for one in reasons} == {"2023-23055"}


def test_two_clocks(statuses: list[Row]) -> None:
    # As known on 2023-10-01 nobody knew of the end of the text of 2022, nor of the letter.
    assert at(statuses, "NVIDIA A800 SXM", CHINA, date(2024, 1, 1), date(2023, 10, 1))["status"] == "not_controlled"
    assert at(statuses, "NVIDIA A800 SXM", CHINA, date(2024, 1, 1), date(2023, 10, 18))["status"] == DENIAL
    # The letter of 2022-08-26 became known on 2022-08-31: before it there is no row.
    assert not [row for row in statuses if row["known_from"] < date(2022, 8, 31)]
    assert at(statuses, "NVIDIA H20", CHINA, date(2025, 4, 10), date(2025, 4, 14))["status"] == "not_controlled"
    assert at(statuses, "NVIDIA H20", CHINA, date(2025, 4, 10), date(2025, 4, 15))["status"] == LETTER


def test_rows_fit_the_contract_and_leave_no_gap(statuses: list[Row], specs: list[Row]) -> None:
    assert contract.load("chip_control_status").table_of(statuses).num_rows == len(statuses)
    for chip in {row["chip"] for row in specs}:
        for known in (date(2022, 9, 1), date(2023, 10, 30), NOW):
            held = [
                row
                for row in statuses
                if row["chip"] == chip
                and row["destination_group"] == CHINA
                and row["known_from"] <= known
                and (row["known_to"] is None or known < row["known_to"])
            ]
            held.sort(key=lambda row: row["valid_from"])
            assert held[0]["valid_from"] == date(2022, 8, 26)
            assert [row["valid_to"] for row in held] == [*(row["valid_from"] for row in held[1:]), None]


def test_lifted_letter_ends_and_its_end_is_known_later(specs: list[Row]) -> None:
    sent = letter("L1", ["H20"], date(2025, 4, 9), date(2025, 4, 15), ["China"])
    lifted = {**letter("L2", ["H20"], date(2025, 7, 14), date(2025, 7, 15), ["China"]), "kind": "letter_lifted"}
    rows = chip_control_status(specs, parameters(), license_rules(), [sent, lifted]).rows
    day = date(2025, 8, 1)
    assert at(rows, "NVIDIA H20", CHINA, day)["status"] == "not_controlled"
    assert at(rows, "NVIDIA H20", CHINA, day, date(2025, 7, 14))["status"] == LETTER
    assert at(rows, "NVIDIA H20", CHINA, date(2025, 5, 1))["status"] == LETTER
    other = {**lifted, "companies": ["AMD"]}
    rows = chip_control_status(specs, parameters(), license_rules(), [sent, other]).rows
    assert at(rows, "NVIDIA H20", CHINA, day)["status"] == LETTER


def test_what_cannot_be_applied_is_reported(specs: list[Row]) -> None:
    base = {"document_number": "X", "citation": None, "valid_from": None, "known_from": date(2024, 1, 1)}
    bad = [
        rule("3A090.a", "license_requirement", "required", ["D:9"], {**base, "valid_from": date(2024, 1, 1)}, None),
        rule("3A090.a", "license_requirement", "required", ["China"], base, None),
    ]
    unplaced = letter("L3", ["H20"], date(2025, 4, 9), date(2025, 4, 15), ["Russia"])
    undated = {**letter("L4", ["H20"], date(2025, 4, 9), date(2025, 4, 15), ["China"]), "effective_date": None}
    made = chip_control_status(
        specs, [asked("3A090.a", "performance density", ">=", "1", base, None)], bad, [unplaced, undated]
    )
    assert made.rows == []
    assert [one.document for one in made.problems] == ["X", "X", "X", "L3", "L4"]


def test_text_left_to_review_decides_nothing(specs: list[Row]) -> None:
    doubtful = [{**row, "needs_review": row["paragraph"] == "3A090.a.2"} for row in parameters()]
    rows = chip_control_status(specs, doubtful, license_rules(), []).rows
    found = at(rows, "NVIDIA L4", CHINA, date(2024, 6, 1))
    assert (found["status"], found["needs"]) == ("undetermined", ["review of 3A090.a.2 in 2023-23055"])
    # 15,832 is decided by 3A090.a.1 alone.
    assert at(rows, "NVIDIA H100 SXM", CHINA, date(2024, 6, 1))["status"] == DENIAL


def test_condition_that_no_figure_answers_is_not_known(specs: list[Row]) -> None:
    other = {**parameters()[0], "parameter": "number of pins", "value": "1000"}
    rows = chip_control_status(specs, [*parameters(), other], license_rules(), []).rows
    found = at(rows, "NVIDIA A100", CHINA, date(2022, 12, 1))
    assert (found["status"], found["needs"]) == ("undetermined", ["number of pins"])
    assert at(rows, "NVIDIA A800 SXM", CHINA, date(2022, 12, 1))["status"] == "not_controlled"


def test_conditions_are_joined_as_the_clause_says(specs: list[Row]) -> None:
    both_below = [{**row, "clause_path": f"3A090.a.* (all) > {row['paragraph']} (all)"} for row in parameters()]
    rows = chip_control_status(specs, both_below, license_rules(), []).rows
    found = at(rows, "NVIDIA L4", CHINA, date(2024, 6, 1))
    assert found["eccn_paragraph"] != "3A090.a"
    any_of = [{**row, "clause_path": f"{row['paragraph']} (any)"} for row in parameters()[:1]]
    any_of += [{**any_of[0], "parameter": "total processing performance", "value": "4800"}]
    rows = chip_control_status(specs, any_of, license_rules(), []).rows
    assert at(rows, "NVIDIA A800 SXM", CHINA, date(2022, 12, 1))["eccn_paragraph"] == "3A090.a"


def test_three_valued_logic() -> None:
    assert (both([True, None]), both([False, None]), both([])) == (None, False, True)
    assert (either([True, None]), either([False, None]), either([])) == (True, None, False)
    assert negated(None) is None
    least = Span(_f(1600), None, "x")
    assert (compare(least, ">=", _f(1600)), compare(least, ">=", _f(2400)), compare(least, "<", _f(1600))) == (
        True, None, False,
    )  # fmt: skip
    assert compare(Span(None, _f(4000), "x"), ">=", _f(4800)) is False
    assert compare(Span(None, None, "x"), "=", _f(1)) is None


def _f(value: int) -> Fraction:
    return Fraction(value)


def test_without_the_text_of_the_rules_nothing_is_said_to_be_free() -> None:
    """With letters alone: before 3A090 was written the letter decides, since then what is not held is missing."""
    letter = {
        "document_number": "0001045810-22-000146", "citation": None, "publication_date": date(2022, 8, 31),
        "kind": "letter_requires_license", "subject_type": "chip", "subject": "A100",
        "items": [], "companies": ["NVIDIA"],
        "destinations": ["China"], "known_from": date(2022, 8, 31), "effective_date": date(2022, 8, 26),
        "effective_until": None, "affects_documents": [], "location": "p 1", "event_index": 1,
    }  # fmt: skip
    chip = {"chip": "NVIDIA L4", "product": "L4", "aliases": []}
    rows = [
        (row["valid_from"], row["status"], row["needs"])
        for row in chip_control_status([chip], [], [], [letter]).rows
        if row["known_to"] is None and row["destination_group"].startswith("China")
    ]
    assert rows == [
        (date(2022, 8, 26), "not_controlled", []),
        (date(2022, 10, 21), "undetermined", ["license requirements of 3A090", "text of ECCN 3A090"]),
    ]
