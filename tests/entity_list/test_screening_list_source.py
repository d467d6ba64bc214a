"""The Consolidated Screening List: both its shapes, and what is wrong with a document."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assets.entity_list.screening_list import URL, screening_list
from resources.documents import Parsed, SourceError

DAY = date(2026, 7, 31)
EL = "Entity List (EL) - Bureau of Industry and Security"


def read(content: Any) -> Parsed:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return screening_list(body, document=URL, snapshot_date=DAY, source_sha256="b" * 64)


def record(**more: Any) -> dict[str, Any]:
    return {
        "source": EL,
        "name": "One  Ltd.",
        "alt_names": ["Uno", "Uno", " "],
        "addresses": [{"address": "1 First Road", "city": "Beijing", "state": None, "country": "CN"}],
        "federal_register_notice": "76 FR 71867; 77 FR 24587",
        "license_requirement": "For all items subject to the EAR.",
        "license_policy": "Presumption of denial.",
        "entity_number": None,
        **more,
    }


def test_the_extract_gives_a_row_for_each_record_and_country(real_documents: Path) -> None:
    """3,420 records with 3,697 countries, and three records without any."""
    parsed = read((real_documents / "extra" / "screening_list" / "entity_list_2026-07-31.json").read_bytes())
    assert len(parsed.rows) == 3697 + 3
    assert [row["position"] for row in parsed.rows] == list(range(1, 3701))
    assert {row["list_name"] for row in parsed.rows} == {"Entity List"}
    ghoura = [(row["country"], row["location"]) for row in parsed.rows if row["entry_name"] == "Abdul Satar Ghoura"]
    assert ghoura == [("Afghanistan", "$[0]"), ("Pakistan", "$[0]")]
    assert {row["country_as_printed"] for row in parsed.rows if row["country"] == "Crimea Region of Ukraine"} == {
        "CRIMEA (OCCUPIED)"
    }
    assert {row["entry_name"] for row in parsed.rows if row["country"] is None} == {
        "Simin Neda Industrial and Electrical Parts",
        "Yuzhno-Kirinskoye Field",
        "54th Research Institute of China",
    }
    assert len(parsed.problems) == 1
    assert parsed.problems[0].reason.startswith("3 records without a country: $[175] Simin Neda")


def test_citations_of_huawei_are_taken_apart(real_documents: Path) -> None:
    parsed = read((real_documents / "extra" / "screening_list" / "entity_list_2026-07-31.json").read_bytes())
    (huawei,) = [row for row in parsed.rows if row["entry_name"] == "Huawei Technologies Co., Ltd. (Huawei)"]
    assert huawei["aliases"] == ["Shenzhen Huawei Technologies", "Huawei Technology"]
    assert len(huawei["citations"]) == 10
    assert huawei["citations"][0] == "84 FR 22963"
    assert huawei["license_requirement"].endswith("744.11 of the EAR2"), "the digit of a footnote is not told apart"


def test_the_published_shape_has_three_lists_and_addresses() -> None:
    elsewhere = {"address": "2 Road", "city": "Hong Kong", "postal_code": "999077", "country": "HK"}
    parsed = read(
        {
            "results": [
                record(addresses=[record()["addresses"][0], elsewhere, {"country": "CN", "city": "Wuhan"}]),
                record(source="Specially Designated Nationals (SDN) - Treasury Department", name="Other"),
                record(source="Unverified List (UVL) - Bureau of Industry and Security", name="Two"),
                record(source="Military End User (MEU) List - Bureau of Industry and Security", name="Three"),
            ]
        }
    )
    assert [(r["list_name"], r["entry_name"], r["country"], r["position"], r["location"]) for r in parsed.rows] == [
        ("Entity List", "One Ltd.", "China", 1, "$.results[0]"),
        ("Entity List", "One Ltd.", "Hong Kong", 2, "$.results[0]"),
        ("Unverified List", "Two", "China", 1, "$.results[2]"),
        ("Military End-User List", "Three", "China", 1, "$.results[3]"),
    ]
    assert [row["addresses"] for row in parsed.rows[:2]] == [
        ["1 First Road, Beijing, CN", "Wuhan, CN"],
        ["2 Road, Hong Kong, 999077, HK"],
    ]
    assert parsed.rows[0]["aliases"] == ["Uno"]
    assert (parsed.rows[0]["snapshot_date"], parsed.rows[0]["month"]) == (DAY, "2026-07")
    assert parsed.problems == []


@pytest.mark.parametrize(
    ("broken", "place", "reason"),
    [
        (record(name=" "), "$.results[0]", "without a name"),
        (record(name=["x"]), "$.results[0].name", "not a text"),
        (record(alt_names="Uno; Due"), "$.results[0].alt_names", "not a list of texts"),
        (record(addresses=["Beijing"]), "$.results[0].addresses", "not a list of addresses"),
        (record(addresses=[{"country": {}}]), "$.results[0].addresses[0].country", "not a text"),
        (record(source=None), "$.results[0]", "of no list"),
        ("One Ltd.", "$.results[0]", "not a record"),
    ],
)
def test_a_record_that_cannot_be_read_loses_only_itself(broken: Any, place: str, reason: str) -> None:
    parsed = read({"results": [broken, record(name="Next")]})
    assert [row["entry_name"] for row in parsed.rows] == ["Next"]
    assert [(problem.source, problem.document, problem.place) for problem in parsed.problems] == [
        ("screening_list", URL, place)
    ]
    assert reason in parsed.problems[0].reason


def test_a_destination_that_is_not_known_is_kept_and_reported() -> None:
    parsed = read([record(addresses=[], countries=["ZZ"])])
    assert [(row["country"], row["country_code"]) for row in parsed.rows] == [("Zz", None)]
    assert ["not in our table: ZZ" in problem.reason for problem in parsed.problems] == [True]


@pytest.mark.parametrize(
    ("body", "place", "reason"),
    [
        (b"", "", "the body is empty"),
        (b"<html>Access denied</html>", "", "HTML or XML page"),
        (b'{"results": [{"name": "One', "line 1", "not JSON"),
        (b'{"total": 0}', "$", "neither a list of records"),
        (b"7", "$", "neither a list of records"),
        (b'{"results": []}', "$.results", "no record of the Entity List"),
        (
            json.dumps({"results": [record(source="Unverified List (UVL)")]}).encode(),
            "$.results",
            "no record of the Ent",
        ),
    ],
)
def test_a_document_that_is_no_screening_list_is_refused(body: bytes, place: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as raised:
        read(body)
    assert (raised.value.source, raised.value.document) == ("screening_list", URL)
    assert raised.value.place.startswith(place)
