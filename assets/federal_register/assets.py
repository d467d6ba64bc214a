"""The tables of the Federal Register: documents month by month, and their amendatory instructions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from assets.federal_register import search
from assets.federal_register.amendments import amendments
from assets.federal_register.document import document_row
from assets.federal_register.full_text import SOURCE, parse
from assets.table import monthly_table
from resources.archive import Document
from resources.deployment import Deployment
from resources.documents import Parsed, Row, SourceError, TransientSourceError

FullTextReader = Callable[..., Parsed]
"""Takes a full text's bytes, and ``document_number``, ``publication_date`` and ``source_sha256`` by name."""

BASE = "https://www.federalregister.gov"
_NAMED = 20  # of the documents without a full text, in one problem


@monthly_table(pool="federalregister.gov", lists_source=True)
def fr_documents(months: Sequence[str], deployment: Deployment) -> Iterator[tuple[str, Parsed]]:
    """Search each month through the API and take in the full texts."""
    for month in months:
        rows: list[Row] = []
        problems: list[SourceError] = []
        listing = _listing(month, deployment, problems)
        for entry in listing:
            xml, sha256 = _full_text(entry, deployment, problems)
            try:
                parsed = document_row(entry, xml, sha256)
            except SourceError as error:
                problems.append(error)
                continue
            rows += parsed.rows
            problems += parsed.problems
        yield month, Parsed(rows, [*problems, *_without_full_text(month, rows)])


@monthly_table(deps=["fr_documents"])
def fr_amendments(months: Sequence[str], deployment: Deployment) -> Iterator[tuple[str, Parsed]]:
    """Read the instructions of each document whose full text is held."""
    for month in months:
        yield month, read_full_texts(month, deployment, amendments)


def read_full_texts(month: str, deployment: Deployment, read: FullTextReader) -> Parsed:
    """Apply a reader to the full text of each document of a month; a text that cannot be read loses only itself."""
    rows: list[Row] = []
    problems: list[SourceError] = []
    for document in deployment.lake.rows("fr_documents", month=month):
        if document["xml_sha256"] is None:
            continue
        try:
            parsed = read(
                deployment.archive.read(document["xml_sha256"]),
                document_number=document["document_number"],
                publication_date=document["publication_date"],
                source_sha256=document["xml_sha256"],
            )
        except SourceError as error:
            problems.append(error)
            continue
        rows += parsed.rows
        problems += parsed.problems
    return Parsed(rows, problems)


def _without_full_text(month: str, rows: Sequence[Row]) -> list[SourceError]:
    """Report the documents of a month for which the source names no full text, in one problem: they may be many."""
    lacking = [row["document_number"] for row in rows if row["full_text_xml_url"] is None]
    if not lacking:
        return []
    named = ", ".join(lacking[:_NAMED]) + (", …" if len(lacking) > _NAMED else "")
    reason = (
        f"no full text is named for {len(lacking)} of {len(rows)} documents; what they amend is in no table: {named}"
    )
    remedy = (
        "of a folder: put the texts into it and their addresses into its list (full_text_xml_url); of the live source: "
        "take the month in again later"
    )
    return [SourceError(SOURCE, f"documents of {month}", "$.full_text_xml_url", reason, remedy=remedy)]


def _listing(month: str, deployment: Deployment, problems: list[SourceError]) -> list[Row]:
    """Entries of the month's search; where it cannot be trusted, none, and the reason among the problems."""
    pages: list[search.SearchPage] = []
    try:
        while not pages or pages[-1].next_page_url:
            url = search.search_url(BASE, month, len(pages) + 1, agency=deployment.settings.federal_register_agency)
            pages.append(search.parse_page(deployment.take_in_index(url, source=SOURCE).body, document=url))
        listing = search.month_documents(pages, month)
    except TransientSourceError:
        raise
    except SourceError as error:
        problems.append(error)
        return []
    problems += listing.problems
    return listing.results


def _full_text(
    entry: Row, deployment: Deployment, problems: list[SourceError]
) -> tuple[bytes, str] | tuple[None, None]:
    """The newest full text that is XML, and its sha256; what is wrong with a newer one is among the problems."""
    url = entry.get("full_text_xml_url")
    if not url or not isinstance(url, str):
        return None, None  # of another type than text: document_row reports it
    deployment.take_in(url, source=SOURCE, problems=problems)

    def read(held: Document) -> tuple[bytes, str]:
        parse(held.body, document=str(entry.get("document_number") or url))
        return held.body, held.sha256

    return deployment.newest_readable(url, read, problems) or (None, None)
