"""Vendors whose reports have stopped coming."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from assets.earnings.edgar import SOURCE
from assets.earnings.submissions import ORIGINAL_FORMS
from resources.documents import Row, SourceError

_CURRENT = "8-K"

# Reports on a quarter come within 40 days of its end, the annual one within 60 to 120: after half a year and a month
# from the last one two quarters have gone unreported.
_TWO_QUARTERS = timedelta(days=2 * 91 + 30)


def silent(filings: Iterable[Row], today: date) -> list[SourceError]:
    """Vendors with no annual, quarterly or foreign report in two quarters, one problem for each.

    Args:
        filings: rows of ``filings``, all months. A vendor without any is not among them: its list is missing, which is
            reported where it was asked for.
        today: the day on which it is asked.
    """
    forms = {form for form in ORIGINAL_FORMS if form != _CURRENT}
    newest: dict[str, Row] = {}
    for row in filings:
        if row["form"] in forms:
            other = newest.setdefault(row["vendor"], row)
            if (row["filing_date"], row["accession_number"]) > (other["filing_date"], other["accession_number"]):
                newest[row["vendor"]] = row
    return [
        SourceError(
            SOURCE,
            last["accession_number"],
            f"{vendor} since {last['filing_date']}",
            f"no filing in two quarters: the last report of {vendor} is the {last['form']} of {last['filing_date']} "
            f"for the period to {last['report_date']}, {(today - last['filing_date']).days} days before {today}",
            remedy="look whether the vendor still files, under which CIK, and whether its submissions are whole",
        )
        for vendor, last in sorted(newest.items())
        if today - last["filing_date"] > _TWO_QUARTERS
    ]
