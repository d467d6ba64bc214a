"""A filer abroad: 20-F and 6-K, IFRS, another currency.

No such filing is among the real documents, so these are written by hand with TSMC's true revenue of 2023 and 2024, in
thousands of Taiwan dollars as its reports print it; accession numbers are made up.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import orjson
from inline_documents import HEAD, RESOURCES, context

from assets.earnings import amendments, companyfacts, edgar, inline_xbrl, submissions
from assets.earnings.facts import Facts
from assets.earnings.quarters import vendor_quarters
from assets.earnings.reports import has_exhibits, has_figures
from assets.earnings.vendors import Vendor

CIK = 1046179
ANNUAL = "0001046179-25-000020"
YEARS = {2023: 2_161_735_841_000, 2024: 2_894_307_699_000}
QUARTERS_OF_2024 = [592_644_201_000, 673_510_177_000, 759_692_143_000]
STARTS = [date(2024, 1, 1), date(2024, 4, 1), date(2024, 7, 1)]
ENDS = [date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30)]


def entry(start: str, end: str, value: int, *, number: str, form: str, filed: str) -> dict[str, Any]:
    return {
        "start": start,
        "end": end,
        "val": value,
        "accn": number,
        "form": form,
        "filed": filed,
        "fy": 2024,
        "fp": "FY",
    }


def stated(known: dict[str, Vendor], *entries: dict[str, Any], unit: str = "TWD") -> Facts:
    body = {
        "cik": CIK,
        "entityName": "TAIWAN SEMICONDUCTOR MANUFACTURING CO LTD",
        "facts": {"ifrs-full": {"Revenue": {"label": "Revenue", "units": {unit: list(entries)}}}},
    }
    return companyfacts.facts_of(orjson.dumps(body), vendor=known["tsmc"], document="companyfacts", sha256="a" * 64)


def of_20_f(known: dict[str, Vendor]) -> Facts:
    years = [
        entry(f"{year}-01-01", f"{year}-12-31", value, number=ANNUAL, form="20-F", filed="2025-04-17")
        for year, value in YEARS.items()
    ]
    return stated(known, *years)


def test_facts_keep_taxonomy_and_currency(known: dict[str, Vendor]) -> None:
    found = of_20_f(known)
    assert not found.problems
    assert [(row["concept"], row["unit"], row["form"], row["value"]) for row in found.table.to_pylist()] == [
        ("ifrs-full:Revenue", "TWD", "20-F", Decimal(value)) for value in YEARS.values()
    ]


def test_the_reports_own_facts_agree(known: dict[str, Vendor]) -> None:
    """The same revenue in the 20-F's inline XBRL, printed in thousands."""
    ifrs = 'xmlns:ifrs-full="https://xbrl.ifrs.org/taxonomy/2024-03-27/ifrs-full"'
    head = HEAD.replace("xmlns:nvda=", f"{ifrs} xmlns:nvda=")
    resources = RESOURCES.format(hidden="", contexts=context("c-1", period="2024-01-01/2024-12-31", cik=CIK))
    resources = resources.replace('id="usd"', 'id="twd"').replace("iso4217:USD", "iso4217:TWD", 1)
    fact = (
        '<table><tr><td>NET REVENUE</td><td><ix:nonFraction name="ifrs-full:Revenue" contextRef="c-1" unitRef="twd" '
        'decimals="-3" scale="3" format="ixt:num-dot-decimal" id="f-1">2,894,307,699</ix:nonFraction></td></tr></table>'
    )
    found = inline_xbrl.facts_of(
        f"{head}{resources}{fact}</body></html>".encode(),
        vendor=known["tsmc"],
        accession_number=ANNUAL,
        form="20-F",
        filed=date(2025, 4, 17),
        document="20-F",
        sha256="b" * 64,
    )
    assert not found.problems
    (inline,) = found.table.to_pylist()
    same = ("vendor", "accession_number", "concept", "period", "unit", "value")
    (of_companyfacts,) = [row for row in of_20_f(known).table.to_pylist() if row["period_end"].year == 2024]
    assert {name: inline[name] for name in same} == {name: of_companyfacts[name] for name in same}


