"""A folder that answers the sources' addresses: files, the Federal Register's search, validators, its limits."""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from source_server import SEARCH, SourceServer

from resources.documents import SourceError
from resources.folder import Folder, FolderAdapter
from resources.http import Http
from resources.settings import Settings

BIS, OTHER = "industry-and-security-bureau", "foreign-assets-control-office"


def entry(number: str, day: str, *agencies: str) -> dict[str, Any]:
    return {
        "document_number": number,
        "publication_date": day,
        "title": f"Title of {number}",
        "agencies": [{"slug": slug} for slug in agencies],
    }


DOCUMENTS = [
    entry("2025-00003", "2025-01-31", BIS),
    entry("2025-00001", "2025-01-01", BIS, "commerce-department"),
    entry("2025-00002", "2025-01-15", OTHER),
    entry("2025-00005", "2025-02-01", BIS),
    entry("2025-00004", "2025-01-31", BIS),
    entry("2024-99999", "2024-12-31", BIS),
]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    index = tmp_path / "mirror" / "www.federalregister.gov" / "documents.index.json"
    index.parent.mkdir(parents=True)
    index.write_text(json.dumps(DOCUMENTS))
    (tmp_path / "mirror" / "www.sec.gov").mkdir()
    (tmp_path / "mirror" / "www.sec.gov" / "a.htm").write_bytes(b"<html>a</html>")
    (tmp_path / "mirror" / "www.sec.gov" / "list?page=2").write_bytes(b"second page")
    return Folder(tmp_path / "mirror")


def session(folder: Folder) -> requests.Session:
    asking = requests.Session()
    asking.mount("https://", FolderAdapter(folder))
    return asking


def query(month: str = "2025-01", **more: Any) -> str:
    year, number = map(int, month.split("-"))
    conditions = {
        "conditions[agencies][]": [BIS],
        "conditions[publication_date][gte]": f"{month}-01",
        "conditions[publication_date][lte]": f"{month}-{monthrange(year, number)[1]}",
        "order": "oldest",
    }
    return urlencode({name: value for name, value in {**conditions, **more}.items() if value is not None}, doseq=True)


def search(folder: Folder, asked: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(folder.search(asked))
    return answer


def numbers(answer: dict[str, Any]) -> list[str]:
    return [document["document_number"] for document in answer["results"]]


def test_search_filters_by_agency_and_by_both_days_included(folder: Folder) -> None:
    answer = search(folder, query())
    assert numbers(answer) == ["2025-00001", "2025-00003", "2025-00004"]
    assert answer["count"] == 3
    assert "next_page_url" not in answer


def test_search_orders_newest_first_unless_told_otherwise(folder: Folder) -> None:
    oldest = ["2025-00001", "2025-00003", "2025-00004"]
    assert numbers(search(folder, query())) == oldest
    assert numbers(search(folder, query(order="newest"))) == oldest[::-1]
    assert numbers(search(folder, query(order=None))) == oldest[::-1]


def test_search_without_agency_finds_those_of_all(folder: Folder) -> None:
    found = search(folder, query("2025-01", **{"conditions[agencies][]": None}))
    assert numbers(found) == ["2025-00001", "2025-00002", "2025-00003", "2025-00004"]


def test_search_for_two_agencies_finds_either(folder: Folder) -> None:
    assert search(folder, query("2025-01", **{"conditions[agencies][]": [BIS, OTHER]}))["count"] == 4


def test_document_that_names_no_agency_is_found_for_any(folder: Folder) -> None:
    """Lists of real documents do not always say whose they are; they are in the folder because they were wanted."""
    folder.federal_register_documents[0].pop("agencies")
    folder.federal_register_documents[3]["agencies"] = []
    assert search(folder, query())["count"] == 3
    assert search(folder, query("2025-02"))["count"] == 1


def test_search_gives_the_fields_asked_for_and_null_where_there_is_none(folder: Folder) -> None:
    answer = search(folder, query("2025-02", **{"fields[]": ["document_number", "citation"]}))
    assert answer["results"] == [{"document_number": "2025-00005", "citation": None}]
    assert search(folder, query("2025-02"))["results"] == [DOCUMENTS[3]]


def test_search_without_result_has_a_count_and_no_list(folder: Folder) -> None:
    """As the API answers it: ``{"count": 0}`` and no ``results``."""
    answer = search(folder, query("2023-01"))
    assert answer["count"] == 0
    assert "results" not in answer
    assert "next_page_url" not in answer


def test_pages_lead_to_each_other_and_hold_each_document_once(folder: Folder) -> None:
    found, pages, asked = [], 0, query(per_page=2)
    while True:
        answer = search(folder, asked)
        assert (answer["count"], answer["total_pages"]) == (3, 2)
        found += numbers(answer)
        pages += 1
        if "next_page_url" not in answer:
            break
        assert answer["next_page_url"].startswith(f"{SEARCH}?")
        asked = urlsplit(answer["next_page_url"]).query
        assert parse_qs(asked)["conditions[agencies][]"] == [BIS]
    assert found == ["2025-00001", "2025-00003", "2025-00004"]
    assert pages == 2


def test_page_behind_the_last_is_empty(folder: Folder) -> None:
    answer = search(folder, query(per_page=2, page=3))
    assert (answer["count"], answer["results"]) == (3, [])
    assert "next_page_url" not in answer


def test_folder_and_server_answer_the_same(samples: Path) -> None:
    """Two implementations of the search, written apart, over the 24 documents of the samples."""
    folder = Folder(samples)
    with SourceServer(samples) as server:
        for month in ("2023-10", "2025-01", "2025-11", "2021-01"):
            for page in (1, 2):
                asked = query(month, per_page=2, page=page, **{"fields[]": ["document_number", "publication_date"]})
                theirs = json.loads(server.usual(f"{SEARCH}?{asked}").body)
                ours = search(folder, asked)
                assert ours["count"] == theirs["count"]
                assert ("next_page_url" in ours) == ("next_page_url" in theirs)
                assert sorted(map(str, ours.get("results", []))) == sorted(map(str, theirs.get("results", [])))
    assert search(folder, query("2025-01"))["count"] == 4


def test_file_is_answered_under_its_address(folder: Folder) -> None:
    answer = session(folder).get("https://www.sec.gov/a.htm")
    assert (answer.status_code, answer.content) == (200, b"<html>a</html>")
    assert answer.headers["Content-Type"] == "text/html"
    assert answer.headers["Content-Length"] == "14"
    assert session(folder).get("https://www.sec.gov/list?page=2").content == b"second page"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.sec.gov/b.htm",
        "https://www.sec.gov/",
        "https://www.sec.gov/list",
        "https://www.sec.gov/list?page=3",
        "https://other.example.org/a.htm",
        "https://www.sec.gov/" + "long" * 100 + ".htm",
    ],
)
def test_what_is_not_held_is_404(folder: Folder, url: str) -> None:
    assert session(folder).get(url).status_code == 404
    assert folder.entry(url) is None


