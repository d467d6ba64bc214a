"""EDGAR's list of a filer's filings (submissions JSON) as rows of the table ``filings``.

The document holds columns side by side (``filings.recent``); filings beyond about a thousand stand in older pages,
named under ``filings.files``, which are such columns alone. Forms outside :data:`FORMS` are not in scope. Columns that
the table has no place for (``act``, ``fileNumber``, ``filmNumber``, ``core_type``, ``size``, ``isXBRL``,
``primaryDocDescription``) are ignored.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import orjson

from assets.earnings.edgar import ACCESSION_NUMBER, SOURCE, document_url, submissions_page_url
from assets.earnings.vendors import Vendor
from resources.documents import Parsed, Row, SourceError

ORIGINAL_FORMS = ("10-K", "10-Q", "8-K", "20-F", "6-K")
FORMS = frozenset(ORIGINAL_FORMS) | {f"{form}/A" for form in ORIGINAL_FORMS}
"""Annual, quarterly and current reports of domestic and foreign filers, and their amendments."""

_COLUMNS = (
    "accessionNumber",
    "filingDate",
    "reportDate",
    "acceptanceDateTime",
    "form",
    "items",
    "primaryDocument",
    "isInlineXBRL",
)


def filings_of(body: bytes, *, vendor: Vendor, document: str, sha256: str) -> Parsed:
    """Read the filings in scope from a submissions document or one of its older pages.

    Args:
        body: the JSON as received.
        vendor: the filer.
        document: its address, for messages.
        sha256: of ``body``, for provenance.

    Returns:
        One row per filing of all months, as the contract ``filings`` has it, with ``primary_sha256`` and
        ``amends_accession_number`` empty: the caller fills them, where the document is held and by
        :mod:`assets.earnings.amendments`. A filing that cannot be read safely is among the problems.

    Raises:
        SourceError: the body is not such a document, belongs to another filer, or its columns cannot be laid side by
            side; always with ``is_index``.
    """
    columns = _columns(_json(body, document), vendor, document)
    rows: dict[str, Row] = {}
    problems: list[SourceError] = []
    for index, cells in enumerate(zip(*(columns[name] for name in _COLUMNS), strict=True)):
        cell = dict(zip(_COLUMNS, cells, strict=True))
        form = cell["form"]
        if isinstance(form, str) and form and form not in FORMS:
            continue
        try:
            row = _row(cell, vendor, sha256)
        except ValueError as error:
            problems.append(SourceError(SOURCE, document, f"filings.recent[{index}]", str(error)))
            continue
        accession_number = row["accession_number"]
        if rows.setdefault(accession_number, row) != row:
            reason = f"{accession_number} is listed twice, differently; the first is kept"
            problems.append(SourceError(SOURCE, document, f"filings.recent[{index}]", reason))
    return Parsed(list(rows.values()), problems)


def older_pages(body: bytes, *, document: str, since: date | None = None) -> list[str]:
    """Addresses of the older pages a submissions document names, newest first as listed.

    Args:
        body: the JSON as received.
        document: its address, for messages.
        since: leave out pages whose filings all precede this day.

    Raises:
        SourceError: the body is not a submissions document, or a page lacks its name or dates (``is_index``).
    """
    filings = _json(body, document).get("filings")
    pages = filings.get("files") if isinstance(filings, dict) else None
    if not isinstance(pages, list):
        raise _unusable(document, "filings.files", "no list of older pages")
    urls = []
    for index, page in enumerate(pages):
        try:
            name, to = page["name"], date.fromisoformat(page["filingTo"])
        except (TypeError, KeyError, ValueError) as error:
            raise _unusable(
                document, f"filings.files[{index}]", f"an older page without name or dates: {error!r}"
            ) from error
        if since is None or to >= since:
            urls.append(submissions_page_url(name))
    return urls


def _json(body: bytes, document: str) -> dict[str, Any]:
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        start = body[:40].decode("utf-8", "replace")
        place = f"line {error.lineno}, column {error.colno}"
        raise _unusable(document, place, f"not JSON ({error.msg}); it begins with {start!r}") from error
    if not isinstance(data, dict):
        raise _unusable(document, "", f"a JSON object was expected, not {type(data).__name__}")
    return data


def _columns(data: dict[str, Any], vendor: Vendor, document: str) -> dict[str, list[Any]]:
    if "filings" in data:
        if str(data.get("cik", "")).lstrip("0") != str(vendor.cik):
            raise _unusable(document, "cik", f"belongs to CIK {data.get('cik')!r}, not to {vendor.slug} ({vendor.cik})")
        columns = data["filings"].get("recent") if isinstance(data["filings"], dict) else None
        place = "filings.recent"
    else:
        columns, place = data, ""
    if not isinstance(columns, dict):
        raise _unusable(document, place, "no columns of filings")
    if missing := [name for name in _COLUMNS if not isinstance(columns.get(name), list)]:
        raise _unusable(document, place, f"columns missing: {', '.join(missing)}")
    lengths = {name: len(columns[name]) for name in _COLUMNS}
    if len(set(lengths.values())) > 1:
        raise _unusable(document, place, f"columns of unequal length cannot be laid side by side: {lengths}")
    return columns


def _row(cell: dict[str, Any], vendor: Vendor, sha256: str) -> Row:
    accession_number, form = cell["accessionNumber"], cell["form"]
    if not isinstance(accession_number, str) or not ACCESSION_NUMBER.fullmatch(accession_number):
        raise ValueError(f"no accession number: {accession_number!r} (form {form!r}, filed {cell['filingDate']!r})")
    if not isinstance(form, str) or not form:
        raise ValueError(f"{accession_number}: no form")
    filing_date = _date(cell["filingDate"], f"{accession_number}: filing date")
    if filing_date is None:
        raise ValueError(f"{accession_number}: no filing date")
    name = cell["primaryDocument"]
    if not isinstance(name, str | None):
        raise ValueError(f"{accession_number}: the primary document {name!r} is not a name")
    return {
        "accession_number": accession_number,
        "vendor": vendor.slug,
        "cik": vendor.cik,
        "form": form,
        "filing_date": filing_date,
        "month": filing_date.isoformat()[:7],
        "report_date": _date(cell["reportDate"], f"{accession_number}: report date"),
        "accepted_at": _moment(cell["acceptanceDateTime"], f"{accession_number}: acceptance"),
        "items": [item.strip() for item in str(cell["items"] or "").split(",") if item.strip()],
        "primary_document_url": document_url(vendor.filer_cik, accession_number, name) if name else None,
        "is_inline_xbrl": bool(cell["isInlineXBRL"]),
        "amends_form": form.removesuffix("/A") if form.endswith("/A") else None,
        "amends_accession_number": None,
        "primary_sha256": None,
        "source_sha256": sha256,
    }


def _date(text: Any, what: str) -> date | None:
    if text in ("", None):
        return None
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{what} {text!r} is not a date") from error


def _moment(text: Any, what: str) -> datetime | None:
    if text in ("", None):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{what} {text!r} is not a time") from error
    if moment.tzinfo is None:
        raise ValueError(f"{what} {text!r} does not say in which zone")
    return moment


def _unusable(document: str, place: str, reason: str) -> SourceError:
    return SourceError(
        SOURCE,
        document,
        place,
        reason,
        remedy="fetch it again; if it stays so, EDGAR changed the format",
        is_index=True,
    )