def quarters(known: dict[str, Vendor], facts: Facts) -> tuple[list[dict[str, Any]], list[str]]:
    made = vendor_quarters(facts.table, [], [], known)
    return made.rows, [problem.reason for problem in made.problems]


def test_years_alone_give_no_quarter(known: dict[str, Vendor]) -> None:
    assert quarters(known, of_20_f(known)) == ([], [])


def with_quarters(known: dict[str, Vendor], unit: str = "TWD") -> Facts:
    entries = [
        entry(
            f"{start}",
            f"{end}",
            value,
            number=f"0001046179-24-00000{number}",
            form="6-K",
            filed=f"{end + timedelta(days=45)}",
        )
        for number, (value, start, end) in enumerate(zip(QUARTERS_OF_2024, STARTS, ENDS, strict=True), 1)
    ]
    annual = entry("2024-01-01", "2024-12-31", YEARS[2024], number=ANNUAL, form="20-F", filed="2025-04-17")
    return stated(known, *entries, annual, unit=unit)


def test_the_fourth_quarter_is_derived_in_the_reported_currency(known: dict[str, Vendor]) -> None:
    """2,894,307,699 less the three quarters: 868,461,178 thousand, as TSMC printed for 2024 Q4."""
    rows, _ = quarters(known, with_quarters(known))
    assert [(row["fiscal_quarter"], row["value"], row["currency"]) for row in rows] == [
        *((number, Decimal(value), "TWD") for number, value in enumerate(QUARTERS_OF_2024, 1)),
        (4, Decimal(868_461_178_000), "TWD"),
    ]
    assert [row["derivation"] for row in rows] == ["reported"] * 3 + ["derived"]


def test_no_amount_in_another_currency_passes_for_dollars(known: dict[str, Vendor]) -> None:
    rows, _ = quarters(known, with_quarters(known))
    assert {row["value_usd"] for row in rows} == {None}
    rows, _ = quarters(known, with_quarters(known, unit="USD"))
    assert [row["value_usd"] for row in rows][:3] == QUARTERS_OF_2024


def listed(known: dict[str, Vendor], *forms: tuple[str, str, str]) -> bytes:
    columns: dict[str, list[Any]] = {
        "accessionNumber": [f"0001046179-25-{number:06}" for number in range(len(forms))],
        "filingDate": [filed for _, filed, _ in forms],
        "reportDate": [period for _, _, period in forms],
        "acceptanceDateTime": [""] * len(forms),
        "form": [form for form, _, _ in forms],
        "items": [""] * len(forms),
        "primaryDocument": ["tsm.htm"] * len(forms),
        "isInlineXBRL": [int(form.startswith("20-F")) for form, _, _ in forms],
    }
    return orjson.dumps({"cik": known["tsmc"].cik, "filings": {"recent": columns, "files": []}})


def test_filings_of_a_foreign_filer(known: dict[str, Vendor]) -> None:
    body = listed(
        known,
        ("6-K", "2025-10-16", "2025-09-30"),
        ("20-F/A", "2025-05-20", "2024-12-31"),
        ("20-F", "2025-04-17", "2024-12-31"),
        ("SC 13G", "2025-02-01", ""),
    )
    url = edgar.submissions_url(CIK)
    parsed = submissions.filings_of(body, vendor=known["tsmc"], document=url, sha256="a" * 64)
    made = amendments.linked(parsed.rows)
    rows = [row for month in made.values() for row in month.rows]
    assert [(row["form"], row["amends_accession_number"], has_figures(row), has_exhibits(row)) for row in rows] == [
        ("6-K", None, False, True),
        ("20-F/A", "0001046179-25-000002", True, False),
        ("20-F", None, True, False),
    ]
