"""Traits of inline XBRL that a reader can get wrong silently: each small document is read right, or reported."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from inline_documents import context, document

from assets.earnings import inline_xbrl
from assets.earnings.inline_xbrl import InlineXbrl
from assets.earnings.vendors import Vendor

REGISTRIES = (
    "http://www.xbrl.org/inlineXBRL/transformation/2010-04-20",
    "http://www.xbrl.org/inlineXBRL/transformation/2011-07-31",
    "http://www.xbrl.org/inlineXBRL/transformation/2015-02-26",
    "http://www.xbrl.org/inlineXBRL/transformation/2020-02-12",
    "http://www.xbrl.org/inlineXBRL/transformation/2022-02-16",
    "http://www.sec.gov/inlineXBRL/transformation/2015-08-31",
)


@pytest.fixture
def nvidia(known: dict[str, Vendor]) -> Vendor:
    return known["nvidia"]


def _read(vendor: Vendor, content: str, *, contexts: str = "", old: str = "", new: str = "") -> InlineXbrl:
    """Read a document with the context ``c-1``; ``old`` and ``new`` change it at one place."""
    body = document(content, contexts or context("c-1")).decode()
    assert old in body
    return inline_xbrl.facts_of(
        body.replace(old, new, 1).encode(),
        vendor=vendor,
        accession_number="0001045810-25-000230",
        form="10-Q",
        filed=date(2025, 11, 19),
        document="d",
        sha256="d" * 64,
    )


def _fact(text: str, **attributes: str) -> str:
    attributes = {
        "name": "us-gaap:Revenues",
        "contextRef": "c-1",
        "unitRef": "usd",
        "decimals": "-6",
        "scale": "6",
        "format": "ixt:num-dot-decimal",
    } | attributes
    written = " ".join(f'{key}="{value}"' for key, value in attributes.items())
    return f'<ix:nonFraction id="f-1" {written}>{text}</ix:nonFraction>'


def _values(found: InlineXbrl) -> list[Decimal]:
    assert not found.problems
    values: list[Decimal] = found.table["value"].to_pylist()
    return values


def _problem(found: InlineXbrl) -> str:
    assert found.table.num_rows == 0
    (problem,) = found.problems
    assert problem.place
    return problem.reason


@pytest.mark.parametrize("registry", REGISTRIES)
def test_a_rule_is_read_under_any_prefix_and_edition(nvidia: Vendor, registry: str) -> None:
    found = _read(
        nvidia, _fact("57,006", format="t:numdotdecimal"), old="xmlns:g=", new=f'xmlns:t="{registry}" xmlns:g='
    )
    assert _values(found) == [57_006_000_000]


@pytest.mark.parametrize("prefix", ["nvda", "unbound"])
def test_a_rule_of_no_registry_is_reported(nvidia: Vendor, prefix: str) -> None:
    assert "is of no known registry" in _problem(_read(nvidia, _fact("1", format=f"{prefix}:num-dot-decimal")))


@pytest.mark.parametrize(
    ("text", "attributes", "value"),
    [
        ("—", {"format": "ixt:fixed-zero"}, 0),
        ("&#8212;", {"format": "ixt:zerodash", "sign": "-"}, 0),
        ("1.234,5", {"format": "ixt:num-comma-decimal", "scale": "3"}, 1_234_500),
        ("<!-- was 9 -->57<!-- or 58 -->,006", {}, 57_006_000_000),
        ("<?pi 3?>5", {}, 5_000_000),
        ("<span>57</span>,006", {}, 57_006_000_000),
        ("two", {"format": "ixt:numwordsen", "scale": "0", "decimals": "INF"}, 2),
        ("165", {"sign": "-"}, -165_000_000),
    ],
)
def test_a_number_is_what_is_displayed(nvidia: Vendor, text: str, attributes: dict[str, str], value: int) -> None:
    assert _values(_read(nvidia, f"({_fact(text, **attributes)})")) == [value]


@pytest.mark.parametrize(
    ("text", "attributes", "reason"),
    [
        ("57,006<sup>1</sup>", {}, "raised or lowered"),
        ("57,006<sub><b>(a)</b></sub>", {}, "not a number with a decimal point"),
        ("(165)", {}, "not a number with a decimal point"),
        ("", {"format": "ixt:fixed-empty"}, "'fixed-empty' of '' is not known"),
        ("5 years", {"format": "ixt:duryear"}, "is not known"),
        ("1", {"tupleRef": "t-1"}, "a tuple"),
        ("1", {"target": "other"}, "another target document"),
        ("1", {"unitRef": ""}, "there is no unit ''"),
        ("1", {"contextRef": ""}, "there is no context ''"),
        ("1", {"name": ""}, "has no known prefix"),
        ("1", {"scale": "six"}, "the scale 'six'"),
        ("1", {"sign": "+"}, "the sign '+'"),
    ],
)
def test_what_is_no_number_is_reported(nvidia: Vendor, text: str, attributes: dict[str, str], reason: str) -> None:
    assert reason in _problem(_read(nvidia, _fact(text, **attributes)))


def test_two_contexts_of_one_id_are_used_only_if_they_are_alike(nvidia: Vendor) -> None:
    twice = context("c-1") + context("c-1")
    assert _values(_read(nvidia, _fact("5"), contexts=twice)) == [5_000_000]
    unlike = context("c-1") + context("c-1", period="2024-07-29/2024-10-27")
    assert "several contexts 'c-1', which differ" in _problem(_read(nvidia, _fact("5"), contexts=unlike))


def test_two_units_of_one_id_are_used_only_if_they_are_alike(nvidia: Vendor) -> None:
    other = '<xbrli:unit id="usd"><xbrli:measure>iso4217:EUR</xbrli:measure></xbrli:unit>'
    found = _read(nvidia, _fact("5"), contexts=context("c-1") + other)
    assert "several units 'usd', which differ" in _problem(found)


def test_a_part_of_the_company_is_never_taken_for_the_whole(nvidia: Vendor) -> None:
    """A segment of another making than dimensions."""
    identifier = "</xbrli:identifier>"
    part = f"{identifier}<xbrli:segment><nvda:division>Gaming</nvda:division></xbrli:segment>"
    found = _read(nvidia, _fact("5"), old=identifier, new=part)
    assert "among its dimensions" in _problem(found)


def test_dimensions_may_stand_in_the_scenario(nvidia: Vendor) -> None:
    member = '<xbrldi:explicitMember dimension="srt:StatementGeographicalAxis">country:TW</xbrldi:explicitMember>'
    end = "</xbrli:period>"
    found = _read(nvidia, _fact("5"), old=end, new=f"{end}<xbrli:scenario>{member}</xbrli:scenario>")
    assert found.table["dimensions"].to_pylist() == ["srt:StatementGeographicalAxis=country:TW"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("2025-10-26<", "2025-02-30<", "no usable period: '2025-02-30'"),
        ("2025-10-26<", "2025-10-26T00:00:00<", "no usable period"),
        ("<xbrli:endDate>2025-10-26</xbrli:endDate>", "", "no usable period"),
        ("<xbrli:startDate>2025-07-28</xbrli:startDate>", "<xbrli:instant>2025-07-28</xbrli:instant>", "no usable"),
    ],
)
def test_a_period_of_no_whole_days_is_reported(nvidia: Vendor, old: str, new: str, reason: str) -> None:
    assert reason in _problem(_read(nvidia, _fact("5"), old=old, new=new))


@pytest.mark.parametrize(
    ("measure", "reason"),
    [
        ("nvda:USD", "looks like a currency and is none"),
        ("USD", "has no known prefix"),
        ("", "has no known prefix"),
    ],
)
def test_a_unit_that_only_looks_like_dollars_is_reported(nvidia: Vendor, measure: str, reason: str) -> None:
    assert reason in _problem(_read(nvidia, _fact("5"), old=">iso4217:USD<", new=f">{measure}<"))


def test_a_prefix_bound_anew_within_the_document_means_what_it_says_there(nvidia: Vendor) -> None:
    other = f'<p xmlns:o="http://fasb.org/srt/2024">{_fact("6", name="o:Revenues")}</p>'
    content = f'<p xmlns:o="http://www.nvidia.com/20251026">{_fact("5", name="o:Revenues")}</p>{other}'
    found = _read(nvidia, content)
    assert not found.problems
    assert {row["concept"]: row["value"] for row in found.table.to_pylist()} == {
        "o:Revenues": 5_000_000,
        "srt:Revenues": 6_000_000,
    }


def test_the_filers_own_names_cannot_pass_for_a_standard_taxonomy(nvidia: Vendor) -> None:
    found = _read(nvidia, f'<p xmlns:us-gaap="http://www.nvidia.com/20251026">{_fact("6")}</p>')
    assert "is not of us-gaap but of http://www.nvidia.com/20251026" in _problem(found)


def test_a_tuple_and_a_fraction_are_reported(nvidia: Vendor) -> None:
    content = '<ix:tuple name="nvda:T"/><ix:fraction name="nvda:F" contextRef="c-1" unitRef="usd"/>'
    found = _read(nvidia, content + _fact("5"))
    assert found.table.num_rows == 1
    assert sorted(problem.reason for problem in found.problems) == [
        "nvda:F: ix:fraction is not read",
        "nvda:T: ix:tuple is not read",
    ]


@pytest.mark.parametrize(
    ("text", "rule", "day"),
    [
        ("October&#160;26, 2025", "ixt:date-month-day-year-en", date(2025, 10, 26)),
        ("Oct 26, 2025", "ixt:datemonthdayyearen", date(2025, 10, 26)),
        ("05/06/2025", "ixt:date-month-day-year", date(2025, 5, 6)),
        ("05/06/2025", "ixt:date-day-month-year", date(2025, 6, 5)),
        ("26.10.2025", "ixt:datedoteu", date(2025, 10, 26)),
        ("2025-10-26", "", date(2025, 10, 26)),
    ],
)
def test_the_day_on_the_cover_follows_its_rule(nvidia: Vendor, text: str, rule: str, day: date) -> None:
    cover = f'<ix:nonNumeric name="dei:DocumentPeriodEndDate" contextRef="c-1" format="{rule}">{text}</ix:nonNumeric>'
    found = _read(nvidia, cover)
    assert (found.cover.period_end, found.problems) == (day, [])


@pytest.mark.parametrize(("rule", "flag"), [("ixt:fixed-false", False), ("ixt:booleantrue", True)])
def test_a_box_on_the_cover_is_read_by_its_rule(nvidia: Vendor, rule: str, flag: bool) -> None:
    cover = f'<ix:nonNumeric name="dei:AmendmentFlag" contextRef="c-1" format="{rule}">☐</ix:nonNumeric>'
    found = _read(nvidia, cover)
    assert (found.cover.is_amendment, found.problems) == (flag, [])
