"""Companyfacts JSON to facts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import orjson
import pytest
from real_earnings import RealEarnings

from assets.earnings import companyfacts
from assets.earnings.facts import Facts
from assets.earnings.vendors import Vendor
from resources.documents import SourceError

URL = "https://data.sec.gov/api/xbrl/companyfacts/CIK0001045810.json"


def _entry(**changes: Any) -> dict[str, Any]:
    return {
        "start": "2024-07-29",
        "end": "2024-10-27",
        "val": 35082000000,
        "accn": "0001045810-24-000316",
        "fy": 2025,
        "fp": "Q3",
        "form": "10-Q",
        "filed": "2024-11-20",
    } | changes


def _body(*entries: Any, unit: str = "USD", **document: Any) -> bytes:
    facts = {"us-gaap": {"Revenues": {"label": "Revenues", "description": "", "units": {unit: list(entries)}}}}
    return orjson.dumps({"cik": 1045810, "entityName": "NVIDIA CORP", "facts": facts} | document)


def _read(body: bytes, known: dict[str, Vendor]) -> Facts:
    return companyfacts.facts_of(body, vendor=known["nvidia"], document=URL, sha256="b" * 64)


def test_an_entry_becomes_a_row(known: dict[str, Vendor]) -> None:
    found = _read(_body(_entry()), known)
    assert not found.problems
    assert found.table.to_pylist() == [
        {
            "vendor": "nvidia",
            "accession_number": "0001045810-24-000316",
            "concept": "us-gaap:Revenues",
            "dimensions": "",
            "period": "2024-07-29/2024-10-27",
            "period_start": date(2024, 7, 29),
            "period_end": date(2024, 10, 27),
            "unit": "USD",
            "value": Decimal("35082000000"),
            "caption": None,
            "form": "10-Q",
            "known_from": date(2024, 11, 20),
            "month": "2024-11",
            "source": "companyfacts",
            "location": "facts.us-gaap.Revenues.units.USD[0]",
            "source_sha256": "b" * 64,
        }
    ]


def test_an_instant_has_no_start_and_fractions_are_exact(known: dict[str, Vendor]) -> None:
    entries = [_entry(val=0.78), _entry(val=3447546.35, start=None, end="2024-10-28")]
    rows = {row["period"]: row for row in _read(_body(*entries, unit="USD/shares"), known).table.to_pylist()}
    assert rows["2024-07-29/2024-10-27"]["value"] == Decimal("0.78")
    assert rows["2024-10-28"]["value"] == Decimal("3447546.35")
    assert rows["2024-10-28"]["period_start"] is None


def test_fy_and_fp_do_not_matter(known: dict[str, Vendor]) -> None:
    """They describe the filing: the comparative of fiscal 2024 bears fy 2025 too."""
    assert _read(_body(_entry()), known).table.equals(_read(_body(_entry(fy=1999, fp="FY")), known).table)


def test_the_same_fact_twice_is_one_row(known: dict[str, Vendor]) -> None:
    found = _read(_body(_entry(), _entry(frame="CY2024Q3")), known)
    assert found.table.num_rows == 1
    assert not found.problems


def test_one_filing_with_two_values_for_a_fact_gives_none_of_them(known: dict[str, Vendor]) -> None:
    found = _read(_body(_entry(), _entry(val=1), _entry(accn="0001045810-25-000230")), known)
    assert found.table["accession_number"].to_pylist() == ["0001045810-25-000230"]
    (problem,) = found.problems
    assert problem.place == "facts.us-gaap.Revenues.units.USD[1]"
    assert "35082000000 and 1" in problem.reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"end": None}, "end None is not a date"),
        ({"end": "2024-10-32"}, "is not a date"),
        ({"end": "20241027"}, "is not a date"),
        ({"start": "2024-10-28"}, "ends before it begins"),
        ({"filed": "yesterday"}, "filed 'yesterday' is not a date"),
        ({"accn": "1045810-24-316"}, "no accession number"),
        ({"accn": None}, "no accession number"),
        ({"form": None}, "no form"),
        ({"val": "35,082"}, "is not a number"),
        ({"val": None}, "is not a number"),
        ({"val": True}, "is not a number"),
        ({"val": 1e60}, "too many digits"),
    ],
)
def test_a_malformed_entry_is_reported_and_the_rest_kept(
    known: dict[str, Vendor], changes: dict[str, Any], reason: str
) -> None:
    good = _entry(accn="0001045810-25-000230")
    found = _read(_body(_entry(**changes), good), known)
    assert found.table["accession_number"].to_pylist() == ["0001045810-25-000230"]
    assert found.table["location"].to_pylist() == ["facts.us-gaap.Revenues.units.USD[1]"]
    (problem,) = found.problems
    assert reason in problem.reason
    assert problem.place == "facts.us-gaap.Revenues.units.USD[0]"


def test_parts_of_the_wrong_shape_are_reported(known: dict[str, Vendor]) -> None:
    facts = {
        "us-gaap": {"Revenues": {"units": {"USD": [_entry()], "EUR": "none"}}, "Assets": {"label": "no units"}},
        "dei": [],
    }
    found = _read(_body(facts=facts), known)
    assert found.table.num_rows == 1
    assert sorted(problem.place for problem in found.problems) == [
        "facts.dei",
        "facts.us-gaap.Assets.units",
        "facts.us-gaap.Revenues.units.EUR",
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html><title>SEC.gov | Request Rate Threshold Exceeded</title></html>", "not JSON"),
        (_body(_entry())[:-10], "not JSON"),
        (b'{"cik": 1045810}', "no object with facts"),
        (_body(_entry(), cik=2488), "belongs to CIK 2488"),
        (_body(), "no fact"),
    ],
)
def test_an_unusable_document_is_an_error(known: dict[str, Vendor], body: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as caught:
        _read(body, known)
    assert caught.value.is_index


def test_a_padded_number_is_the_same_filer(known: dict[str, Vendor]) -> None:
    assert _read(_body(_entry(), cik="0001045810"), known).table.num_rows == 1


def test_nvidia_as_published(real: RealEarnings) -> None:
    assert real.companyfacts.num_rows == 26_903
    rows = {
        (row["accession_number"], row["period"]): row
        for row in real.companyfacts.to_pylist()
        if row["concept"] == "us-gaap:Revenues"
    }
    # 10-Q of 2025-10-26, income statement: the quarter, and beside it that of the year before.
    accession = "0001045810-25-000230"
    assert rows[accession, "2025-07-28/2025-10-26"]["value"] == 57_006_000_000
    assert rows[accession, "2024-07-29/2024-10-27"]["value"] == 35_082_000_000
    assert rows["0001045810-24-000316", "2024-07-29/2024-10-27"]["known_from"] == date(2024, 11, 20)
    # Fee exhibit of the 424B5 of 2026-06-17: a value with cents, which a float must not blur.
    fee = [row for row in real.companyfacts.to_pylist() if row["accession_number"] == "0001193125-26-273139"]
    assert Decimal("3447546.35") in {row["value"] for row in fee}
