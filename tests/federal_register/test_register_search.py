"""The API's search: addresses, pages, and the month put together from them."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from assets.federal_register.search import FIELDS, RESULT_CAP, SearchPage, month_documents, parse_page, search_url
from resources.documents import SourceError


def result(number: str = "2024-00001", day: str = "2024-02-12", **fields: Any) -> dict[str, Any]:
    return {"document_number": number, "publication_date": day, "title": "A rule", **fields}


def page(*results: Any, count: int | None = None, following: str | None = None, name: str = "page 1") -> SearchPage:
    body = {"count": len(results) if count is None else count, "results": list(results), "next_page_url": following}
    return parse_page(orjson.dumps(body), document=name)


def test_a_search_covers_one_month_of_one_agency() -> None:
    url = urlsplit(search_url("https://www.federalregister.gov/", "2024-02", 3))
    query = parse_qs(url.query)

    assert (url.netloc, url.path) == ("www.federalregister.gov", "/api/v1/documents.json")
    assert query["conditions[agencies][]"] == ["industry-and-security-bureau"]
    assert query["conditions[publication_date][gte]"] == ["2024-02-01"]
    assert query["conditions[publication_date][lte]"] == ["2024-02-29"]  # a leap year
    assert query["page"] == ["3"]
    assert query["order"] == ["oldest"]
    assert query["fields[]"] == list(FIELDS)


@pytest.mark.parametrize(
    ("body", "place", "reason"),
    [
        (b"", "", "empty"),
        (b"  \n", "", "empty"),
        (b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>", "", "HTML"),
        (b'{"count": 1, "results": [{"document_number": "20', "line 1", "not JSON"),
        (b"[1, 2]", "$", "list instead of an object"),
        (b'{"results": []}', "$.count", "no count"),
        (b'{"count": "3", "results": []}', "$.count", "no count"),
        (b'{"count": true, "results": []}', "$.count", "no count"),
        (b'{"count": 3}', "$.results", "no list"),
        (b'{"count": 1, "results": {"a": 1}}', "$.results", "no list"),
        (b'{"count": 1, "results": [], "next_page_url": 7}', "$.next_page_url", "not an address"),
    ],
)
def test_a_page_that_is_not_a_result_of_a_search(body: bytes, place: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as caught:
        parse_page(body, document="https://example.org/page")

    assert caught.value.is_index
    assert caught.value.document == "https://example.org/page"
    assert caught.value.place.startswith(place)


def test_a_search_that_finds_nothing_has_no_list() -> None:
    assert month_documents([parse_page(b'{"count": 0, "description": "none"}', document="x")], "2024-02").results == []


def test_pages_are_put_together_in_order() -> None:
    first = page(result("2024-00002"), result("2024-00009", "2024-02-28"), count=3, following="page 2")
    second = page(result("2024-00001"), count=3, name="page 2")

    listing = month_documents([first, second], "2024-02")

    assert [entry["document_number"] for entry in listing.results] == ["2024-00001", "2024-00002", "2024-00009"]
    assert listing.problems == []


@pytest.mark.parametrize(
    ("pages", "reason"),
    [
        ([], "no page"),
        ([page(result(), count=2)], "2 documents are announced and 1 came"),
        ([page(result(), result("2024-00002"), count=1)], "1 documents are announced and 2 came"),
        ([page(result(), count=2, following="page 2")], "more pages"),
        ([page(result(), count=2, following="p"), page(result("2024-00002"), count=3)], "pages count 2 and"),
        ([page(result(), result(title="Another"))], "twice with different content"),
        ([page(result(day="2024-03-01"))], "does not belong to 2024-02"),
        ([page(result(), count=RESULT_CAP)], "at most 10000"),
        # A document that moved to the next page while the pages were read hides the one that moved away.
        ([page(result(), count=2, following="p"), page(result(), count=2)], "2 documents are announced and 1 came"),
    ],
)
def test_a_month_that_cannot_be_trusted_is_refused(pages: list[SearchPage], reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as caught:
        month_documents(pages, "2024-02")

    assert caught.value.is_index


def test_an_entry_that_cannot_be_identified_loses_only_itself() -> None:
    broken = [{"title": "No number", "publication_date": "2024-02-01"}, result("2024-7", None), result("8", "soon"), 5]  # type: ignore[arg-type]

    listing = month_documents([page(result(), *broken)], "2024-02")

    assert [entry["document_number"] for entry in listing.results] == ["2024-00001"]
    assert [problem.place for problem in listing.problems] == [f"$.results[{n}]" for n in (1, 2, 3, 4)]
    assert [problem.document for problem in listing.problems] == ["page 1", "2024-7", "8", "page 1"]
    assert not any(problem.is_index for problem in listing.problems)


def test_dashes_and_blanks_make_no_other_document() -> None:
    # The daily issue of 2024-02-12 prints en dashes in its numbers.
    listing = month_documents(
        [page(result("2024\u201302930"), result(" 2024-02931 "), result("C10-2024-02930"))], "2024-02"
    )

    assert listing.problems == []
    assert [entry["document_number"] for entry in listing.results] == ["2024-02930", "2024-02931", "C10-2024-02930"]


def test_a_number_that_is_none_is_a_problem_of_its_document() -> None:
    listing = month_documents([page(result("2024-02930A"), result("../../x"), result())], "2024-02")

    assert [entry["document_number"] for entry in listing.results] == ["2024-00001"]
    assert [(problem.document, problem.is_index) for problem in listing.problems] == [
        ("2024-02930A", False),
        ("../../x", False),
    ]
