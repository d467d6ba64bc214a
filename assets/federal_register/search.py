"""The search of the Federal Register's API v1: its addresses, its pages, and a whole month put together from them.

Reference: https://www.federalregister.gov/developers/documentation/api/v1 (``GET /documents.json``). The API serves at
most 10,000 results of a search and caps the count it reports there, so a search covers one month of one agency.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from assets.federal_register.full_text import SOURCE, document_number
from resources.documents import SourceError, read_json

AGENCY: Final = "industry-and-security-bureau"
PER_PAGE: Final = 200
RESULT_CAP: Final = 10_000
"""The count the API reports never exceeds this, nor are more results served."""

FIELDS: Final = (
    "abstract",
    "action",
    "agencies",
    "cfr_references",
    "citation",
    "comments_close_on",
    "correction_of",
    "dates",
    "docket_ids",
    "document_number",
    "effective_on",
    "full_text_xml_url",
    "html_url",
    "publication_date",
    "regulation_id_numbers",
    "title",
    "type",
)


@dataclass(frozen=True)
class SearchPage:
    """One page of a search, as the API answered it.

    Attributes:
        document: the page's address, for messages.
        count: how many documents the search found, all pages together.
        total_pages: how many pages there are; ``None`` where the source does not say.
        next_page_url: address of the next page; ``None`` on the last.
        results: the documents of this page, as they came.
    """

    document: str
    count: int
    total_pages: int | None
    next_page_url: str | None
    results: list[Any]


@dataclass(frozen=True)
class Listing:
    """A month's documents as the API describes them, and those entries that cannot be identified."""

    results: list[dict[str, Any]] = field(default_factory=list)
    problems: list[SourceError] = field(default_factory=list)


def search_url(base: str, month: str, page: int = 1, *, agency: str = AGENCY, per_page: int = PER_PAGE) -> str:
    """Return the address of one page of a month's documents, oldest first.

    Args:
        base: the register's address, e.g. ``https://www.federalregister.gov``.
        month: ``YYYY-MM``, the month of publication.
        page: from 1.
        agency: slug of the publishing agency.
        per_page: results on a page, at most 1,000.
    """
    first, last = month_bounds(month)
    query = [
        ("conditions[agencies][]", agency),
        ("conditions[publication_date][gte]", first.isoformat()),
        ("conditions[publication_date][lte]", last.isoformat()),
        ("order", "oldest"),
        ("per_page", str(per_page)),
        ("page", str(page)),
        *(("fields[]", name) for name in FIELDS),
    ]
    return f"{base.rstrip('/')}/api/v1/documents.json?{urlencode(query)}"


def month_bounds(month: str) -> tuple[date, date]:
    """Return the first and last day of a month ``YYYY-MM``."""
    first = date.fromisoformat(f"{month}-01")
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def parse_page(body: bytes, *, document: str) -> SearchPage:
    """Read one page of a search.

    Raises:
        SourceError: (``is_index``) the body is empty, an HTML page, not JSON, or without ``count`` or ``results``.
    """
    page = read_json(body, partial(_broken, document))
    if not isinstance(page, dict):
        raise _broken(document, "$", f"a JSON {type(page).__name__} instead of an object")
    count, results = page.get("count"), page.get("results")
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise _broken(document, "$.count", f"no count of documents: {count!r}")
    # A search without a result has no list of them.
    if results is None and count == 0:
        results = []
    if not isinstance(results, list):
        raise _broken(document, "$.results", "no list of results")
    pages, following = page.get("total_pages"), page.get("next_page_url")
    if pages is not None and (isinstance(pages, bool) or not isinstance(pages, int)):
        raise _broken(document, "$.total_pages", f"not a number of pages: {pages!r}")
    if following is not None and not isinstance(following, str):
        raise _broken(document, "$.next_page_url", f"not an address: {following!r}")
    return SearchPage(document, count, pages, following or None, results)


def month_documents(pages: Sequence[SearchPage], month: str) -> Listing:
    """Put the pages of one month's search together, by publication date and document number.

    Returns:
        The documents' API entries, each with a number (its dashes and blanks plain) and a publication date; an entry
        without either is a problem of its own and the rest is kept.

    Raises:
        SourceError: (``is_index``) there is no page or the last one is not reached, the pages contradict each other or
            their count, the API's cap is reached, a document comes twice with different content, or one lies outside
            of the month.
    """
    if not pages:
        raise _broken(f"search of {month}", "", "no page")
    first, last = pages[0], pages[-1]
    if counts := {page.count for page in pages} - {first.count}:
        raise _broken(first.document, "$.count", f"pages count {first.count} and {sorted(counts)} documents")
    if first.count >= RESULT_CAP:
        raise _broken(
            first.document, "$.count", f"the API serves at most {RESULT_CAP} results", remedy="search shorter periods"
        )
    if last.next_page_url is not None:
        raise _broken(last.document, "$.next_page_url", "there are more pages than were read")
    begin, end = month_bounds(month)
    kept: dict[tuple[str, date], dict[str, Any]] = {}
    problems: list[SourceError] = []
    for page in pages:
        for position, result in enumerate(page.results):
            where = f"$.results[{position}]"
            try:
                key = _identity(result, page.document, where)
            except SourceError as problem:
                problems.append(problem)
                continue
            if not begin <= key[1] <= end:
                raise _broken(page.document, where, f"{key[0]} of {key[1]} does not belong to {month}")
            plain = {**result, "document_number": key[0]}
            if key in kept and kept[key] != plain:
                raise _broken(page.document, where, f"{key[0]} of {key[1]} comes twice with different content")
            kept[key] = plain
    found = len(kept) + len(problems)
    if found != first.count:
        raise _broken(
            first.document, "$.count", f"{first.count} documents are announced and {found} came on {len(pages)} pages"
        )
    return Listing([kept[key] for key in sorted(kept, key=lambda key: (key[1], key[0]))], problems)


def _identity(result: Any, document: str, where: str) -> tuple[str, date]:
    if not isinstance(result, dict):
        raise SourceError(SOURCE, document, where, f"an entry that is no object: {result!r:.80}")
    number, day = result.get("document_number"), result.get("publication_date")
    title = str(result.get("title"))[:80]
    if not isinstance(number, str) or not number.strip():
        raise SourceError(SOURCE, document, where, f"an entry without document_number: {title}")
    plain = document_number(number)
    if plain is None:
        raise SourceError(SOURCE, number.strip(), where, f"not a document number but {number!r:.80}: {title}")
    try:
        # Only the API's own form: Python would take other writings of a date as well.
        return plain, datetime.strptime(day if isinstance(day, str) else "", "%Y-%m-%d").date()  # noqa: DTZ007
    except ValueError as error:
        raise SourceError(SOURCE, plain, where, f"no publication_date but {day!r:.80}: {title}") from error


def _broken(document: str, where: str, reason: str, *, remedy: str = "") -> SourceError:
    remedy = remedy or "run the month again; if it stays, compare with the search page of federalregister.gov"
    return SourceError(SOURCE, document, where, reason, remedy=remedy, is_index=True)
