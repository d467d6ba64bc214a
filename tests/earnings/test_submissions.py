"""Submissions JSON to filings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from assets.earnings import submissions
from assets.earnings.vendors import Vendor
from expectations import contract
from resources.documents import Parsed, SourceError

URL = "https://data.sec.gov/submissions/CIK0001045810.json"


def _columns() -> dict[str, list[Any]]:
    return {
        "accessionNumber": ["0001045810-25-000230", "0001045810-25-000228", "0001045810-25-000001"],
        "filingDate": ["2025-11-19", "2025-11-19", "2025-01-02"],
        "reportDate": ["2025-10-26", "2025-11-19", ""],
        "acceptanceDateTime": ["2025-11-19T21:36:17.000Z", "2025-11-19T21:20:44.000Z", "2025-01-02T21:00:00.000Z"],
        "form": ["10-Q", "8-K/A", "4"],
        "items": ["", "2.02,9.01", ""],
        "primaryDocument": ["nvda-20251026.htm", "nvda-20251119.htm", "xslF345X05/form4.xml"],
        "isInlineXBRL": [1, 1, 0],
        "size": [1, 2, 3],
    }


def _body(columns: dict[str, Any], files: Any = ()) -> bytes:
    return orjson.dumps({"cik": "0001045810", "filings": {"recent": columns, "files": list(files)}})


def _read(body: bytes, known: dict[str, Vendor]) -> Parsed:
    return submissions.filings_of(body, vendor=known["nvidia"], document=URL, sha256="a" * 64)


def test_columns_become_rows_of_the_contract(known: dict[str, Vendor]) -> None:
    parsed = _read(_body(_columns()), known)
    assert not parsed.problems
    contract.load("filings").table_of(parsed.rows)
    quarterly, current = parsed.rows  # form 4 is out of scope
    assert quarterly == {
        "accession_number": "0001045810-25-000230",
        "vendor": "nvidia",
        "cik": 1045810,
        "form": "10-Q",
        "filing_date": date(2025, 11, 19),
        "month": "2025-11",
        "report_date": date(2025, 10, 26),
        "accepted_at": datetime(2025, 11, 19, 21, 36, 17, tzinfo=UTC),
        "items": [],
        "primary_document_url": "https://www.sec.gov/Archives/edgar/data/1045810/000104581025000230/nvda-20251026.htm",
        "is_inline_xbrl": True,
        "amends_form": None,
        "amends_accession_number": None,
        "primary_sha256": None,
        "source_sha256": "a" * 64,
    }
    assert (current["form"], current["amends_form"], current["items"]) == ("8-K/A", "8-K", ["2.02", "9.01"])


def test_an_older_page_is_columns_alone(known: dict[str, Vendor]) -> None:
    assert len(_read(orjson.dumps(_columns()), known).rows) == 2


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("accessionNumber", "", "no accession number"),
        ("accessionNumber", None, "no accession number"),
        ("filingDate", "19/11/2025", "0001045810-25-000230: filing date '19/11/2025' is not a date"),
        ("filingDate", "", "0001045810-25-000230: no filing date"),
        ("reportDate", "2025-13-01", "report date '2025-13-01' is not a date"),
        ("acceptanceDateTime", "2025-11-19T21:36:17", "does not say in which zone"),
        ("form", "", "no form"),
    ],
)
def test_a_filing_that_cannot_be_read_is_reported_and_the_rest_kept(
    known: dict[str, Vendor], column: str, value: Any, reason: str
) -> None:
    columns = _columns()
    columns[column][0] = value
    parsed = _read(_body(columns), known)
    assert [row["accession_number"] for row in parsed.rows] == ["0001045810-25-000228"]
    (problem,) = parsed.problems
    assert reason in problem.reason
    assert (problem.document, problem.place) == (URL, "filings.recent[0]")


def _ragged(columns: dict[str, list[Any]]) -> bytes:
    columns["items"].pop()
    return _body(columns)


def _without_form(columns: dict[str, list[Any]]) -> bytes:
    del columns["form"]
    return _body(columns)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (lambda _: b"<!DOCTYPE html><html><body>Request Rate Threshold Exceeded</body></html>", "not JSON"),
        (lambda columns: _body(columns)[:-40], "not JSON"),
        (lambda _: b"[]", "a JSON object was expected, not list"),
        (_ragged, "columns of unequal length"),
        (_without_form, "columns missing: form"),
        (lambda columns: orjson.dumps({"cik": "2488", "filings": {"recent": columns}}), "belongs to CIK '2488'"),
        (lambda _: orjson.dumps({"cik": "1045810", "filings": None}), "no columns of filings"),
    ],
)
def test_an_unusable_index_stops_the_night(
    known: dict[str, Vendor], body: Callable[[dict[str, list[Any]]], bytes], reason: str
) -> None:
    with pytest.raises(SourceError, match=reason) as caught:
        _read(body(_columns()), known)
    assert caught.value.is_index
    assert caught.value.document == URL


def test_the_same_filing_twice(known: dict[str, Vendor]) -> None:
    columns = {name: [*values, values[0]] for name, values in _columns().items()}
    assert len(_read(_body(columns), known).rows) == 2
    columns["reportDate"][-1] = "2025-07-27"
    parsed = _read(_body(columns), known)
    assert len(parsed.rows) == 2
    assert "listed twice, differently" in parsed.problems[0].reason


def test_older_pages_are_named_and_can_be_left_out_by_date() -> None:
    page = {"name": "CIK0001045810-submissions-001.json", "filingFrom": "1998-03-06", "filingTo": "2019-11-18"}
    body = _body(_columns(), [page])
    url = "https://data.sec.gov/submissions/CIK0001045810-submissions-001.json"
    assert submissions.older_pages(body, document=URL) == [url]
    assert submissions.older_pages(body, document=URL, since=date(2019, 11, 18)) == [url]
    assert submissions.older_pages(body, document=URL, since=date(2022, 10, 1)) == []
    with pytest.raises(SourceError, match="without name or dates"):
        submissions.older_pages(_body(_columns(), [{"name": "x"}]), document=URL)


def test_nvidia_as_published(known: dict[str, Vendor], real_documents: Path) -> None:
    body = (real_documents / "mirror" / URL.removeprefix("https://")).read_bytes()
    parsed = _read(body, known)
    assert not parsed.problems
    forms = [row["form"] for row in parsed.rows]
    # Of 1,007 filings listed, counted by form in filings.recent.form.
    assert {form: forms.count(form) for form in set(forms)} == {"8-K": 60, "10-Q": 18, "10-K": 7, "8-K/A": 1}
    letters = [row for row in parsed.rows if row["accession_number"] == "0001045810-25-000082"]
    assert [(row["items"], row["filing_date"], row["report_date"]) for row in letters] == [
        (["8.01"], date(2025, 4, 15), date(2025, 4, 9))
    ]
    assert contract.load("filings").table_of(parsed.rows).num_rows == 86
    assert submissions.older_pages(body, document=URL) == [
        "https://data.sec.gov/submissions/CIK0001045810-submissions-001.json"
    ]
