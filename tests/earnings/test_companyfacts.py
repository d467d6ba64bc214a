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
        ({"end": None}, "Expected `date`, got `null` - at `$.end`"),
        ({"end": "2024-10-32"}, "date - at `$.end`"),
        ({"end": "20241027"}, "date - at `$.end`"),
        ({"end": "2024-10-27T00:00:00Z"}, "date - at `$.end`"),
        ({"start": ""}, "date - at `$.start`"),
        ({"start": "2024-10-28"}, "2024-10-28 to 2024-10-27 ends before it begins"),
        ({"filed": "yesterday"}, '"filed":"yesterday"'),
        ({"accn": "1045810-24-316"}, "no accession number: '1045810-24-316'"),
        ({"accn": None}, "Expected `str`, got `null` - at `$.accn`"),
        ({"form": None}, "Expected `str`, got `null` - at `$.form`"),
        ({"val": "35,082"}, '0001045810-24-000316: the value "35,082" is not a number'),
        ({"val": "35082"}, "is not a number"),
        ({"val": [35082]}, "is not a number"),
        ({"val": None}, "the value null is not a number"),
        ({"val": True}, "is not a number"),
        ({"val": 1e60}, "the value 1e+60 has too many digits"),
        ({"val": 1e-11}, "the value 1e-11 has too many digits"),
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


def test_what_an_entry_lacks_is_named(known: dict[str, Vendor]) -> None:
    lacking = _entry()
    del lacking["filed"]
    found = _read(_body(lacking, 7, _entry()), known)
    assert found.table["location"].to_pylist() == ["facts.us-gaap.Revenues.units.USD[2]"]
    first, second = found.problems
    assert (first.place, second.place) == tuple(f"facts.us-gaap.Revenues.units.USD[{number}]" for number in (0, 1))
    assert "missing required field `filed`" in first.reason
    assert "0001045810-24-000316" in first.reason
    assert "got `int`" in second.reason


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1234567890123456.7890123456", "1234567890123456.7890123456"),
        ("0.1000000001", "0.1000000001"),
        ("35082e6", "35082000000"),
        ("1.50000000000000", "1.5"),
        ("-0.0", "0"),
        ("0.10000000000000001", None),
        ("12345678901234567890123456789", None),
    ],
)
def test_a_value_is_the_decimal_that_is_written(known: dict[str, Vendor], written: str, value: str | None) -> None:
    """No float comes between, and what has more digits than the table is not rounded but reported."""
    good = _entry(accn="0001045810-25-000230")
    body = _body(_entry(val=123456), good).replace(b"123456,", f"{written},".encode())
    found = _read(body, known)
    assert found.table.num_rows == (1 if value is None else 2)
    assert found.table["value"][0].as_py() == Decimal(value or good["val"])
    assert [problem.reason for problem in found.problems] == (
        [] if value else [f"0001045810-24-000316: the value {written} has too many digits"]
    )


def test_a_part_of_another_shape_changes_nothing_else(known: dict[str, Vendor]) -> None:
    """The two ways through a document, typed as a whole and part by part, read the same."""
    entries = [_entry(val=value, accn=f"0001045810-24-{value:06}") for value in range(20)]
    document = orjson.loads(_body(*entries))
    whole = _read(orjson.dumps(document), known)
    document["facts"]["dei"] = 5
    in_parts = _read(orjson.dumps(document), known)
    sha256 = whole.table.schema.get_field_index("source_sha256")
    assert in_parts.table.remove_column(sha256).equals(whole.table.remove_column(sha256))
    assert [problem.place for problem in in_parts.problems] == ["facts.dei"]


def test_several_values_for_a_fact_are_all_named(known: dict[str, Vendor]) -> None:
    entries = [_entry(val=value) for value in (3, 1, 2.5, 1)]
    found = _read(_body(*entries, _entry(accn="0001045810-25-000230")), known)
    assert found.table.num_rows == 1
    (problem,) = found.problems
    assert problem.reason == "0001045810-24-000316 states 3 and 1 and 2.5 for one period"


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
        (b"<html><title>SEC.gov | Request Rate Threshold Exceeded</title></html>", "an HTML or XML page"),
        (_body(_entry())[:-10], "not JSON"),
        (b"", "the body is empty"),
        (b"[" * 100_000, "not JSON"),
        (_body(_entry()).replace(b"Revenues", b"Reven\xffes"), "not JSON"),
        (b"[]", "no object with facts"),
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
