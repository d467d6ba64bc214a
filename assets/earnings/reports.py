"""What of a filing is worth reading, and for what."""

from typing import Final

from resources.documents import Row

CURRENT_REPORTS: Final = frozenset({"8-K", "8-K/A"})
PERIODIC_REPORTS: Final = frozenset({"10-K", "10-K/A", "10-Q", "10-Q/A"})
_ANNUAL_ABROAD: Final = frozenset({"20-F", "20-F/A"})
_ABROAD: Final = frozenset({"6-K", "6-K/A"})
_ITEMS: Final = frozenset({"2.02", "2.05", "2.06", "7.01", "8.01"})


def has_figures(filing: Row) -> bool:
    """Whether a filing's primary document has its figures as inline XBRL."""
    return bool(filing["form"] in PERIODIC_REPORTS | _ANNUAL_ABROAD and filing["is_inline_xbrl"])


def may_report(filing: Row) -> bool:
    """Whether a filing's primary document may tell of an export-control letter or license.

    Current reports of the items under which such letters are reported (2.02, 2.05, 2.06, 7.01, 8.01) or whose items
    EDGAR does not give, and annual and quarterly reports.
    """
    if filing["form"] in CURRENT_REPORTS:
        return not filing["items"] or not _ITEMS.isdisjoint(filing["items"])
    return filing["form"] in PERIODIC_REPORTS


def has_exhibits(filing: Row) -> bool:
    """Whether a filing's exhibits may be a release or its commentary.

    Current reports that may tell of results or letters (see :func:`may_report`), and reports of foreign filers, whose
    primary document is often a cover and whose items EDGAR does not have.
    """
    return filing["form"] in _ABROAD or (filing["form"] in CURRENT_REPORTS and may_report(filing))
