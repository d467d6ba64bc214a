"""What bad input gets: reports that stop coming, and lines that do not add up. Others are among test_quarters.py."""

from __future__ import annotations

from datetime import date
from typing import Any

from real_earnings import RealEarnings

from assets.earnings.additivity import misfits
from assets.earnings.silence import silent
from assets.earnings.stated import whole_company
from assets.earnings.vendors import Vendor
from resources.documents import Row

MILLION = 10**6
LAST = "0000002488-24-000012"


def filing(form: str, filed: date, accession_number: str = LAST) -> Row:
    return {
        "vendor": "amd",
        "form": form,
        "filing_date": filed,
        "report_date": date(2023, 12, 30),
        "accession_number": accession_number,
    }


def test_a_vendor_with_no_report_in_two_quarters_is_named() -> None:
    filings = [filing("10-Q", date(2023, 11, 1)), filing("10-K", date(2024, 1, 31)), filing("8-K", date(2024, 8, 1))]
    assert silent(filings, date(2024, 8, 30)) == []
    (problem,) = silent(filings, date(2024, 8, 31))
    assert problem.document == LAST
    assert problem.reason == (
        "no filing in two quarters: the last report of amd is the 10-K of 2024-01-31 for the period to 2023-12-30, "
        "213 days before 2024-08-31"
    )


def test_a_foreign_filers_quarterly_report_counts() -> None:
    assert silent([filing("20-F", date(2024, 4, 1)), filing("6-K", date(2024, 10, 17))], date(2025, 1, 1)) == []


def _misfits(real: RealEarnings, known: dict[str, Vendor], rows: list[Row]) -> list[Any]:
    return misfits(rows, whole_company(real.facts, known, []), MILLION)


def test_the_lines_of_every_real_filing_add_up(real: RealEarnings, known: dict[str, Vendor]) -> None:
    assert _misfits(real, known, [*real.segments.rows, *real.geography.rows]) == []


def test_a_lost_line_is_told_with_both_numbers(real: RealEarnings, known: dict[str, Vendor]) -> None:
    """10-K of AMD for 2023, segment note: 22,680 in total, of which Gaming 6,212."""
    rows = [row for row in real.segments.rows if row["accession_number"] == LAST and row["segment"] != "Gaming"]
    (problem,) = _misfits(real, known, rows)
    assert problem.document == LAST
    assert problem.reason == (
        "lines do not add up: amd revenue by segment over 2023-01-01/2023-12-30 is 16468000000 USD in 3 lines, "
        "eliminations counted, and 22680000000 USD in total; so do 2 other windows of the filing"
    )


def test_eliminations_count(real: RealEarnings, known: dict[str, Vendor]) -> None:
    """Sales between segments, in one of them and taken out again."""
    rows = [row for row in real.segments.rows if row["accession_number"] == LAST and row["axis"] == "segment"]
    between = [
        row | ({"revenue": row["revenue"] + 900 * MILLION} if row["segment"] == "Client" else {}) for row in rows
    ]
    taken_out = [
        row | {"segment": "Eliminations", "revenue": -900 * MILLION} for row in rows if row["segment"] == "Client"
    ]
    assert _misfits(real, known, [*between, *taken_out]) == []
    assert len(_misfits(real, known, between)) == 1


def test_a_parent_beside_its_children_is_counted_once(real: RealEarnings, known: dict[str, Vendor]) -> None:
    rows = [
        row
        for row in real.segments.rows
        if (row["accession_number"], row["axis"]) == ("0001045810-25-000230", "product")
    ]
    assert {"Data Center", "Compute", "Networking"} <= {row["segment"] for row in rows}
    assert _misfits(real, known, rows) == []
    assert len(_misfits(real, known, [row | {"parent_segment": None} for row in rows])) == 1


def test_a_rounding_is_no_misfit(real: RealEarnings, known: dict[str, Vendor]) -> None:
    rows = [row for row in real.segments.rows if row["accession_number"] == LAST and row["axis"] == "segment"]
    off = [row | ({"revenue": row["revenue"] + 2 * MILLION} if row["segment"] == "Gaming" else {}) for row in rows]
    assert _misfits(real, known, off) == []
