"""The embedded default, as the nightly job reads it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from assets.earnings import companyfacts, edgar, inline_xbrl, quarters, revenue, submissions
from assets.earnings.vendors import Vendor
from resources.documents import Parsed, SourceError


@pytest.fixture(scope="module")
def made(samples: Path, known: dict[str, Vendor]) -> tuple[Parsed, Parsed, Parsed, list[SourceError]]:
    tables: list[pa.Table] = []
    problems: list[SourceError] = []
    for vendor in (known["nvidia"], known["amd"], known["intel"]):
        url = edgar.submissions_url(vendor.filer_cik)
        body = (samples / url.removeprefix("https://")).read_bytes()
        listed = submissions.filings_of(body, vendor=vendor, document=url, sha256="0" * 64)
        problems += listed.problems
        for row in listed.rows:
            path = samples / (row["primary_document_url"] or "https://none").removeprefix("https://")
            if row["is_inline_xbrl"] and path.is_file():
                found = inline_xbrl.facts_of(
                    path.read_bytes(),
                    vendor=vendor,
                    accession_number=row["accession_number"],
                    form=row["form"],
                    filed=row["filing_date"],
                    document=row["primary_document_url"],
                    sha256="0" * 64,
                )
                tables.append(found.table)
                problems += found.problems
        url = edgar.companyfacts_url(vendor.filer_cik)
        body = (samples / url.removeprefix("https://")).read_bytes()
        stated = companyfacts.facts_of(body, vendor=vendor, document=url, sha256="0" * 64)
        tables.append(stated.table)
        problems += stated.problems
    facts = pa.concat_tables(tables)
    segments, geography = revenue.revenue_segments(facts, known), revenue.revenue_geography(facts, known)
    discrete = quarters.vendor_quarters(facts, segments.rows, geography.rows, known)
    return segments, geography, discrete, [*problems, *segments.problems, *geography.problems, *discrete.problems]


def test_nothing_in_the_samples_is_left_unread(made: tuple[Parsed, Parsed, Parsed, list[SourceError]]) -> None:
    assert [str(problem) for problem in made[3]] == []


@pytest.mark.parametrize(
    ("vendor", "measure", "year", "quarter", "millions"),
    [
        # NVIDIA: 10-Q of 2023-10-29; 10-K of 2025-01-26 less the 10-Q of 2024-10-27.
        ("nvidia", "revenue", 2024, 3, 18_120),
        ("nvidia", "revenue_data_center", 2024, 3, 14_514),
        ("nvidia", "revenue_china", 2024, 3, 4_030),
        ("nvidia", "revenue", 2025, 4, 39_331),
        ("nvidia", "revenue_data_center", 2025, 4, 35_580),
        ("nvidia", "revenue_china", 2025, 4, 5_534),
        ("nvidia", "revenue_china", 2025, 3, 5_416),
        # AMD: 10-Q of 2023-07-01 by its printed names; 10-K of 2023-12-30.
        ("amd", "revenue_data_center", 2023, 2, 1_321),
        ("amd", "revenue", 2023, 2, 5_359),
    ],
)
def test_figures_of_the_story(
    made: tuple[Parsed, Parsed, Parsed, list[SourceError]],
    vendor: str,
    measure: str,
    year: int,
    *,
    quarter: int,
    millions: int,
) -> None:
    wanted = (vendor, measure, year, quarter)
    (row,) = [
        row
        for row in made[2].rows
        if (row["vendor"], row["measure"], row["fiscal_year"], row["fiscal_quarter"]) == wanted
    ]
    assert row["value_usd"] == millions * 10**6
