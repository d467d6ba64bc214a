"""Names, days and amounts in sentences about letters."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from letter_filings import AMD, NVIDIA

from assets.controls import letters_words
from assets.sentences import split


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A100, A800, L4, L40, L40S and RTX 4090", ["A100", "A800", "L4", "L40", "L40S", "RTX 4090"]),
        ("the GeForce RTX 4090 D, RTX PRO 6000D and GB200 NVL 72", ["RTX 4090D", "RTX PRO 6000D", "GB200"]),
        ("AMD Instinct™ MI308, MI250X; Gaudi 3 (HL-325L)", ["MI308", "MI250X", "Gaudi 3", "HL-325L"]),
        ("ECCNs 3A090 and 4A090.a, D:5, H2O, Form 10-Q, part L444", []),
    ],
)  # fmt: skip
def test_circuits(text: str, expected: list[str]) -> None:
    assert letters_words.chips(text) == expected


def test_systems_software_and_eccns() -> None:
    text = "DGX, HGX and NVL 72 systems; EDA software and technology under 3D991 and 3A090.a"
    assert letters_words.others(text) == ["DGX", "HGX", "NVL72", "EDA software and technology", "3D991", "3A090.a"]


def test_destinations_leave_out_what_is_excepted() -> None:
    text = (
        "to China and Country Groups D1, D4, and D5 (including Saudi Arabia and Vietnam, but excluding Israel and Iran)"
    )
    assert letters_words.destinations(text) == ["China", "D:1", "D:4", "D:5", "Saudi Arabia", "Vietnam"]
    assert letters_words.destinations("to customers outside of China in the Middle East") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("up to approximately $5.5 billion of charges", ["5500000000.00"]),
        ("charges of US$800 million and $1,036.5 million", ["800000000.00", "1036500000.00"]),
        ("$4,500,000 in all", ["4500000.00"]),
        ("by approximately $400 million, plus or minus $150 million", ["400000000.00"]),
        ("between $600 million and $800 million", []),
        ("NT$300 million, HK$2 billion", []),
    ],
)
def test_amounts(text: str, expected: list[str]) -> None:
    assert letters_words.amounts(text) == [Decimal(value) for value in expected]


def test_days_months_and_quarters() -> None:
    text = "On April 9, 2025, in July 2023, on 7 May 2024, and on February 30, 2024"
    assert [(one.first, one.last) for one in letters_words.periods(text, NVIDIA)] == [
        (date(2025, 4, 9), date(2025, 4, 9)),
        (date(2023, 7, 1), date(2023, 7, 31)),
        (date(2024, 5, 7), date(2024, 5, 7)),
    ]
    (fiscal,) = letters_words.periods("in the third quarter of fiscal 2023", NVIDIA)
    assert (fiscal.first, fiscal.last) == (date(2022, 7, 25), date(2022, 11, 7))
    (calendar,) = letters_words.periods("in the first quarter of 2025", AMD)
    assert (calendar.first, calendar.last) == (date(2024, 12, 25), date(2025, 4, 7))


def test_sentences_end_after_abbreviations_only_where_one_begins() -> None:
    text = "The U.S. Department of NVIDIA Inc. and Co. No. 5 met in the U.S. The next met at 10.30. “It” ended."
    assert split(text) == [
        "The U.S. Department of NVIDIA Inc. and Co. No. 5 met in the U.S.",
        "The next met at 10.30.",
        "“It” ended.",
    ]
