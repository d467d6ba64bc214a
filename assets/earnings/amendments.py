"""Which filing an amendment amends.

EDGAR's lists do not say it. An amendment bears the form of what it amends with ``/A``, and the same period of report;
for a current report that is the day of the event, on which a company may have filed several: then the items decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assets.earnings.edgar import SOURCE
from resources.documents import Parsed, Row, SourceError

_EXHIBITS_ITEM = "9.01"
"""Financial statements and exhibits: nearly every current report has it, so it tells none from another."""


def linked(filings: Sequence[Row]) -> dict[str, Parsed]:
    """Fill ``amends_accession_number`` of the amendments among a list's filings.

    Args:
        filings: rows of the table ``filings``: all of the vendors' that are known, whatever their month.

    Returns:
        By month, its rows in the order given, and as problems the amendments whose original is not among the filings
        or cannot be told from another. Of several originals none is taken: a wrong link is worse than none.
    """
    originals: dict[tuple[object, ...], list[Row]] = {}
    for filing in filings:
        if filing["amends_form"] is None:
            originals.setdefault((filing["vendor"], filing["form"], filing["report_date"]), []).append(filing)
    by_month: dict[str, Parsed] = {}
    for filing in filings:
        of_month = by_month.setdefault(filing["month"], Parsed())
        if filing["amends_form"] is None:
            of_month.rows.append(filing)
            continue
        key = (filing["vendor"], filing["amends_form"], filing["report_date"])
        found = _narrowed(filing, originals.get(key, ()))
        amended = found[0]["accession_number"] if len(found) == 1 else None
        of_month.rows.append({**filing, "amends_accession_number": amended})
        if amended is None:
            of_month.problems.append(_unlinked(filing, found))
    return by_month


def _narrowed(amendment: Row, originals: Iterable[Row]) -> list[Row]:
    """Originals that were there before the amendment and, where several were, share an item with it."""
    earlier = [original for original in originals if _came_before(original, amendment)]
    items = set(amendment["items"]) - {_EXHIBITS_ITEM}
    sharing = [original for original in earlier if not items.isdisjoint(original["items"])]
    return sharing if len(earlier) > 1 and sharing else earlier


def _came_before(original: Row, amendment: Row) -> bool:
    if original["filing_date"] != amendment["filing_date"]:
        return bool(original["filing_date"] < amendment["filing_date"])
    moments = (original["accepted_at"], amendment["accepted_at"])
    return None in moments or moments[0] <= moments[1]


def _unlinked(amendment: Row, found: Sequence[Row]) -> SourceError:
    form, period = amendment["amends_form"], amendment["report_date"]
    which = " or ".join(original["accession_number"] for original in found)
    what = f"may amend {which}" if found else f"no earlier {form} for {period} is listed"
    return SourceError(
        SOURCE,
        amendment["accession_number"],
        f"form {amendment['form']}",
        f"{what}: what it amends is left open",
        remedy="" if found else "the original may have been filed before the first month of intake",
    )
