"""Small filings for tests of letters: sentences in the forms that filings have, with the facts of those letters."""

from __future__ import annotations

from datetime import date

from assets.controls import letters
from assets.controls.letters import Statements
from assets.earnings.vendors import Vendor
from resources.documents import Row


def company(name: str, year_end_month: int = 12) -> Vendor:
    return Vendor(
        slug=name.lower(), cik=1, name=name, names_zh=(), role="designer",
        fiscal_year_end_month=year_end_month, fiscal_year_end_note="for a test",
    )  # fmt: skip


NVIDIA = company("NVIDIA", 1)
AMD = company("AMD")
CADENCE = company("Cadence")
SYNOPSYS = company("Synopsys", 10)
INTEL = company("Intel")


def filing(form: str, filed: str, *, reported: str | None = None, number: str = "0000000001-25-000001") -> Row:
    return {
        "accession_number": number,
        "form": form,
        "filing_date": date.fromisoformat(filed),
        "report_date": date.fromisoformat(reported) if reported else None,
        "items": ["8.01"] if form == "8-K" else [],
        "primary_document_url": f"https://www.sec.gov/Archives/edgar/data/1/{number.replace('-', '')}/a.htm",
    }


def page(*paragraphs: str) -> bytes:
    text = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><head><title>a</title></head><body><p>Item 8.01 Other Events.</p>\n{text}</body></html>".encode()


def read(vendor: Vendor, where: Row, *paragraphs: str) -> Statements:
    return letters.statements(page(*paragraphs), filing=where, vendor=vendor, sha256="a" * 64)
