"""EDGAR's page of one filing as rows of the table ``filing_documents``.

The page (``…-index.html``) has a table of the documents a person reads, each with its number, description, name, type
and size, and one of data files (XBRL), which is not read here: their facts come from the filing itself and from
companyfacts. The complete submission, which stands below the documents without a number, is left out.
"""

from __future__ import annotations

import re

from lxml import etree, html

from assets.earnings.edgar import SOURCE, WWW
from resources.documents import Parsed, Row, SourceError

_TABLE = "Document Format Files"
_HEADS = ("Seq", "Description", "Document", "Type", "Size")
_VIEWER = "/ix?doc="
"""What stands before the address of a document with inline XBRL: the page opens it in EDGAR's viewer."""

_EXHIBIT = re.compile(r"EX-99(?:\.0?[12])?")


def is_wanted(document_type: str) -> bool:
    """Whether a document's type is that of an exhibit worth taking in: 99.1 and 99.2, or an unnumbered 99."""
    return _EXHIBIT.fullmatch(document_type) is not None


def documents_of(body: bytes, *, filing: Row, document: str, sha256: str) -> Parsed:
    """Read the documents of a filing from its page.

    Args:
        body: the page as received.
        filing: the row of the table ``filings`` it is about.
        document: its address, for messages.
        sha256: of ``body``, for provenance.

    Returns:
        One row per document, as the contract ``filing_documents`` has it, with ``sha256`` empty: the caller fills it
        where the document is held. A line that cannot be read safely is among the problems.

    Raises:
        SourceError: it is not such a page, or that of another filing.
    """
    page = _page(body, document)
    if filing["accession_number"] not in " ".join(page.xpath("//title//text()")):
        raise _refused(document, "title", f"not the page of {filing['accession_number']}")
    tables = page.xpath("//table[@summary=$name]", name=_TABLE)
    if len(tables) != 1:
        raise _refused(document, "", f"{len(tables)} tables {_TABLE!r} instead of one")
    lines = tables[0].xpath(".//tr")
    heads = tuple(_text(cell) for cell in lines[0].xpath("./th")) if lines else ()
    if heads != _HEADS:
        raise _refused(document, _TABLE, f"columns {heads} instead of {_HEADS}")
    rows: dict[int, Row] = {}
    problems: list[SourceError] = []
    for line in lines[1:]:
        place = f"{_TABLE}, line {line.sourceline}"
        try:
            row = _row(line, filing, sha256)
            if row is not None and rows.setdefault(row["sequence"], row) is not row:
                raise ValueError(f"two documents bear the number {row['sequence']}")
        except ValueError as error:
            problems.append(_refused(document, place, str(error)))
    if not rows and not problems:
        raise _refused(document, _TABLE, "no document is listed")
    return Parsed(list(rows.values()), problems)


def _page(body: bytes, document: str) -> html.HtmlElement:
    try:
        return html.document_fromstring(body, parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise _refused(document, "", f"no page: {error}") from error


def _row(line: html.HtmlElement, filing: Row, sha256: str) -> Row | None:
    cells = line.xpath("./td")
    if len(cells) != len(_HEADS):
        raise ValueError(f"{len(cells)} cells instead of {len(_HEADS)}")
    sequence, description, _, document_type, size = (_text(cell) for cell in cells)
    if not sequence and not document_type:
        return None  # the complete submission
    links = cells[2].xpath(".//a/@href")
    path = links[0].removeprefix(_VIEWER) if len(links) == 1 else ""
    folder = filing["accession_number"].replace("-", "")
    if not re.fullmatch(rf"/Archives/edgar/data/\d+/{folder}/[^/\s]+", path):
        raise ValueError(f"document {sequence!r} has no address in the filing: {links}")
    if not sequence.isdecimal() or not document_type:
        raise ValueError(f"document {path} has the number {sequence!r} and the type {document_type!r}")
    return {
        "accession_number": filing["accession_number"],
        "sequence": int(sequence),
        "vendor": filing["vendor"],
        "filing_date": filing["filing_date"],
        "month": filing["month"],
        "document_type": document_type,
        "description": description,
        "url": f"{WWW}{path}",
        "size_bytes": int(size) if size.isdecimal() else None,
        "sha256": None,
        "source_sha256": sha256,
    }


def _text(cell: html.HtmlElement) -> str:
    return " ".join(cell.text_content().split())


def _refused(document: str, place: str, reason: str) -> SourceError:
    return SourceError(SOURCE, document, place, reason, remedy="fetch it again; if it stays so, EDGAR changed the page")
