"""Inline XBRL documents to facts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from inline_documents import HEAD, context, document
from real_earnings import RealEarnings

from assets.earnings import inline_xbrl
from assets.earnings.inline_xbrl import InlineXbrl
from assets.earnings.vendors import Vendor
from resources.documents import SourceError

URL = "https://www.sec.gov/Archives/edgar/data/1045810/000104581025000230/nvda-20251026.htm"
SEGMENT = "us-gaap:StatementBusinessSegmentsAxis"
QUALIFIER = "srt:ConsolidationItemsAxis"
PLACE = "srt:StatementGeographicalAxis"


def _read(body: bytes, known: dict[str, Vendor], form: str = "10-Q") -> InlineXbrl:
    return inline_xbrl.facts_of(
        body,
        vendor=known["nvidia"],
        accession_number="0001045810-25-000230",
        form=form,
        filed=date(2025, 11, 19),
        document=URL,
        sha256="d" * 64,
    )


def _fact(
    text: str, *, identity: str = "f-1", of: str = "c-1", name: str = "us-gaap:Revenues", **attributes: str
) -> str:
    attributes = {"unitRef": "usd", "decimals": "-6", "scale": "6", "format": "ixt:num-dot-decimal"} | attributes
    written = " ".join(f'{key.replace("_", ":")}="{value}"' for key, value in attributes.items() if value)
    return f'<ix:nonFraction id="{identity}" name="{name}" contextRef="{of}" {written}>{text}</ix:nonFraction>'


def test_a_fact_becomes_a_row(known: dict[str, Vendor]) -> None:
    found = _read(document(f"<p>{_fact('57,006')}</p>", context("c-1")), known)
    assert not found.problems
    (row,) = found.table.to_pylist()
    assert row == {
        "vendor": "nvidia",
        "accession_number": "0001045810-25-000230",
        "concept": "us-gaap:Revenues",
        "dimensions": "",
        "period": "2025-07-28/2025-10-26",
        "period_start": date(2025, 7, 28),
        "period_end": date(2025, 10, 26),
        "unit": "USD",
        "value": Decimal("57006000000"),
        "caption": None,
        "form": "10-Q",
        "known_from": date(2025, 11, 19),
        "month": "2025-11",
        "source": "inline_xbrl",
        "location": "ix:nonFraction f-1, line 17",
        "source_sha256": "d" * 64,
    }


def test_dimensions_do_not_depend_on_their_order(known: dict[str, Vendor]) -> None:
    pairs = [(QUALIFIER, "us-gaap:OperatingSegmentsMember"), (SEGMENT, "nvda:GraphicsMember")]
    for order in (pairs, pairs[::-1]):
        (row,) = _read(document(_fact("6,098"), context("c-1", *order)), known).table.to_pylist()
        assert row["dimensions"] == (
            "srt:ConsolidationItemsAxis=us-gaap:OperatingSegmentsMember;"
            "us-gaap:StatementBusinessSegmentsAxis=nvda:GraphicsMember"
        )


def test_a_document_may_bind_its_own_prefixes(known: dict[str, Vendor]) -> None:
    (row,) = _read(document(_fact("1", name="g:Revenues"), context("c-1")), known).table.to_pylist()
    assert row["concept"] == "us-gaap:Revenues"


def test_units_instants_hidden_facts_and_signs(known: dict[str, Vendor]) -> None:
    hidden = _fact("3", identity="f-9", of="c-2", name="us-gaap:InventoryNet")
    content = _fact(
        "1.30", identity="f-1", name="us-gaap:EarningsPerShareDiluted", unitRef="perShare", scale="0", decimals="2"
    )
    content += f"({_fact('61', identity='f-2', name='us-gaap:InterestExpense', sign='-')})"
    found = _read(document(content, context("c-1") + context("c-2", period="2025-10-26"), hidden), known)
    rows = {row["concept"]: row for row in found.table.to_pylist()}
    assert rows["us-gaap:EarningsPerShareDiluted"]["value"] == Decimal("1.30")
    assert rows["us-gaap:EarningsPerShareDiluted"]["unit"] == "USD/shares"
    assert rows["us-gaap:InterestExpense"]["value"] == -61_000_000
    assert rows["us-gaap:InventoryNet"]["period"] == "2025-10-26"
    assert rows["us-gaap:InventoryNet"]["period_start"] is None


def test_a_fact_that_is_nil_has_no_row(known: dict[str, Vendor]) -> None:
    nil = '<ix:nonFraction name="us-gaap:Assets" contextRef="c-1" unitRef="usd" xsi:nil="true"/>'
    found = _read(document(nil, context("c-1")), known)
    assert (found.table.num_rows, found.problems) == (0, [])


def test_a_number_may_be_nested_and_broken_up(known: dict[str, Vendor]) -> None:
    inner = _fact("5<span>7,0</span>06", identity="f-2", name="us-gaap:SalesRevenueNet")
    found = _read(document(_fact(inner), context("c-1")), known)
    assert {row["concept"]: row["value"] for row in found.table.to_pylist()} == {
        "us-gaap:Revenues": 57_006_000_000,
        "us-gaap:SalesRevenueNet": 57_006_000_000,
    }


def test_roundings_of_one_number_are_one_row_with_the_most_exact(known: dict[str, Vendor]) -> None:
    content = _fact("57.0", identity="f-1", scale="9", decimals="-8") + _fact("57,006", identity="f-2")
    found = _read(document(content, context("c-1")), known)
    assert [(row["value"], row["location"]) for row in found.table.to_pylist()] == [
        (57_006_000_000, "ix:nonFraction f-2, line 17")
    ]
    assert not found.problems


def test_a_document_that_contradicts_itself_is_reported(known: dict[str, Vendor]) -> None:
    content = _fact("57,006", identity="f-1") + _fact("57,106", identity="f-2")
    found = _read(document(content, context("c-1")), known)
    assert found.table.num_rows == 0
    (problem,) = found.problems
    assert "57006000000 at ix:nonFraction f-1, line 17, 57106000000 at ix:nonFraction f-2" in problem.reason


def test_captions_come_from_the_first_cell_with_a_text(known: dict[str, Vendor]) -> None:
    row = "<tr><td></td><td>{}</td><td>$</td><td>{}</td></tr>"
    content = "<table>"
    content += row.format("Data Center (1)", _fact("51,215", identity="f-1", of="c-1"))
    content += row.format("Total Data Center", _fact("51,215", identity="f-2", of="c-1"))
    content += f"<tr><td>{_fact('1', identity='f-3', of='c-2')}</td><td>late</td></tr></table>"
    found = _read(document(content, context("c-1") + context("c-2", (PLACE, "country:US"))), known)
    captions = {row["dimensions"]: row["caption"] for row in found.table.to_pylist()}
    assert captions == {"": "Data Center (1) | Total Data Center", "srt:StatementGeographicalAxis=country:US": None}


@pytest.mark.parametrize(
    ("content", "contexts", "reason"),
    [
        (_fact("1", of="c-9"), context("c-1"), "us-gaap:Revenues: there is no context 'c-9'"),
        (_fact("1", unitRef="eur"), context("c-1"), "there is no unit 'eur'"),
        (_fact("1"), context("c-1", period="2025-10-26/2025-07-28"), "ends on 2025-07-28, before it begins"),
        (_fact("1"), context("c-1", period="2025-7-28/2025-10-26"), "no usable period: '2025-7-28'"),
        (_fact("1"), context("c-1", cik=2488), "is about entity '0000002488', not 1045810"),
        (_fact("1"), context("c-1", (PLACE, "country:US"), (PLACE, "country:TW")), "names an axis twice"),
        (_fact("1"), context("c-1", (PLACE, "zz:Nowhere")), "'zz:Nowhere' has no known prefix"),
        (_fact("1", name="Revenues"), context("c-1"), "'Revenues' has no known prefix"),
        (_fact("(165)"), context("c-1"), "not a number with a decimal point"),
        (_fact("1", format="ixt:num-roman"), context("c-1"), "'num-roman' of '1' is not known"),
        (_fact("1", decimals="many"), context("c-1"), "decimals 'many'"),
        (_fact("1", scale="40"), context("c-1"), "more digits than the table holds"),
        (_fact("1", scale="-12"), context("c-1"), "more digits than the table holds"),
    ],
)
def test_what_cannot_be_resolved_is_reported_with_its_place(
    known: dict[str, Vendor], content: str, contexts: str, reason: str
) -> None:
    good = _fact("2", identity="f-2", of="c-good", name="us-gaap:Assets")
    found = _read(document(content + good, contexts + context("c-good", period="2025-10-26")), known)
    assert found.table["concept"].to_pylist() == ["us-gaap:Assets"]
    (problem,) = found.problems
    assert reason in problem.reason
    assert problem.place.startswith("ix:nonFraction f-1, line ")
    assert problem.document == URL


def test_typed_members_cannot_break_the_notation(known: dict[str, Vendor]) -> None:
    typed = '<xbrldi:typedMember dimension="us-gaap:RangeAxis"><nvda:d>a=b;c 100%</nvda:d></xbrldi:typedMember>'
    contexts = context("c-1", (PLACE, "country:US")).replace("</xbrli:segment>", f"{typed}</xbrli:segment>")
    (row,) = _read(document(_fact("1"), contexts), known).table.to_pylist()
    assert row["dimensions"] == "srt:StatementGeographicalAxis=country:US;us-gaap:RangeAxis=a%3Db%3Bc 100%25"


COVER = """<ix:nonNumeric name="dei:DocumentType" contextRef="c-1">10-Q</ix:nonNumeric>
<ix:nonNumeric name="dei:DocumentPeriodEndDate" contextRef="c-1">October&#160;26, 2025</ix:nonNumeric>
<ix:nonNumeric name="dei:AmendmentFlag" contextRef="c-1">FALSE</ix:nonNumeric>
<ix:nonNumeric name="dei:DocumentFiscalYearFocus" contextRef="c-1">2026</ix:nonNumeric>
<ix:nonNumeric name="dei:DocumentFiscalPeriodFocus" contextRef="c-1">Q3</ix:nonNumeric>"""


def _cover(found: InlineXbrl) -> tuple[Any, ...]:
    return (
        found.cover.document_type,
        found.cover.period_end,
        found.cover.is_amendment,
        found.cover.fiscal_year_focus,
        found.cover.fiscal_period_focus,
    )


def test_the_cover_is_read(known: dict[str, Vendor]) -> None:
    found = _read(document(COVER, context("c-1")), known)
    assert _cover(found) == ("10-Q", date(2025, 10, 26), False, 2026, "Q3")
    assert not found.problems


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("2026", "2025", "is fiscal 2025 Q3 by its cover, (2026, 3) by vendors.yml"),
        (">Q3<", ">Q2<", "is fiscal 2026 Q2 by its cover"),
        ("October&#160;26, 2025", "last Sunday", "'last Sunday' is not a date"),
        ("FALSE", "perhaps", "neither true nor false"),
        (">10-Q<", ">10-K<", "calls itself '10-K', EDGAR lists it as '10-Q'"),
    ],
)
def test_a_cover_that_contradicts_is_reported(known: dict[str, Vendor], old: str, new: str, reason: str) -> None:
    found = _read(document(COVER.replace(old, new), context("c-1")), known)
    assert [reason in problem.reason for problem in found.problems] == [True]


def test_an_amendment_may_call_itself_by_its_base_form(known: dict[str, Vendor]) -> None:
    assert not _read(document(COVER, context("c-1")), known, form="10-Q/A").problems


@pytest.mark.parametrize(
    ("body", "place", "reason"),
    [
        (document(_fact("1"), context("c-1"))[:-120], "line 17", "not well-formed XML"),
        (b"<html><head><title>Error</title><body><br></body></html>", "line 1", "not well-formed XML"),
        (b"", "line 1", "not well-formed XML"),
        ((HEAD + "<p>Sorry</p></body></html>").encode(), "<html>", "no ix:header"),
    ],
)
def test_an_unusable_document_is_an_error(known: dict[str, Vendor], body: bytes, place: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as caught:
        _read(body, known)
    assert caught.value.place.startswith(place)
    assert caught.value.document == URL


def test_entities_are_not_resolved(known: dict[str, Vendor], tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("42")
    doctype = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY y "42">]>'
    for entity in ("&x;", "&y;"):
        body = document(_fact(entity), context("c-1")).decode().replace("?>\n", f"?>\n{doctype}\n", 1).encode()
        found = _read(body, known)
        assert found.table.num_rows == 0
        assert "decimal point" in found.problems[0].reason


# Real filings


def test_every_filing_of_the_mirror_is_read_without_a_problem(real: RealEarnings) -> None:
    assert not real.problems
    counts = {accession: found.table.num_rows for accession, found in real.inline.items()}
    assert len(counts) == 15
    assert min(counts.values()) > 600


def test_covers_of_real_filings(real: RealEarnings) -> None:
    assert _cover(real.inline["0001045810-25-000230"]) == ("10-Q", date(2025, 10, 26), False, 2026, "Q3")
    assert _cover(real.inline["0000002488-24-000012"]) == ("10-K", date(2023, 12, 30), False, 2023, "FY")


def test_all_facts_without_dimensions_equal_companyfacts(real: RealEarnings) -> None:
    """By filing, concept, period and unit; concepts of NVIDIA's own taxonomy are not in companyfacts."""

    def key(row: dict[str, Any]) -> tuple[Any, ...]:
        return row["accession_number"], row["concept"], row["period"], row["unit"]

    stated = {key(row): row["value"] for row in real.companyfacts.to_pylist()}
    compared = revenue = 0
    for accession, found in real.inline.items():
        if not accession.startswith("0001045810"):
            continue
        for row in found.table.to_pylist():
            if row["dimensions"] or key(row) not in stated:
                continue
            assert row["value"] == stated[key(row)], row
            compared += 1
            revenue += row["concept"] == "us-gaap:Revenues"
    # Twelve filings: three 10-Qs of Q1 state two windows each, six of Q2 or Q3 four, three 10-Ks three years.
    assert (compared, revenue) == (5069, 3 * 2 + 6 * 4 + 3 * 3)


