"""The rules of 3A090 and the letters as rows, made by hand from the texts; dates are those of the documents."""

from __future__ import annotations

from datetime import date
from typing import Any

from assets.controls.chip_status_logic import DATACENTER, DENSITY, DRAM_BANDWIDTH, TPP, TRANSFER_RATE

Row = dict[str, Any]

OCT_2022 = {
    "document_number": "2022-21658",
    "citation": "87 FR 62186",
    "valid_from": date(2022, 10, 21),
    "known_from": date(2022, 10, 7),
}
OCT_2023 = {
    "document_number": "2023-23055",
    "citation": "88 FR 73458",
    "valid_from": date(2023, 11, 17),
    "known_from": date(2023, 10, 18),
}
APR_2024 = {
    "document_number": "2024-07004",
    "citation": "89 FR 23876",
    "valid_from": date(2024, 4, 4),
    "known_from": date(2024, 4, 4),
}
JAN_2026 = {
    "document_number": "2026-00789",
    "citation": "91 FR 1684",
    "valid_from": date(2026, 1, 15),
    "known_from": date(2026, 1, 13),
}

OCT_2023_CHIPS = ["A100", "A800", "H100", "H800", "L40S"]


def asked(  # noqa: PLR0917
    paragraph: str, parameter: str, comparison: str, value: str, rule: Row, until: date | None, **more: Any
) -> Row:
    return {
        "paragraph": paragraph, "parameter": parameter, "comparison": comparison, "value": value,
        "valid_to": until, **rule, **more,
    }  # fmt: skip


def parameters() -> list[Row]:
    end, note = date(2023, 11, 17), "3A090 Note 2"
    return [
        asked("3A090.a", TRANSFER_RATE, ">=", "600", OCT_2022, end),
        asked("3A090.a.1", TPP, ">=", "4800", OCT_2022, end),
        asked("3A090.a.1", TPP, ">=", "4800", OCT_2023, None),
        asked("3A090.a.2", TPP, ">=", "1600", OCT_2023, None),
        asked("3A090.a.2", DENSITY, ">=", "5.92", OCT_2023, None),
        asked("3A090.b.1", TPP, ">=", "2400", OCT_2023, None),
        asked("3A090.b.1", TPP, "<", "4800", OCT_2023, None),
        asked("3A090.b.1", DENSITY, ">=", "1.6", OCT_2023, None),
        asked("3A090.b.1", DENSITY, "<", "5.92", OCT_2023, None),
        asked("3A090.b.2", TPP, ">=", "1600", OCT_2023, None),
        asked("3A090.b.2", DENSITY, ">=", "3.2", OCT_2023, None),
        asked("3A090.b.2", DENSITY, "<", "5.92", OCT_2023, None),
        asked(note, DATACENTER, "=", "0", OCT_2023, None, effect="excludes"),
        asked(note, TPP, "<", "4800", OCT_2023, None, effect="excludes"),
    ]


def rule(  # noqa: PLR0917
    paragraph: str, kind: str, value: str, places: list[str], base: Row, until: date | None, **more: Any
) -> Row:
    return {
        "paragraph": paragraph, "kind": kind, "value": value, "destinations": places, "valid_to": until,
        "conditions": [], "condition_text": None, **base, **more,
    }  # fmt: skip


def license_rules() -> list[Row]:
    end, split = date(2023, 11, 17), date(2024, 4, 4)
    wide = ["D:1", "D:4", "D:5"]
    consumer = [
        {"parameter": DATACENTER, "comparison": "=", "value": "0"},
        {"parameter": TPP, "comparison": ">=", "value": "4800"},
    ]
    datacenter = [{"parameter": DATACENTER, "comparison": "=", "value": "1"}]
    lesser = [
        {"parameter": TPP, "comparison": "<", "value": "21000"},
        {"parameter": DRAM_BANDWIDTH, "comparison": "<", "value": "6500"},
    ]
    rows = [
        rule("3A090.a", "license_requirement", "required", ["China"], OCT_2022, end),
        rule("3A090.a", "review_policy", "presumption_of_denial", ["China"], OCT_2022, end),
    ]
    for letter, asks in (("a", consumer), ("b", datacenter)):
        name = f"3A090.{letter}"
        rows += [
            rule(name, "license_requirement", "required", wide, OCT_2023, None),
            rule(name, "review_policy", "presumption_of_denial", ["Macau", "D:5"], OCT_2023, None),
            rule(name, "license_exception", "NAC", wide, OCT_2023, split, conditions=asks),
            rule(name, "license_exception", "NAC", ["Macau", "D:5"], APR_2024, None, conditions=asks),
            rule(name, "license_exception", "ACA", ["D:1", "D:4"], APR_2024, None, conditions=asks),
            rule(name, "review_policy", "case_by_case", ["China", "Macau"], JAN_2026, None, conditions=lesser),
        ]  # fmt: skip
    return rows


def letter(number: str, chips: list[str], effective: date, filed: date, places: list[str], **more: Any) -> Row:
    return {
        "document_number": number, "kind": "letter_requires_license", "subject": chips[0], "items": chips[1:],
        "destinations": places, "effective_date": effective, "known_from": filed, "companies": ["NVIDIA"], **more,
    }  # fmt: skip


def letters() -> list[Row]:
    wide = ["D:1", "D:4", "D:5"]
    china = ["China", "Macau", "D:5"]
    return [
        letter("0001045810-22-000146", ["A100", "H100"], date(2022, 8, 26), date(2022, 8, 31), ["China", "Russia"]),
        letter("0001045810-23-000221", OCT_2023_CHIPS, date(2023, 10, 23), date(2023, 10, 24), wide),
        letter("0001045810-25-000082", ["H20"], date(2025, 4, 9), date(2025, 4, 15), china),
        letter("0000002488-25-000039", ["MI308"], date(2025, 4, 15), date(2025, 4, 16), china, companies=["AMD"]),
    ]
