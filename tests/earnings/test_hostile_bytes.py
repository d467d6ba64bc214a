"""Whatever arrives, a reader gives rows and problems or raises the error that names the document; nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_documents import context, document

from assets.earnings import companyfacts, inline_xbrl, submissions, vendors
from resources.documents import SourceError

NVIDIA = vendors.load()["nvidia"]

SUBMISSIONS = orjson.dumps(
    {
        "cik": "0001045810",
        "filings": {
            "recent": {
                "accessionNumber": ["0001045810-25-000230"],
                "filingDate": ["2025-11-19"],
                "reportDate": ["2025-10-26"],
                "acceptanceDateTime": ["2025-11-19T21:36:17.000Z"],
                "form": ["10-Q"],
                "items": [""],
                "primaryDocument": ["nvda-20251026.htm"],
                "isInlineXBRL": [1],
            },
            "files": [],
        },
    }
)
ENTRY = {"start": "2025-07-28", "end": "2025-10-26", "val": 57006000000, "form": "10-Q", "filed": "2025-11-19"}
COMPANYFACTS = orjson.dumps(
    {
        "cik": 1045810,
        "facts": {"us-gaap": {"Revenues": {"units": {"USD": [ENTRY | {"accn": "0001045810-25-000230"}]}}}},
    }
)
INLINE = document(
    '<p><ix:nonFraction id="f-1" name="us-gaap:Revenues" contextRef="c-1" unitRef="usd" decimals="-6" scale="6" '
    'format="ixt:num-dot-decimal">57,006</ix:nonFraction></p>',
    context("c-1", ("srt:ProductOrServiceAxis", "nvda:DataCenterMember")),
)


def _changed(body: bytes, at: int, new: bytes, cut: bool) -> bytes:
    at %= len(body)
    return body[:at] + new + (b"" if cut else body[at + len(new) :])


def _outcome(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except SourceError as error:
        return error


changes = settings(max_examples=150, deadline=None)(given(st.integers(0, 10**6), st.binary(max_size=6), st.booleans()))


@changes
def test_submissions(at: int, new: bytes, cut: bool) -> None:
    body = _changed(SUBMISSIONS, at, new, cut)
    found = _outcome(lambda: submissions.filings_of(body, vendor=NVIDIA, document="d", sha256="0" * 64))
    assert found.is_index if isinstance(found, SourceError) else len(found.rows) + len(found.problems) <= 1


@changes
def test_companyfacts(at: int, new: bytes, cut: bool) -> None:
    body = _changed(COMPANYFACTS, at, new, cut)
    found = _outcome(lambda: companyfacts.facts_of(body, vendor=NVIDIA, document="d", sha256="0" * 64))
    assert found.is_index if isinstance(found, SourceError) else found.table.num_rows + len(found.problems) == 1


@changes
def test_inline_xbrl(at: int, new: bytes, cut: bool) -> None:
    body = _changed(INLINE, at, new, cut)
    found = _outcome(
        lambda: inline_xbrl.facts_of(
            body,
            vendor=NVIDIA,
            accession_number="0001045810-25-000230",
            form="10-Q",
            filed=date(2025, 11, 19),
            document="d",
            sha256="0" * 64,
        )
    )
    assert found.place if isinstance(found, SourceError) else found.table.num_rows + len(found.problems) <= 1


JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(JSON, JSON, st.sampled_from(["accn", "start", "end", "val", "form", "filed"]))
def test_companyfacts_of_any_shape(facts: Any, value: Any, key: str) -> None:
    entry = ENTRY | {"accn": "0001045810-25-000230", key: value}
    shaped = {"us-gaap": {"Revenues": {"units": {"USD": [entry], "X": facts}}, "Other": facts}, "dei": facts}
    body = orjson.dumps({"cik": 1045810, "facts": shaped})
    found = _outcome(lambda: companyfacts.facts_of(body, vendor=NVIDIA, document="d", sha256="0" * 64))
    assert found.is_index if isinstance(found, SourceError) else found.table.num_rows + len(found.problems) >= 1


@settings(max_examples=150, deadline=None)
@given(JSON, st.sampled_from(["accessionNumber", "filingDate", "reportDate", "acceptanceDateTime", "form", "items"]))
def test_submissions_of_any_shape(value: Any, column: str) -> None:
    data = orjson.loads(SUBMISSIONS)
    data["filings"]["recent"][column] = [value]
    parsed = submissions.filings_of(orjson.dumps(data), vendor=NVIDIA, document="d", sha256="0" * 64)
    assert len(parsed.rows) + len(parsed.problems) <= 1