def test_facts_with_dimensions_as_printed(real: RealEarnings) -> None:
    rows = {
        (row["dimensions"], row["period"]): row
        for row in real.inline["0001045810-25-000230"].table.to_pylist()
        if row["concept"] == "us-gaap:Revenues"
    }
    # Notes to the 10-Q of 2025-10-26: revenue by geography, by market, by segment.
    china = rows["srt:StatementGeographicalAxis=nvda:ChinaIncludingHongKongMember", "2024-07-29/2024-10-27"]
    assert (china["value"], china["caption"]) == (8_142_000_000, "China (including Hong Kong)")
    centre = rows["srt:ProductOrServiceAxis=nvda:DataCenterMember", "2025-07-28/2025-10-26"]
    assert (centre["value"], centre["caption"]) == (51_215_000_000, "Data Center")
    graphics = rows[
        "srt:ConsolidationItemsAxis=us-gaap:OperatingSegmentsMember;"
        "us-gaap:StatementBusinessSegmentsAxis=nvda:GraphicsSegmentMember",
        "2025-07-28/2025-10-26",
    ]
    assert graphics["value"] == 6_098_000_000


def test_a_dash_is_zero_and_parentheses_are_negative(real: RealEarnings) -> None:
    rows = {
        (row["concept"], row["dimensions"], row["period"]): row["value"]
        for row in real.inline["0001045810-22-000079"].table.to_pylist()
    }
    period = "2022-01-31/2022-05-01"
    # Segment note of the 10-Q of 2022-05-01: All Other has no revenue, printed as a dash, and a loss of (2,214).
    other = "srt:ConsolidationItemsAxis=us-gaap:CorporateNonSegmentMember"
    assert rows["us-gaap:Revenues", other, period] == 0
    assert rows["us-gaap:OperatingIncomeLoss", other, period] == -2_214_000_000


def test_a_truncated_filing_is_an_error(real_documents: Path, known: dict[str, Vendor]) -> None:
    path = real_documents / "mirror" / URL.removeprefix("https://")
    body = path.read_bytes()
    with pytest.raises(SourceError, match="not well-formed XML"):
        _read(body[: len(body) // 2], known)
