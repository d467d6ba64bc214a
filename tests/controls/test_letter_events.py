"""Letters of several filings and announcements as rows: each once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from letter_filings import AMD, CADENCE, NVIDIA, filing, read
from test_letters_in_filings import A100_LETTER, A100_OUTLOOK, H20_CHARGE, H20_LETTER

from assets.controls import announcements
from assets.controls.letters import Statement
from assets.controls.letters_events import letter_events
from resources.documents import Row

FIRST, SECOND, THIRD = (f"0001045810-25-00000{number}" for number in (1, 2, 3))


def h20(form: str = "8-K", filed: str = "2025-04-15", number: str = FIRST) -> list[Statement]:
    return read(NVIDIA, filing(form, filed, number=number), H20_LETTER, H20_CHARGE).found


def named(rows: list[Row]) -> list[tuple[str, str, date | None, Decimal | None]]:
    return [(row["document_number"], row["subject"], row["effective_date"], row["amount_usd"]) for row in rows]


def test_one_row_per_circuit_and_the_amount_once() -> None:
    found = read(NVIDIA, filing("8-K", "2022-08-31", number=FIRST), A100_LETTER, A100_OUTLOOK).found
    rows = letter_events(found).rows
    day = date(2022, 8, 26)
    assert named(rows) == [
        (FIRST, "A100", day, Decimal("400000000.00")),
        (FIRST, "H100", day, None),
        (FIRST, "A100X", day, None),
    ]
    assert [row["event_index"] for row in rows] == [1, 2, 3]
    assert rows[0]["items"] == ["H100", "A100X", "DGX"]
    assert {rows[1]["subject"], *rows[1]["items"]} == {"A100", "H100", "A100X", "DGX"}
    assert rows[0]["known_from"] == rows[0]["publication_date"] == date(2022, 8, 31)
    assert rows[0]["companies"] == ["NVIDIA"]
    assert rows[0]["needs_review"] is False


def test_a_letter_told_again_is_the_same_letter() -> None:
    """By its day, by its month alone, in the same filing or a later one; what is told anew of it changes nothing."""
    again = read(
        NVIDIA,
        filing("10-Q", "2025-05-28", number=SECOND),
        "In April 2025, the USG informed us that a license is required for exports of our H20 to China. As a "
        "result of the new requirement we incurred a $4.5 billion charge for H20.",
        "On April 9, 2025, the USG informed us that it requires a license for export to China of our H20.",
    ).found
    assert len(again) == 2
    parsed = letter_events([*again, *h20()])
    assert named(parsed.rows) == [(FIRST, "H20", date(2025, 4, 9), Decimal("5500000000.00"))]
    assert parsed.metrics == {"letters": 1, "repeats": 2, "refiled": 2, "unspecific": 0}


def test_the_day_wins_over_the_month_in_the_same_filing() -> None:
    told = read(
        NVIDIA,
        filing("10-Q", "2025-05-28", number=SECOND),
        "In April 2025, the USG informed us that a license is required for exports of our H20 to China.",
        "On April 9, 2025, the USG informed us that it requires a license for export to Macau of our H20.",
    ).found
    (row,) = letter_events(told).rows
    assert row["effective_date"] == date(2025, 4, 9)
    assert row["destinations"] == ["China", "Macau"]
    assert row["needs_review"] is False


def test_letters_of_other_products_companies_or_days_are_others() -> None:
    amd = read(
        AMD,
        filing("10-Q", "2025-05-07", number=SECOND),
        "On April 9, 2025, BIS informed us that a license is required for exports of MI308 to China.",
    ).found
    july = read(
        NVIDIA,
        filing("10-K", "2024-02-21", number=THIRD),
        "In July 2023, the USG informed us of an additional licensing requirement for A100 for the Middle East.",
        "On October 23, 2023, the USG informed us that the licensing requirements are effective immediately for A100.",
    ).found
    assert [(row["subject"], row["effective_date"]) for row in letter_events([*h20(), *amd, *july]).rows] == [
        ("A100", None),
        ("A100", date(2023, 10, 23)),
        ("H20", date(2025, 4, 9)),
        ("MI308", date(2025, 4, 9)),
    ]


def test_of_one_day_the_current_report_is_first() -> None:
    rows = letter_events([*h20("10-Q", number=FIRST), *h20("8-K", number=SECOND)]).rows
    assert [row["document_number"] for row in rows] == [SECOND]


def test_lifting_is_about_what_the_letter_was_about() -> None:
    given = read(
        CADENCE,
        filing("8-K", "2025-05-29", number=FIRST),
        "On May 23, 2025, BIS informed Cadence that a license is required for exports of EDA software to China.",
    ).found
    lifted = read(
        CADENCE,
        filing("8-K", "2025-07-03", number=SECOND),
        "On July 2, 2025, Cadence received notification from BIS that the license requirements in its May 23 "
        "letter have been rescinded.",
    ).found
    both = letter_events([*lifted, *given])
    assert [(row["kind"], row["subject"], row["affects_documents"]) for row in both.rows] == [
        ("letter_requires_license", "EDA software", []),
        ("letter_lifted", "EDA software", [FIRST]),
    ]
    assert both.problems == []
    alone = letter_events(lifted)
    assert alone.rows[0]["needs_review"] is True
    assert "lifted" in alone.problems[0].reason


def test_what_names_neither_day_nor_product_is_counted_only() -> None:
    told = read(
        NVIDIA, filing("10-Q", "2025-05-28"), "In the past the USG informed us of new license requirements."
    ).found
    parsed = letter_events(told)
    assert parsed.rows == []
    assert parsed.metrics["unspecific"] == 1


def test_an_announcement_gives_way_to_the_filing_and_not_to_a_later_one() -> None:
    reviewed = announcements.statements([one for one in announcements.load() if one.id == "NVIDIA-letter-2025-04-09"])
    in_time = letter_events([*reviewed, *h20()])
    assert {row["source"] for row in in_time.rows} == {"sec_filings"}
    late = letter_events([*reviewed, *h20("10-Q", "2025-11-19")])
    assert [(row["source"], row["known_from"]) for row in late.rows] == [("announcement", date(2025, 4, 15))]


@pytest.mark.parametrize("until", ["March 1, 2023", "September 1, 2023"])
def test_licenses_with_other_ends_are_others(until: str) -> None:
    told = read(
        NVIDIA,
        filing("8-K", "2022-09-01", reported="2022-08-31", number=FIRST),
        "The U.S. government has authorized exports of H100. The U.S. government also authorized exports of H100 "
        f"through {until}.",
    ).found
    assert len(letter_events(told).rows) == 2
