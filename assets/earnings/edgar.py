"""Addresses of the SEC's EDGAR system.

Source: https://www.sec.gov/search-filings/edgar-application-programming-interfaces (submissions, companyfacts) and
https://www.sec.gov/search-filings/edgar-search-assistance/accessing-edgar-data (archive paths).
"""

from __future__ import annotations

import re

SOURCE = "sec"
"""Its name in the ledger and in problems."""

DATA = "https://data.sec.gov"
"""Host of the JSON documents."""

WWW = "https://www.sec.gov"
"""Host of the archive of filings."""

ACCESSION_NUMBER = re.compile(r"\d{10}-\d{2}-\d{6}")
"""How EDGAR writes the identity of a filing: the submitter's CIK, the year, a running number."""


def submissions_url(cik: int) -> str:
    """Address of a filer's list of filings; the newest thousand stand in it, the rest in its older pages."""
    return f"{DATA}/submissions/CIK{cik:010d}.json"


def submissions_page_url(name: str) -> str:
    """Address of an older page by the name the list gives it, e.g. ``CIK0001045810-submissions-001.json``."""
    return f"{DATA}/submissions/{name}"


def companyfacts_url(cik: int) -> str:
    """Address of all facts without dimensions that a filer has ever reported."""
    return f"{DATA}/api/xbrl/companyfacts/CIK{cik:010d}.json"


def filings_folder_url(cik: int) -> str:
    """Address below which all documents of a filer's filings lie."""
    return f"{WWW}/Archives/edgar/data/{cik}"


def document_url(cik: int, accession_number: str, document: str) -> str:
    """Address of one document of a filing.

    Raises:
        ValueError: the accession number is not one.
    """
    if not ACCESSION_NUMBER.fullmatch(accession_number):
        raise ValueError(f"not an accession number: {accession_number!r}")
    return f"{filings_folder_url(cik)}/{accession_number.replace('-', '')}/{document}"


def index_url(cik: int, accession_number: str) -> str:
    """Address of the page that lists a filing's documents with their types.

    Raises:
        ValueError: the accession number is not one.
    """
    return document_url(cik, accession_number, f"{accession_number}-index.html")


def accession_of_url(url: str) -> str | None:
    """Accession number of the filing a document's address lies in; ``None`` if it is not an archive address."""
    match = re.search(r"/Archives/edgar/data/\d+/(\d{10})(\d{2})(\d{6})/", url)
    return "-".join(match.groups()) if match else None
