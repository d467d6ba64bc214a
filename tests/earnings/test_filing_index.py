"""EDGAR's page of a filing, to its documents."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assets.earnings import filing_index
from assets.earnings.reports import has_exhibits
from expectations import contract
from resources.documents import Parsed, Row, SourceError

NUMBER = "0001045810-26-000024"
FOLDER = "/Archives/edgar/data/1045810/000104581026000024"
FILING: Row = {
    "accession_number": NUMBER,
    "vendor": "nvidia",
    "filing_date": date(2026, 3, 6),
    "month": "2026-03",
}
HEADS = "<tr><th>Seq</th><th>Description</th><th>Document</th><th>Type</th><th>Size</th></tr>"


def line(sequence: str, kind: str, name: str, size: str = "10", path: str = FOLDER) -> str:
    return (
        f'<tr><td>{sequence}</td><td>{kind}</td><td><a href="{path}/{name}">{name}</a></td><td>{kind}</td>'
        f"<td>{size}</td></tr>"
    )


def page(*lines: str, number: str = NUMBER, heads: str = HEADS) -> bytes:
    rows = heads + "".join(lines)
    return (
        f"<html><head><title>EDGAR Filing Documents for {number}</title></head><body>"
        f'<table summary="Document Format Files">{rows}</table></body></html>'
    ).encode()


def read(body: bytes) -> Parsed:
    return filing_index.documents_of(body, filing=FILING, document="page", sha256="a" * 64)


def test_a_page_as_published(real_documents: Path) -> None:
    """Two documents; sizes as printed on the page."""
    parsed = read((real_documents / "extra/sec/0001045810-26-000024-index.html").read_bytes())
    assert not parsed.problems
    contract.load("filing_documents").table_of(parsed.rows)
    assert [(row["sequence"], row["document_type"], row["url"], row["size_bytes"]) for row in parsed.rows] == [
        (1, "8-K", f"https://www.sec.gov{FOLDER}/nvda-20260302.htm", 31103),
        (2, "EX-10.1", f"https://www.sec.gov{FOLDER}/formxex101xfy27variablecom.htm", 15048),
    ]
    # The submission itself, which has the documents in full, agrees.
    submission = (real_documents / "extra/sec/0001045810-26-000024.txt").read_text("latin-1")
    for row in parsed.rows:
        assert f"<TYPE>{row['document_type']}\n<SEQUENCE>{row['sequence']}\n<FILENAME>{row['url'].rsplit('/')[-1]}" in (
            submission
        )


def test_releases_are_wanted_and_other_exhibits_are_not() -> None:
    wanted = ("EX-99.1", "EX-99.2", "EX-99.01", "EX-99")
    assert all(map(filing_index.is_wanted, wanted))
    assert not any(map(filing_index.is_wanted, ("EX-99.3", "EX-10.1", "8-K", "EX-99.10", "EX-991", "GRAPHIC", "")))


def test_a_line_that_cannot_be_read_is_reported_and_the_rest_kept() -> None:
    elsewhere = "/Archives/edgar/data/1045810/000104581026000025"
    parsed = read(
        page(
            line("1", "8-K", "a.htm"),
            line("2", "EX-99.1", "b.htm", path=elsewhere),
            line("x", "EX-99.2", "c.htm"),
            line("1", "EX-99.3", "d.htm"),
            line("4", "", "e.htm"),
            "<tr><td>5</td></tr>",
            line("6", "EX-99.1", "f.htm", size=""),
        )
    )
    assert [(row["sequence"], row["size_bytes"]) for row in parsed.rows] == [(1, 10), (6, None)]
    reasons = [problem.reason for problem in parsed.problems]
    assert len(reasons) == 5
    assert "has no address in the filing" in reasons[0]
    assert "two documents bear the number 1" in reasons[2]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no page"),
        (b"<!DOCTYPE html><html><title>Request Rate Threshold Exceeded</title></html>", "not the page of"),
        (page(line("1", "8-K", "a.htm"), number="0001045810-26-000025"), "not the page of"),
        (page(), "no document is listed"),
        (page(line("1", "8-K", "a.htm"), heads="<tr><th>Seq</th><th>Type</th></tr>"), "columns"),
        (page(line("1", "8-K", "a.htm")).replace(b"Format", b"Former"), "0 tables"),
    ],
)
def test_what_is_not_the_filings_page_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        read(body)


@pytest.mark.parametrize(
    ("form", "items", "wanted"),
    [
        ("8-K", ["2.02", "9.01"], True),
        ("8-K", ["5.02"], False),
        ("8-K/A", [], True),
        ("6-K", [], True),
        ("10-Q", [], False),
        ("20-F", [], False),
    ],
)
def test_whose_exhibits_matter(form: str, items: list[str], wanted: bool) -> None:
    assert has_exhibits({"form": form, "items": items}) is wanted
