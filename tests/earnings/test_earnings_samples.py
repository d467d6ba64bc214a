"""The embedded default, as the nightly job reads it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from assets.earnings import companyfacts, edgar, inline_xbrl, quarters, revenue, submissions
from assets.earnings.vendors import Vendor
from assets.earnings.views import first_reported
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
    """But for two extracts whose lines are not all tagged (samples/README.md): they do not add up, which is told."""
    assert [(problem.document, problem.reason.partition(":")[0]) for problem in made[3]] == [
        ("0000050863-23-000006", "lines do not add up"),
        ("0001045810-23-000175", "lines do not add up"),
    ]


# NVIDIA in USD millions as filed: total, Data Center, China with Hong Kong. The first three quarters of a year as the
# 10-Q of the quarter states them (income statement, segment note), the fourth as the 10-K's year less the nine months
# of the 10-Q before it. China is by billing location, from the third quarter of fiscal 2026 on by headquarters.
NVIDIA = {
    (2023, 1): (8_288, 3_750, 2_081, "0001045810-22-000079"),
    (2023, 2): (6_704, 3_806, 1_602, "0001045810-22-000147"),
    (2023, 3): (5_931, 3_833, 1_148, "0001045810-22-000166"),
    (2023, 4): (6_051, 3_616, 954, "0001045810-23-000017"),
    (2024, 1): (7_192, 4_284, 1_590, "0001045810-23-000093"),
    (2024, 2): (13_507, 10_323, 2_740, "0001045810-23-000175"),
    (2024, 3): (18_120, 14_514, 4_030, "0001045810-23-000227"),
    (2024, 4): (22_103, 18_404, 1_946, "0001045810-24-000029"),
    (2025, 1): (26_044, 22_563, 2_491, "0001045810-24-000124"),
    (2025, 2): (30_040, 26_272, 3_667, "0001045810-24-000264"),
    (2025, 3): (35_082, 30_771, 5_416, "0001045810-24-000316"),
    (2025, 4): (39_331, 35_580, 5_534, "0001045810-25-000023"),
    (2026, 1): (44_062, 39_112, 5_522, "0001045810-25-000116"),
    (2026, 2): (46_743, 41_096, 2_769, "0001045810-25-000209"),
    (2026, 3): (57_006, 51_215, 2_973, "0001045810-25-000230"),
}


@pytest.mark.parametrize("quarter", NVIDIA, ids=lambda quarter: f"FY{quarter[0]}Q{quarter[1]}")
def test_nvidia_as_filed(made: tuple[Parsed, Parsed, Parsed, list[SourceError]], quarter: tuple[int, int]) -> None:
    found = {
        row["measure"]: (int(row["value_usd"] / 10**6), row["derivation"], row["accession_number"])
        for row in first_reported(made[2].rows)
        if (row["vendor"], row["fiscal_year"], row["fiscal_quarter"]) == ("nvidia", *quarter)
        and row["measure"].startswith("revenue")
    }
    *values, accession_number = NVIDIA[quarter]
    derivation = "derived" if quarter[1] == 4 else "reported"
    assert found == {
        measure: (value, derivation, accession_number)
        for measure, value in zip(("revenue", "revenue_data_center", "revenue_china"), values, strict=True)
    }


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
        for row in first_reported(made[2].rows)
        if (row["vendor"], row["measure"], row["fiscal_year"], row["fiscal_quarter"]) == wanted
    ]
    assert row["value_usd"] == millions * 10**6
