"""Real filings, read once for all tests of this folder."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from real_earnings import RealEarnings

from assets.earnings import companyfacts, edgar, inline_xbrl, quarters, revenue, submissions, vendors
from assets.earnings.vendors import Vendor

# The mirror holds no submissions of AMD and Intel; these are read off the filings' covers and EDGAR's index.
OTHER_FILINGS = (
    ("amd", "0000002488-23-000139", "10-Q", date(2023, 8, 2), "amd-20230701.htm"),
    ("amd", "0000002488-24-000012", "10-K", date(2024, 1, 31), "amd-20231230.htm"),
    ("intel", "0000050863-24-000010", "10-K", date(2024, 1, 26), "intc-20231230.htm"),
)


@pytest.fixture(scope="session")
def known() -> dict[str, Vendor]:
    return vendors.load()


@pytest.fixture(scope="session")
def real(real_documents: Path, known: dict[str, Vendor]) -> RealEarnings:
    mirror = real_documents / "mirror"
    nvidia = known["nvidia"]

    def body(url: str) -> bytes:
        return (mirror / url.removeprefix("https://")).read_bytes()

    url = edgar.companyfacts_url(nvidia.filer_cik)
    stated = companyfacts.facts_of(body(url), vendor=nvidia, document=url, sha256="c" * 64)
    url = edgar.submissions_url(nvidia.filer_cik)
    listed = submissions.filings_of(body(url), vendor=nvidia, document=url, sha256="s" * 64).rows
    filings = [
        ("nvidia", row["accession_number"], row["form"], row["filing_date"], row["primary_document_url"])
        for row in listed
        if row["form"] in ("10-K", "10-Q")
    ]
    filings += [
        (slug, accession, form, filed, edgar.document_url(known[slug].filer_cik, accession, name))
        for slug, accession, form, filed, name in OTHER_FILINGS
    ]
    inline = {
        accession: inline_xbrl.facts_of(
            body(url),
            vendor=known[slug],
            accession_number=accession,
            form=form,
            filed=filed,
            document=url,
            sha256="d" * 64,
        )
        for slug, accession, form, filed, url in filings
        if (mirror / url.removeprefix("https://")).exists()
    }
    facts = pa.concat_tables([stated.table, *(found.table for found in inline.values())])
    segments = revenue.revenue_segments(facts, known)
    geography = revenue.revenue_geography(facts, known)
    made = quarters.vendor_quarters(facts, segments.rows, geography.rows, known)
    problems = [*stated.problems, *(problem for found in inline.values() for problem in found.problems)]
    return RealEarnings(stated.table, inline, facts, segments, geography, made, problems)
