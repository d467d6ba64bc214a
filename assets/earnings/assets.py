"""The tables of earnings: filings and facts month by month, revenue and quarters made from all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pyarrow as pa

from assets.earnings import (
    amendments,
    companyfacts,
    curated,
    edgar,
    filing_index,
    inline_xbrl,
    newsrooms,
    quarters,
    releases,
    revenue,
    submissions,
    vendors,
)
from assets.earnings import reference_rates as rates
from assets.earnings.currencies import Rates
from assets.earnings.edgar import SOURCE
from assets.earnings.monthly_spill import MonthlySpill
from assets.earnings.release_reconciliation import reconciled
from assets.earnings.reports import has_exhibits, has_figures
from assets.earnings.silence import silent
from assets.earnings.vendors import Vendor
from assets.table import monthly_table, whole_table
from expectations import contract
from resources.archive import Document
from resources.deployment import Deployment
from resources.documents import Parsed, Row, SourceError, TransientSourceError
from resources.settings import ROOT


@monthly_table(pool="sec.gov", lists_source=True)
def filings(months: Sequence[str], deployment: Deployment) -> Iterator[tuple[str | None, Parsed]]:
    """List each vendor's filings, link amendments to what they amend, and take in the primary documents."""
    listed: list[Row] = []
    problems: list[SourceError] = []
    for vendor in _filers(deployment).values():
        listed += _filings_of(vendor, deployment, problems)
    by_month = amendments.linked(listed)
    for month in months:
        found = by_month.get(month, Parsed())
        rows = [_with_primary_document(row, deployment, found.problems) for row in found.rows]
        yield month, Parsed(rows, found.problems)
    yield None, Parsed([], problems)


@monthly_table(deps=["filings"], pool="sec.gov", lists_source=True)
def filing_documents(months: Sequence[str], deployment: Deployment) -> Iterator[tuple[str | None, Parsed]]:
    """List the documents of current reports and of foreign filers' reports, and take in exhibits 99.1 and 99.2."""
    for month in months:
        of_month = Parsed()
        for filing in deployment.lake.rows("filings", month=month):
            if has_exhibits(filing):
                of_month.rows.extend(_documents_of(filing, deployment, of_month.problems))
        yield month, of_month


@monthly_table(deps=["filings"], pool="sec.gov", lists_source=True)
def facts(months: Sequence[str], deployment: Deployment) -> Iterator[tuple[str | None, Parsed]]:
    """Take in companyfacts, and read the reports held, whose inline XBRL alone has segments and geography."""
    known = _vendors(deployment)
    problems: list[SourceError] = []
    with MonthlySpill(months) as stated:
        # One vendor at a time: all of them together would take gigabytes.
        for vendor in _filers(deployment).values():
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


@monthly_table(deps=["filings", "filing_documents"], pool="nvidianews.nvidia.com")
def vendor_releases(months: Sequence[str], deployment: Deployment) -> Iterator[tuple[str | None, Parsed]]:
    """Read the exhibits held, and take in and read the vendors' own pages of results."""
    known = _vendors(deployment)
    for month in months:
        made = Parsed()
        for exhibit in deployment.lake.rows("filing_documents", month=month):
            if exhibit["sha256"] is not None and filing_index.is_wanted(exhibit["document_type"]):
                _read_release(exhibit["url"], known[exhibit["vendor"]], deployment, made, exhibit=exhibit)
        pages = {
            url: known[filing["vendor"]]
            for filing in deployment.lake.rows("filings", month=month)
            if (url := newsrooms.release_url(filing, known[filing["vendor"]])) is not None
        }
        for url, vendor in pages.items():
            if deployment.sources.answers(url):
                deployment.take_in(url, source=newsrooms.SOURCE, problems=made.problems)
                _read_release(url, vendor, deployment, made, month=month)
        yield month, made


@whole_table(deps=[], pool="fred.stlouisfed.org")
def reference_rates(deployment: Deployment) -> Parsed:
    """Take in the daily rates of exchange of the currencies in which vendors report."""
    made = Parsed()
    for series in rates.SERIES:
        if not deployment.sources.answers(series.url):
            continue
        deployment.take_in(series.url, source=rates.SOURCE, problems=made.problems)

        def read(held: Document, series: rates.Series = series) -> Parsed:
            return rates.rates_of(held.body, series=series, sha256=held.sha256)

        found = deployment.newest_readable(series.url, read, made.problems)
        if found is not None:
            made.rows.extend(found.rows)
            made.problems.extend(found.problems)
    return made


@whole_table(deps=["reference_rates"])
def curated_figures(deployment: Deployment) -> Parsed:
    """Read the reviewed figures of makers that do not file with the SEC."""
    return curated.curated_figures(curated.load(), _rates(deployment))


@whole_table(deps=["facts", "reference_rates"])
def revenue_segments(deployment: Deployment) -> Parsed:
    """Revenue by segment, from all facts with dimensions."""
    return revenue.revenue_segments(deployment.lake.read("facts"), _vendors(deployment), rates=_rates(deployment))