def test_a_search_of_a_folder_without_a_list_finds_nothing(tmp_path: Path) -> None:
    """A mirror need not hold the Federal Register; the search's address is longer than a file's name may be."""
    asked = query("2025-01", **{"fields[]": [f"field_{number}" for number in range(40)]})
    answer = session(Folder(tmp_path)).get(f"{SEARCH}?{asked}")
    assert (answer.status_code, answer.json()["count"]) == (200, 0)


def test_file_that_is_current_is_304_without_a_body(folder: Folder) -> None:
    asking = session(folder)
    first = asking.get("https://www.sec.gov/a.htm")
    again = asking.get("https://www.sec.gov/a.htm", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    (folder.path / "www.sec.gov" / "a.htm").write_bytes(b"<html>b</html>")
    changed = asking.get("https://www.sec.gov/a.htm", headers={"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.content) == (200, b"<html>b</html>")


def test_search_that_found_the_same_is_304(folder: Folder) -> None:
    asking, url = session(folder), f"{SEARCH}?{query()}"
    first = asking.get(url)
    assert asking.get(url, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    "url",
    [
        "https://www.sec.gov/../../secret",
        "https://www.sec.gov/%2e%2e/%2e%2e/secret",
        "https://www.sec.gov/x/../../../secret",
        "https://../secret",
        "https:///secret",
        "https://www.sec.gov/\0",
        "http://[bad/secret",
    ],
)
def test_no_address_leads_out_of_the_folder(folder: Folder, live: Callable[..., Settings], url: str) -> None:
    """Addresses come from documents: such a one is that document's error and nobody else's."""
    folder.path.with_name("secret").write_bytes(b"secret")
    assert folder.entry(url) is None
    http = Http(live(addresses={}), session(folder), spaced=False)
    with pytest.raises(SourceError):
        http.get(url, source="sec")


def test_a_link_out_of_the_folder_is_not_followed(folder: Folder) -> None:
    folder.path.with_name("secret").write_bytes(b"secret")
    (folder.path / "www.sec.gov" / "link").symlink_to(folder.path.with_name("secret"))
    assert session(folder).get("https://www.sec.gov/link").status_code == 404


def write_index(folder: Folder, *lines: str) -> None:
    text = "\n".join(["url,file,status,content_type,last_modified", *lines])
    (folder.path / "index.csv").write_text(text, encoding="utf-8")


def test_index_names_other_files_statuses_types_and_dates(folder: Folder) -> None:
    (folder.path / "saved").mkdir()
    (folder.path / "saved" / "one.bin").write_bytes("台積電".encode("big5"))
    (folder.path / "saved" / "gone.html").write_bytes(b"<html>Gone</html>")
    write_index(
        folder,
        "https://feeds.example.org/a?b=c,saved/one.bin,200,text/xml; charset=big5,2024-11-20",
        "https://feeds.example.org/gone,saved/gone.html,410,text/html,",
        "https://www.sec.gov/a.htm,saved/gone.html,503,text/html,",
    )
    asking = session(folder)
    one = asking.get("https://feeds.example.org/a?b=c")
    assert (one.status_code, one.content.decode("big5")) == (200, "台積電")
    assert one.headers["Content-Type"] == "text/xml; charset=big5"
    assert one.headers["Last-Modified"] == "Wed, 20 Nov 2024 00:00:00 GMT"
    gone = asking.get("https://feeds.example.org/gone")
    assert (gone.status_code, gone.reason, gone.content) == (410, "Gone", b"<html>Gone</html>")
    assert "ETag" not in gone.headers
    assert asking.get("https://www.sec.gov/a.htm").status_code == 503, "the index comes before the file"


def test_index_that_leads_out_of_the_folder_is_refused(folder: Folder) -> None:
    folder.path.with_name("secret").write_bytes(b"secret")
    write_index(folder, "https://www.sec.gov/b.htm,../secret,200,text/plain,")
    with pytest.raises(ValueError, match="leaves the folder"):
        folder.entry("https://www.sec.gov/b.htm")


def test_index_that_names_a_file_that_is_not_there_is_404_for_that_one(folder: Folder) -> None:
    write_index(folder, "https://www.sec.gov/b.htm,www.sec.gov/b.htm,200,text/html,")
    assert session(folder).get("https://www.sec.gov/b.htm").status_code == 404
    assert session(folder).get("https://www.sec.gov/a.htm").status_code == 200


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("url,file\nhttps://www.sec.gov/b.htm,a", "lacks the columns.*content_type.*status"),
        ("url,file,status,content_type,last_modified\nhttps://a/b,c,OK,text/html,", "line 2.*no HTTP status.*OK"),
    ],
)
def test_index_that_is_none_says_where(folder: Folder, text: str, said: str) -> None:
    (folder.path / "index.csv").write_text(text)
    with pytest.raises(ValueError, match=rf"index\.csv.*{said}"):
        folder.entry("https://www.sec.gov/a.htm")


@pytest.mark.parametrize("content", ["{", '{"count": 0}', "[1]"])
def test_list_of_documents_that_is_none_says_so(folder: Folder, content: str) -> None:
    (folder.path / "www.federalregister.gov" / "documents.index.json").write_text(content)
    with pytest.raises(ValueError, match=r"documents\.index\.json: not"):
        folder.search(query())


def test_document_without_a_date_is_found_on_the_last_day_held(folder: Folder) -> None:
    """So that intake, which must have a date, reports it: no other day's search would ever bring it up."""
    folder.federal_register_documents.append({**entry("2025-00009", "", BIS), "publication_date": None})
    assert "2025-00009" in numbers(search(folder, query("2025-02")))
    assert "2025-00009" not in numbers(search(folder, query("2025-01")))


def test_listing_names_each_file_by_its_address(folder: Folder) -> None:
    (folder.path / "README.md").write_text("not an answer of any host")
    listed = {line["url"]: line for line in folder.listing()}
    assert sorted(listed) == ["https://www.sec.gov/a.htm", "https://www.sec.gov/list?page=2"]
    assert listed["https://www.sec.gov/a.htm"]["file"] == "www.sec.gov/a.htm"


def test_the_samples_index_is_what_they_hold(samples: Path) -> None:
    """A file forgotten in index.csv, or a line without its file; ``chokepoint index samples`` mends it."""
    folder = Folder(samples)
    assert {line["url"] for line in folder.listing()} == set(folder.entries)
    assert all(entry.file.is_file() for entry in folder.entries.values())


def test_a_folder_knows_below_which_addresses_it_holds_documents(tmp_path: Path) -> None:
    report = tmp_path / "www.sec.gov/Archives/edgar/data/2488/000000248825000166/amd-20250927.htm"
    report.parent.mkdir(parents=True)
    report.write_text("", "utf-8")
    (tmp_path / "www.sec.gov/Archives/edgar/data/804328").mkdir()
    (tmp_path / "index.csv").write_text(
        "url,file,status,content_type,last_modified\nhttps://a.example/b/c,x,404,text/plain,\n", "utf-8"
    )
    folder, edgar = Folder(tmp_path), "https://www.sec.gov/Archives/edgar/data"
    assert folder.holds_below(f"{edgar}/2488")
    assert folder.holds_below(edgar)
    assert not folder.holds_below(f"{edgar}/248"), "another filer, whose number begins alike"
    assert not folder.holds_below(f"{edgar}/804328"), "an empty folder"
    assert folder.holds_below("https://a.example/b")
    assert not folder.holds_below("https://a.example/../../b")
