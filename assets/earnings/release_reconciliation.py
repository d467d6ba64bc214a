"""Releases beside the filings that follow: rows of the table ``release_reconciliation``."""

from __future__ import annotations

from collections.abc import Iterable

from assets.earnings.views import first_reported
from resources.documents import Parsed, Row

# A derived quarter is a difference of windows that are each rounded to the million.
_DERIVED_ROUNDING = 1_000_000


def reconciled(releases: Iterable[Row], quarters: Iterable[Row]) -> Parsed:
    """Compare each amount of a release with the quarter as first reported.

    Args:
        releases: rows of ``vendor_releases``.
        quarters: rows of ``vendor_quarters``, all versions.
    """
    filed = {_key(row): row for row in first_reported(quarters)}
    return Parsed([_row(release, filed.get(_key(release))) for release in releases])


def _key(row: Row) -> tuple[str, str, int, int]:
    return row["vendor"], row["measure"], row["fiscal_year"], row["fiscal_quarter"]


def _row(release: Row, filed: Row | None) -> Row:
    comparable = filed is not None and filed["currency"] == release["currency"]
    value = int(filed["value"]) if filed is not None and comparable else None
    return {
        name: release[name]
        for name in (
            "document",
            "kind",
            "measure",
            "stated_in",
            "vendor",
            "fiscal_year",
            "fiscal_quarter",
            "currency",
            "rounded_to",
            "low",
            "high",
        )
    } | {
        "released_value": release["value"],
        "released_on": release["known_from"],
        "filed_value": value,
        "filed_derivation": filed["derivation"] if filed else None,
        "filed_accession_number": filed["accession_number"] if filed else None,
        "filed_on": filed["known_from"] if filed else None,
        "difference": None if value is None else value - release["value"],
        "status": _status(release, filed, value),
    }


def _status(release: Row, filed: Row | None, value: int | None) -> str:
    if filed is None:
        return "not_filed"
    if value is None:
        return "other_currency"
    if release["kind"] == "expected":
        if value > release["high"]:
            return "above"
        return "below" if value < release["low"] else "within"
    allowed = release["rounded_to"] / 2 + (_DERIVED_ROUNDING if filed["derivation"] == "derived" else 0)
    return "agrees" if abs(value - release["value"]) <= allowed else "differs"