@whole_table(deps=["facts", "reference_rates"])
def revenue_geography(deployment: Deployment) -> Parsed:
    """Revenue by geography, from all facts with dimensions."""
    return revenue.revenue_geography(deployment.lake.read("facts"), _vendors(deployment), rates=_rates(deployment))


@whole_table(deps=["filings", "facts", "revenue_segments", "revenue_geography", "reference_rates", "curated_figures"])
def vendor_quarters(deployment: Deployment) -> Parsed:
    """Discrete quarters, every version of them; a vendor whose reports stopped coming is told here."""
    lake = deployment.lake
    made = quarters.vendor_quarters(
        lake.read("facts"),
        lake.rows("revenue_segments"),
        lake.rows("revenue_geography"),
        _vendors(deployment),
        _rates(deployment),
        curated=lake.rows("curated_figures"),
    )
    made.problems.extend(silent(lake.rows("filings"), deployment.sources.now().date()))
    return made


@whole_table(deps=["vendor_releases", "vendor_quarters"])
def release_reconciliation(deployment: Deployment) -> Parsed:
    """What releases say, beside the filings that follow."""
    return reconciled(deployment.lake.rows("vendor_releases"), deployment.lake.rows("vendor_quarters"))


def _read_release(
    url: str,
    vendor: Vendor,
    deployment: Deployment,
    made: Parsed,
    *,
    exhibit: Row | None = None,
    month: str | None = None,
) -> None:
    """Add what a release says: an exhibit, which is of its filing's day, or a page with a date of its own."""
    source = SOURCE if exhibit else newsrooms.SOURCE

    def read(held: Document) -> Parsed:
        return releases.releases_of(
            held.body,
            vendor=vendor,
            document=url,
            source=source,
            sha256=held.sha256,
            published=exhibit["filing_date"] if exhibit else None,
        )

    found = deployment.newest_readable(url, read, made.problems)
    if found is None:
        return
    made.problems.extend(found.problems)
    for row in found.rows:
        if month is not None and row["month"] != month:
            reason = f"bears the date {row['known_from']}, but was looked for by a filing of {month}"
            made.problems.append(SourceError(source, url, row["place"], reason))
            return
        made.rows.append(row | {"accession_number": exhibit["accession_number"] if exhibit else None})


def _rates(deployment: Deployment) -> Rates:
    return Rates(deployment.lake.rows("reference_rates"))


def _vendors(deployment: Deployment) -> Mapping[str, Vendor]:
    return vendors.load(ROOT / deployment.settings.vendors)


def _filers(deployment: Deployment) -> Mapping[str, Vendor]:
    """The vendors whose filings can be asked for.

    A folder of documents is about some vendors only: one of whom it holds nothing at all is no loss, and left out. Had
    there been rows of it, their loss is found when the month is written.
    """
    sources = deployment.sources

    def is_there(cik: int) -> bool:
        indexes = (edgar.submissions_url(cik), edgar.companyfacts_url(cik))
        return any(map(sources.answers, indexes)) or sources.may_hold_below(edgar.filings_folder_url(cik))

    filers = vendors.filers(_vendors(deployment))
    return {slug: vendor for slug, vendor in filers.items() if is_there(vendor.filer_cik)}


def _filings_of(vendor: Vendor, deployment: Deployment, problems: list[SourceError]) -> list[Row]:
    url = edgar.submissions_url(vendor.filer_cik)
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


def _with_primary_document(filing: Row, deployment: Deployment, problems: list[SourceError]) -> Row:
    """Take in a filing's primary document; its sha256 goes into the row."""
    url = filing["primary_document_url"]
    if not url or not deployment.sources.answers(url):
        return filing
    held = deployment.take_in(url, source=SOURCE, problems=problems)
    return {**filing, "primary_sha256": held.sha256 if held else None}


def _documents_of(filing: Row, deployment: Deployment, problems: list[SourceError]) -> list[Row]:
    """The documents a filing's page lists, with the sha256 of the exhibits taken in."""
    url = edgar.index_url(filing["cik"], filing["accession_number"])
    if not deployment.sources.answers(url):
        return []
    deployment.take_in(url, source=SOURCE, problems=problems)

    def read(held: Document) -> Parsed:
        return filing_index.documents_of(held.body, filing=filing, document=url, sha256=held.sha256)

    found = deployment.newest_readable(url, read, problems)
    if found is None:
        return []
    problems += found.problems
    return [_with_exhibit(row, deployment, problems) for row in found.rows]


def _with_exhibit(row: Row, deployment: Deployment, problems: list[SourceError]) -> Row:
    if not filing_index.is_wanted(row["document_type"]) or not deployment.sources.answers(row["url"]):
        return row
    held = deployment.take_in(row["url"], source=SOURCE, problems=problems)
    return {**row, "sha256": held.sha256 if held else None}


def _companyfacts(vendor: Vendor, deployment: Deployment, problems: list[SourceError]) -> pa.Table | None:
    url = edgar.companyfacts_url(vendor.filer_cik)
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

    found = deployment.newest_readable(url, read, problems)
    if found is None:
        return []
    problems += found.problems
    return [found.table]
