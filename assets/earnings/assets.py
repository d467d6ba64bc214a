"""The tables of earnings: filings and facts month by month, revenue and quarters made from all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pyarrow as pa

from assets.earnings import companyfacts, edgar, inline_xbrl, quarters, revenue, submissions, vendors
from assets.earnings.monthly_spill import MonthlySpill
from assets.earnings.reports import has_figures, may_report
from assets.earnings.vendors import Vendor
from assets.table import monthly_table, whole_table
from expectations import contract
from resources.archive import Document
from resources.deployment import Deployment
from resources.documents import Parsed, Row, SourceError, TransientSourceError
from resources.settings import ROOT

SOURCE = "sec"


@monthly_table(pool="sec.gov", lists_source=True)
def filings(months: Sequence[str], deployment: Deployment) -> Iterator[tuple[str | None, Parsed]]:
    """List each vendor's filings and take in the reports: for their figures, and for the letters they tell of."""
    listed: list[Row] = []
    problems: list[SourceError] = []
    for vendor in _vendors(deployment).values():
        listed += _filings_of(vendor, deployment, problems)
    for month in months:
        rows = [row for row in listed if row["month"] == month]
        of_month: list[SourceError] = []
        yield month, Parsed([_with_report(row, deployment, of_month) for row in rows], of_month)
    yield None, Parsed([], problems)


@monthly_table(deps=["filings"], pool="sec.gov", lists_source=True)
def facts(months: Sequence[str], deployment: Deployment) -> Iterator[tuple[str | None, Parsed]]:
    """Take in companyfacts, and read the reports held, whose inline XBRL alone has segments and geography."""
    known = _vendors(deployment)
    problems: list[SourceError] = []
    with MonthlySpill(months) as stated:
        # One vendor at a time: all of them together would take gigabytes.
        for vendor in known.values():
            if (table := _companyfacts(vendor, deployment, problems)) is not None:
                stated.add(table)
        for month in months:
            of_month: list[SourceError] = []
            tables = [contract.load("facts").schema.empty_table(), *stated.tables(month)]
            for filing in deployment.lake.rows("filings", month=month):
                if filing["primary_sha256"] is not None and has_figures(filing):
                    tables += _inline_facts(filing, known, deployment, of_month)
            yield month, Parsed(pa.concat_tables(tables), of_month)
    yield None, Parsed([], problems)


@whole_table(deps=["facts"])
def revenue_segments(deployment: Deployment) -> Parsed:
    """Revenue by segment, from all facts with dimensions."""
    return revenue.revenue_segments(deployment.lake.read("facts"), _vendors(deployment))


@whole_table(deps=["facts"])
def revenue_geography(deployment: Deployment) -> Parsed:
    """Revenue by geography, from all facts with dimensions."""
    return revenue.revenue_geography(deployment.lake.read("facts"), _vendors(deployment))


@whole_table(deps=["facts", "revenue_segments", "revenue_geography"])
def vendor_quarters(deployment: Deployment) -> Parsed:
    """Discrete quarters, as first reported."""
    lake = deployment.lake
    return quarters.vendor_quarters(
        lake.read("facts"), lake.rows("revenue_segments"), lake.rows("revenue_geography"), _vendors(deployment)
    )


def _vendors(deployment: Deployment) -> Mapping[str, Vendor]:
    return vendors.load(ROOT / deployment.settings.vendors)


def _filings_of(vendor: Vendor, deployment: Deployment, problems: list[SourceError]) -> list[Row]:
    url = edgar.submissions_url(vendor.cik)
    since = date.fromisoformat(f"{deployment.settings.first_month}-01")
    try:
        newest = _index(url, deployment)
        urls = submissions.older_pages(newest.body, document=url, since=since)
        pages = [(url, newest)]
    except TransientSourceError:
        raise
    except SourceError as error:
        problems.append(error)
        return []
    rows: list[Row] = []
    for older in urls:
        try:
            pages.append((older, _index(older, deployment)))
        except TransientSourceError:
            raise
        except SourceError as error:
            problems.append(error)
    for address, page in pages:
        try:
            parsed = submissions.filings_of(page.body, vendor=vendor, document=address, sha256=page.sha256)
        except SourceError as error:
            problems.append(error)
            continue
        rows += parsed.rows
        problems += parsed.problems
    return rows


def _index(url: str, deployment: Deployment) -> Document:
    """Fetch a document that lists others; without it any number of them may be missing."""
    if not deployment.sources.answers(url):
        remedy = "put it into the folder under that address, or take the vendor out of the list of vendors"
        raise SourceError(SOURCE, url, "", "this folder of documents does not hold it", remedy=remedy)
    return deployment.take_in_index(url, source=SOURCE)


def _with_report(filing: Row, deployment: Deployment, problems: list[SourceError]) -> Row:
    """Take in the primary document of a report with inline XBRL or news of letters; its sha256 goes into the row."""
    url = filing["primary_document_url"]
    wanted = has_figures(filing) or may_report(filing)
    if not wanted or not url or not deployment.sources.answers(url):
        return filing
    held = deployment.take_in(url, source=SOURCE, problems=problems)
    return {**filing, "primary_sha256": held.sha256 if held else None}


def _companyfacts(vendor: Vendor, deployment: Deployment, problems: list[SourceError]) -> pa.Table | None:
    url = edgar.companyfacts_url(vendor.cik)
    try:
        document = _index(url, deployment)
        found = companyfacts.facts_of(document.body, vendor=vendor, document=url, sha256=document.sha256)
    except TransientSourceError:
        raise
    except SourceError as error:
        problems.append(error)
        return None
    problems += found.problems
    return found.table


def _inline_facts(
    filing: Row, known: Mapping[str, Vendor], deployment: Deployment, problems: list[SourceError]
) -> list[pa.Table]:
    url = filing["primary_document_url"]

    def read(held: Document) -> inline_xbrl.InlineXbrl:
        return inline_xbrl.facts_of(
            held.body,
            vendor=known[filing["vendor"]],
            accession_number=filing["accession_number"],
            form=filing["form"],
            filed=filing["filing_date"],
            document=url,
            sha256=held.sha256,
        )

    found, unreadable = deployment.archive.newest_readable(url, read)
    if unreadable is not None:
        problems.append(unreadable)
    if found is None:
        return []
    problems += found.problems
    return [found.table]
