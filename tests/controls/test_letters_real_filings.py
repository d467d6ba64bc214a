"""Letters in filings as the SEC holds them, and in the samples."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from assets.controls import announcements, letters
from assets.controls.letters import Statement
from assets.controls.letters_events import letter_events
from assets.earnings import edgar, submissions, vendors
from assets.earnings.reports import may_report
from resources.documents import Row, SourceError

# The mirror holds no submissions of AMD and Intel; read off the filings' covers.
OTHERS = (
    ("amd", "0000002488-23-000139", "10-Q", date(2023, 8, 2), "amd-20230701.htm"),
    ("amd", "0000002488-24-000012", "10-K", date(2024, 1, 31), "amd-20231230.htm"),
    ("intel", "0000050863-24-000010", "10-K", date(2024, 1, 26), "intc-20231230.htm"),
)


def listed(folder: Path) -> Iterable[Row]:
    for vendor in vendors.filers(vendors.load()).values():
        url = edgar.submissions_url(vendor.filer_cik)
        file = folder / url.removeprefix("https://")
        if file.exists():
            yield from submissions.filings_of(file.read_bytes(), vendor=vendor, document=url, sha256="").rows
    for slug, number, form, filed, name in OTHERS:
        cik = vendors.load()[slug].filer_cik
        yield {
            "accession_number": number, "vendor": slug, "form": form, "filing_date": filed, "report_date": None,
            "items": [], "primary_document_url": edgar.document_url(cik, number, name),
        }  # fmt: skip


def reported(folder: Path) -> tuple[list[Statement], list[SourceError], int]:
    """Statements and problems of all filings a folder holds, and how many filings these are."""
    found: dict[str, list[Statement]] = {}
    problems: list[SourceError] = []
    for filing in listed(folder):
        url = filing["primary_document_url"]
        file = folder / str(url).removeprefix("https://")
        if url and may_report(filing) and file.is_file() and filing["accession_number"] not in found:
            vendor = vendors.load()[filing["vendor"]]
            read = letters.statements(file.read_bytes(), filing=filing, vendor=vendor, sha256="b" * 64)
            found[filing["accession_number"]] = read.found
            problems += read.problems
    return [one for statements in found.values() for one in statements], problems, len(found)


def brief(rows: Iterable[Row]) -> list[tuple[str, str, str, date | None]]:
    return [(row["document_number"], row["kind"], row["subject"], row["effective_date"]) for row in rows]


def test_every_letter_nvidia_tells_once(real_documents: Path) -> None:
    """Read by hand in the filings: Item 2 of each 10-Q and 10-K from 2022-08-31, and the risk factors.

    The 8-K are not among the documents held, so a letter stands in the first 10-Q that tells of it. AMD's and Intel's
    filings held tell of rules, of patents and of a license of another office, and of no letter.
    """
    found, problems, filings = reported(real_documents / "mirror")
    assert problems == []
    assert filings == 15
    parsed = letter_events(found)
    nov_2023, nov_2025 = "0001045810-23-000227", "0001045810-25-000230"
    assert brief(parsed.rows) == [
        ("0001045810-22-000147", "letter_requires_license", "A100", date(2022, 8, 26)),
        ("0001045810-22-000147", "letter_requires_license", "H100", date(2022, 8, 26)),
        ("0001045810-22-000147", "letter_requires_license", "A100X", date(2022, 8, 26)),
        (nov_2023, "letter_requires_license", "A100", None),
        (nov_2023, "letter_requires_license", "H100", None),
        (nov_2023, "letter_requires_license", "A100", date(2023, 10, 23)),
        (nov_2023, "letter_requires_license", "A800", date(2023, 10, 23)),
        (nov_2023, "letter_requires_license", "H100", date(2023, 10, 23)),
        (nov_2023, "letter_requires_license", "H800", date(2023, 10, 23)),
        (nov_2023, "letter_requires_license", "L40S", date(2023, 10, 23)),
        (nov_2025, "letter_requires_license", "H20", date(2025, 4, 9)),
        (nov_2025, "license_granted", "H20", None),
    ]
    # 35 sentences tell of these five: 2 + 4 + 6 + 4 + 4 + 4 + 6 + 5 by filing, in the order of filing.
    assert parsed.metrics == {"letters": 5, "repeats": 30, "refiled": 25, "unspecific": 0}
    h20 = parsed.rows[10]
    assert h20["destinations"] == ["China", "Hong Kong", "Macau", "D:5"]
    assert h20["amount_usd"] == Decimal("4500000000.00")
    assert h20["scope"] == (
        "any other circuits achieving the H20’s memory bandwidth, interconnect bandwidth, or combination thereof"
    )
    assert parsed.rows[0]["destinations"] == ["China", "Hong Kong", "Russia"]
    assert parsed.rows[3]["destinations"] == ["Middle East"]
    assert parsed.rows[5]["destinations"][:4] == ["China", "D:1", "D:4", "D:5"]


def test_with_the_reviewed_file_the_letters_are_known_in_time(real_documents: Path) -> None:
    found, _, _ = reported(real_documents / "mirror")
    rows = letter_events([*found, *announcements.statements(announcements.load())]).rows
    first_known = {
        (row["subject"], row["effective_date"]): row["known_from"]
        for row in rows
        if row["kind"] == "letter_requires_license" and row["companies"] == ["NVIDIA"]
    }
    assert first_known == {
        ("A100", date(2022, 8, 26)): date(2022, 8, 31),
        ("H100", date(2022, 8, 26)): date(2022, 8, 31),
        ("A100X", date(2022, 8, 26)): date(2022, 8, 31),
        ("A100", None): date(2023, 11, 21),
        ("H100", None): date(2023, 11, 21),
        **{(name, date(2023, 10, 23)): date(2023, 10, 24) for name in ("A100", "A800", "H100", "H800", "L40S")},
        ("H20", date(2025, 4, 9)): date(2025, 4, 15),
    }
    assert [row["known_from"] for row in rows if row["kind"] == "license_granted" and row["subject"] == "H20"] == [
        date(2025, 8, 8)
    ]


def test_the_letters_of_the_samples(samples: Path) -> None:
    """Facts of the four current reports, as samples/README.md has them; the fifth, of 2023-10-17, is about a rule."""
    found, problems, _ = reported(samples)
    assert problems == []
    rows = letter_events(found).rows
    assert brief(rows) == [
        ("0001045810-22-000146", "letter_requires_license", "A100", date(2022, 8, 26)),
        ("0001045810-22-000146", "letter_requires_license", "H100", date(2022, 8, 26)),
        ("0001045810-23-000221", "letter_requires_license", "A100", date(2023, 10, 23)),
        ("0001045810-23-000221", "letter_requires_license", "A800", date(2023, 10, 23)),
        ("0001045810-23-000221", "letter_requires_license", "H100", date(2023, 10, 23)),
        ("0001045810-23-000221", "letter_requires_license", "H800", date(2023, 10, 23)),
        ("0001045810-23-000221", "letter_requires_license", "L40S", date(2023, 10, 23)),
        ("0001045810-25-000082", "letter_requires_license", "H20", date(2025, 4, 9)),
        ("0000002488-25-000039", "letter_requires_license", "MI308", date(2025, 4, 15)),
    ]
    assert [row["amount_usd"] for row in rows if row["amount_usd"]] == [
        Decimal("400000000.00"),
        Decimal("5500000000.00"),
        Decimal("800000000.00"),
    ]
