"""Rows of fr_documents: what the API says, completed from the full text."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from lxml import etree

from assets.federal_register.document import document_row, filed_date
from assets.federal_register.full_text import DOCUMENT_NUMBER
from expectations import contract
from resources.documents import Row, SourceError

SHA = "a" * 64
ENTRY = {
    "document_number": "2023-03929",
    "title": "Additions of Entities to the Entity List",
    "abstract": "Adds ten entities.",
    "html_url": "https://www.federalregister.gov/documents/2023/02/27/2023-03929/additions",
    "publication_date": "2023-02-27",
    "full_text_xml_url": None,
}


def row_of(entry: dict[str, Any], xml: bytes | None = None) -> Row:
    parsed = document_row(entry, xml, SHA if xml else None)
    assert parsed.problems == []
    return dict(contract.load("fr_documents").table_of(parsed.rows).to_pylist()[0])


def test_a_scant_entry_is_completed_from_the_full_text(real_documents: Path) -> None:
    """Values stand in the PREAMB of 2023-03929; the index of the mirror gives number, title, abstract and date only."""
    folder = real_documents / "mirror/www.federalregister.gov"
    index = orjson.loads((folder / "documents.index.json").read_bytes())
    entry = next(one for one in index if one["document_number"] == "2023-03929")
    xml = (folder / "documents/full_text/xml/2023/02/27/2023-03929.xml").read_bytes()

    row = row_of(entry, xml)

    assert row["document_type"] == "Rule"
    assert row["action"] == "Final rule."
    assert row["dates_text"] == "This rule is effective February 24, 2023."
    assert (row["effective_date"], row["effective_date_source"]) == (date(2023, 2, 24), "dates_text")
    assert row["docket_ids"] == ["Docket No. 230221-0050"]
    assert row["regulation_id_numbers"] == ["0694-AJ13"]
    assert row["cfr_references"] == ["15 CFR 744"]
    assert row["agencies"] == ["bureau-of-industry-and-security", "department-of-commerce"]
    assert row["citation"] is None  # its first page, 12170, stands nowhere in the text
    assert (row["month"], row["xml_sha256"]) == ("2023-02", SHA)


def test_what_the_api_says_stands() -> None:
    entry = ENTRY | {
        "type": "Rule",
        "action": "Final rule.",
        "effective_on": "2023-02-25",
        "citation": "88 FR 12170",
        "agencies": [{"slug": "commerce-department"}, {"slug": "industry-and-security-bureau"}],
        "cfr_references": [{"title": 15, "part": 744, "chapter": None}, {"title": 15, "part": 746}],
        "docket_ids": ["Docket No. 1"],
        "comments_close_on": "2023-03-30",
    }
    xml = (
        b"<RULE><PREAMB><ACT><P>Other.</P></ACT><EFFDATE><P>Effective February 24, 2023.</P></EFFDATE></PREAMB></RULE>"
    )

    row = row_of(entry, xml)

    assert (row["action"], row["citation"]) == ("Final rule.", "88 FR 12170")
    assert (row["effective_date"], row["effective_date_source"]) == (date(2023, 2, 25), "api")
    assert row["agencies"] == ["commerce-department", "industry-and-security-bureau"]
    assert row["cfr_references"] == ["15 CFR 744", "15 CFR 746"]
    assert row["comments_close_date"] == date(2023, 3, 30)


def test_without_full_text_the_rest_is_empty() -> None:
    row = row_of(ENTRY)

    assert row["xml_sha256"] is None
    assert row["document_type"] is None
    assert row["docket_ids"] == []


def test_every_entry_of_the_mirror_makes_a_row(real_documents: Path) -> None:
    index = orjson.loads((real_documents / "mirror/www.federalregister.gov/documents.index.json").read_bytes())

    rows = [document_row(entry, None, None).rows[0] for entry in index]

    assert contract.load("fr_documents").table_of(rows).num_rows == 202


def test_real_answers_of_the_api_make_rows(real_documents: Path) -> None:
    answers = orjson.loads((real_documents / "extra/federal_register/api/responses_2016.json").read_bytes())
    whole = [
        entry
        for answer in answers.values()
        for entry in answer["body"].get("results", [])
        if "title" in entry and "publication_date" in entry
    ]

    for entry in whole:
        parsed = document_row(entry, None, None)
        assert parsed.problems == []
    assert len(whole) >= 2
    first = next(entry for entry in whole if entry["document_number"] == "2017-27513")
    row = row_of(first)
    assert (row["citation"], row["docket_ids"]) == ("82 FR 60602", ["Docket No. AS17-09"])
    assert row["dates_text"] == "Applicable Date: Immediately."


@pytest.mark.parametrize(
    ("root", "kind"), [("PRORULE", "Proposed Rule"), ("NOTICE", "Notice"), ("CORRECT", "Correction")]
)
def test_the_root_says_what_kind_of_document_it_is(root: str, kind: str) -> None:
    assert row_of(ENTRY, f"<{root}/>".encode())["document_type"] == kind


def test_documents_of_a_daily_issue(real_documents: Path) -> None:
    """FR-2024-02-12: the first rule starts on page 9741 (PRTPAGE at its head) and bears FR Doc. 2024-02930."""
    issue = etree.parse(str(real_documents / "extra/federal_register/daily_issues/FR-2024-02-12.current.xml"))
    rows = {}
    for element in issue.iter("RULE", "PRORULE", "NOTICE", "PRESDOCU"):
        words = "".join(next(element.iter("FRDOC")).itertext())
        number = words.replace("\u2013", "-").split()[2]
        parsed = document_row(
            ENTRY | {"document_number": number, "publication_date": "2024-02-12"}, etree.tostring(element), SHA
        )
        assert [problem for problem in parsed.problems if problem.place != "DATES"] == []
        rows[number] = parsed.rows[0]

    assert len(rows) == 96
    assert rows["2024-02930"]["citation"] == "89 FR 9741"
    assert rows["2024-02934"]["document_type"] == "Presidential Document"


def test_a_correction_names_what_it_corrects() -> None:
    by_number = row_of(ENTRY | {"document_number": "C1-2026-16628"})
    address = "https://www.federalregister.gov/api/v1/documents/2015-00123.json"
    by_address = row_of(ENTRY | {"document_number": "C1-2026-16628", "correction_of": address})

    assert by_number["correction_of"] == "2026-16628"
    assert by_address["correction_of"] == "2015-00123"


def test_a_full_text_that_cannot_be_read_costs_only_what_it_says() -> None:
    parsed = document_row(ENTRY, b"<html>error</html>", SHA)

    assert parsed.rows[0]["title"] == ENTRY["title"]
    assert parsed.rows[0]["xml_sha256"] == SHA
    assert [problem.document for problem in parsed.problems] == ["2023-03929"]


def test_fields_of_another_shape_are_reported() -> None:
    entry = ENTRY | {"type": "Ruling", "effective_on": "soon", "docket_ids": "one", "agencies": [3], "action": 7}

    parsed = document_row(entry, None, None)

    assert sorted(problem.place for problem in parsed.problems) == [
        "$.action",
        "$.agencies",
        "$.docket_ids",
        "$.effective_on",
        "$.type",
    ]
    contract.load("fr_documents").table_of(parsed.rows)


def test_a_document_without_title_makes_no_row() -> None:
    parsed = document_row(ENTRY | {"title": None}, None, None)

    assert parsed.rows == []
    assert parsed.problems[0].reason == "a document without a title"


@pytest.mark.parametrize("missing", ["document_number", "publication_date"])
def test_an_entry_without_identity_is_refused(missing: str) -> None:
    with pytest.raises(SourceError):
        document_row(ENTRY | {missing: None}, None, None)


def test_a_rule_whose_day_of_effect_cannot_be_read_is_reported() -> None:
    xml = b"<RULE><PREAMB><EFFDATE><HD>DATES:</HD><P>See the text.</P></EFFDATE></PREAMB></RULE>"

    parsed = document_row(ENTRY, xml, SHA)

    assert parsed.rows[0]["effective_date"] is None
    assert [problem.place for problem in parsed.problems] == ["DATES"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("agencies", ["industry-and-security-bureau"]),
        ("agencies", [None]),
        ("agencies", [{"slug": ["x"]}]),
        ("agencies", {"slug": "x"}),
        ("full_text_xml_url", ["https://example.org"]),
        ("full_text_xml_url", 5),
        ("cfr_references", [{"title": {"a": 1}, "part": 744}]),
        ("docket_ids", [{"a": 1}]),
        ("abstract", "half of a pair: \ud800"),
    ],
)
def test_a_field_of_an_odd_type_is_a_problem_and_empty(column: str, value: Any) -> None:
    parsed = document_row(ENTRY | {column: value}, None, None)

    assert [problem.place for problem in parsed.problems] == [f"$.{column}"]
    (row,) = contract.load("fr_documents").table_of(parsed.rows).to_pylist()
    assert not row[column]


def test_a_document_number_is_what_the_contract_expects() -> None:
    (expected,) = [
        one for one in contract.load("fr_documents").expectations if one.args.get("column") == "document_number"
    ]
    assert expected.args["regex"] == DOCUMENT_NUMBER

    parsed = document_row(ENTRY | {"document_number": " 2023\u201303929 "}, None, None)
    assert parsed.rows[0]["document_number"] == "2023-03929"
    with pytest.raises(SourceError, match="not a document number"):
        document_row(ENTRY | {"document_number": "2023-03929A"}, None, None)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("[FR Doc. 2022-21658 Filed 10-7-22; 11:15 am]", date(2022, 10, 7)),
        ("[FR Doc. 2024–02930 Filed 2–9–24; 8:45 am]", date(2024, 2, 9)),
        ("[FR Doc. 95-1234 Filed 1-18-95; 8:45 am]", date(1995, 1, 18)),
        ("[FR Doc. 2022-21658 Filed 13-7-22; 11:15 am]", None),
        ("[FR Doc. 2023-23055]", None),
    ],
)
def test_the_day_of_filing_stands_in_the_last_line(line: str, day: date | None) -> None:
    root = etree.fromstring(f"<RULE><FRDOC>{line}</FRDOC></RULE>")
    assert filed_date(root) == day
