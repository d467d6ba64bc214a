"""Whole nights on live sources, for which a local server speaks: through hiccups, again, broken, and repaired.

Four nights, one after the other, on what the samples hold from October 2025 on:

1. the server stumbles in every way that passes by itself;
2. nothing is new;
3. intake is widened to August 2025 while documents are broken, among them two search pages;
4. all is repaired.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pyarrow.parquet as pq
import pytest
import source_server as wrong
import yaml
from source_server import Asked, SourceServer

from assets.earnings import vendors
from expectations import contract

FR = "https://www.federalregister.gov/documents/full_text/xml"
ARROW_ADDED = f"{FR}/2025/10/09/2025-19508.xml"
FUDAN_ADDED = f"{FR}/2025/09/16/2025-17893.xml"
FIFTY_PERCENT = f"{FR}/2025/09/30/2025-19001.xml"
NVIDIA_FACTS = "https://data.sec.gov/api/xbrl/companyfacts/CIK0001045810.json"
AMD_FILINGS = "https://data.sec.gov/submissions/CIK0000002488.json"
NVIDIA_REPORT = "https://www.sec.gov/Archives/edgar/data/1045810/000104581025000230/nvda-20251026.htm"
CHIP_MARKET = "https://feeds.example.org/en/chip-market.atom"
SEMICONDUCTORS = "https://feeds.example.org/zh-hant/semiconductors.rss"
AUGUST, SEPTEMBER, NOVEMBER = (f"publication_date%5D%5Bgte%5D=2025-{month}-01" for month in ("08", "09", "11"))
"""What the addresses of a month's search contain. The samples have no rule of August, two of September and two of
November; two reports were filed in August and none in September."""


@dataclass(frozen=True)
class Night:
    """How a night ended, what was asked in it, and how the tables stood after it."""

    done: CompletedProcess[str]
    asked: list[Asked]
    current: str
    """Name of the release that is current after it."""
    lake: dict[str, str]
    """sha256 of each file of that release."""
    problems: list[str]
    """Lines of ``chokepoint problems``."""

    def statuses(self, part: str) -> list[int]:
        """Answers to requests of addresses that contain ``part``, in order."""
        return [asked.status for asked in self.asked if part in asked.url]

    @property
    def bodies(self) -> list[str]:
        """Addresses that sent a body."""
        return [asked.url for asked in self.asked if asked.status == 200]


@dataclass
class Story:
    """The four nights, and where they happened."""

    folder: Path
    lake: Path
    nights: list[Night] = field(default_factory=list)

    def rows(self, night: int, table: str) -> list[dict[str, Any]]:
        """Rows of a table in the release that was current after a night (counted from 1)."""
        path = self.lake / "releases" / self.nights[night - 1].current / f"{table}.parquet"
        rows: list[dict[str, Any]] = pq.read_table(path, partitioning=None).to_pylist()
        return rows

    def work(self, table: str, month: str) -> list[dict[str, Any]]:
        """Rows of a month as the third night, which published nothing, left them in the working area."""
        rows: list[dict[str, Any]] = pq.read_table(self.folder / "work-3" / table / f"{month}.parquet").to_pylist()
        return rows


def vendors_of(*slugs: str) -> str:
    """A list of vendors with these blocks of the project's own."""
    blocks = yaml.safe_load(vendors.FILE.read_text("utf-8"))["vendors"]
    return yaml.safe_dump({"vendors": {slug: blocks[slug] for slug in slugs}}, allow_unicode=True)


@pytest.fixture(scope="module")
def story(live_nights: Future[Story]) -> Story:
    return live_nights.result()


def tell(folder: Path, deploy: Callable[..., Any], samples: Path) -> Story:
    """Spend the four nights; they begin with the first test of all, beside the others."""
    deployed = deploy(folder, "live")
    told = Story(folder, deployed.lake)
    of_samples = folder / "vendors.yml"  # the server knows no filings of the others
    of_samples.write_text(vendors_of("nvidia", "amd", "intel"), "utf-8")
    with SourceServer(samples, gzips=True) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1")
        settings = {
            "contact": "tests@example.org",
            "addresses": json.dumps(server.addresses),
            "feeds": "samples/feeds.yml",
            "vendors": str(of_samples),
            "http_requests_per_s": json.dumps(dict.fromkeys(wrong.HOSTS, 1000)),
            "http_timeout_s": "2",
            "http_longest_wait_s": "1",
            "retry_wait_s": "0",
        }

        def spend(first_month: str) -> None:
            server.forget()
            done = deployed.run("nightly", first_month=first_month, **settings)
            asked = list(server.asked)
            listed = deployed.run("problems", first_month=first_month, **settings)
            current = deployed.current.resolve()
            lake = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(current.glob("*"))}
            told.nights.append(Night(done, asked, current.name, lake, listed.stdout.splitlines()))

        server.misbehave(NOVEMBER, wrong.status(503), times=2)
        server.misbehave(NVIDIA_FACTS, wrong.status(429, retry_after="1"), times=1)
        server.misbehave(ARROW_ADDED, wrong.reset(), times=1)
        server.misbehave(NVIDIA_REPORT, wrong.truncated(compress=True), times=1)
        server.misbehave(CHIP_MARKET, wrong.slow(5), times=1)
        server.misbehave(AMD_FILINGS, wrong.status(503), times=5)  # more than the four attempts of one request
        spend("2025-10")
        server.repair()

        spend("2025-10")

        server.misbehave(FUDAN_ADDED, wrong.html_page())
        server.misbehave(FIFTY_PERCENT, wrong.status(404))
        server.misbehave(CHIP_MARKET, wrong.html_page())
        feed = (samples / SEMICONDUCTORS.removeprefix("https://")).read_bytes()
        server.misbehave(SEMICONDUCTORS, wrong.body(feed[: feed.rindex(b"</item>")], "application/rss+xml"))
        server.misbehave(NVIDIA_FACTS, wrong.body(b'{"cik": 1045810,\n "facts": }', "application/json"))
        server.misbehave(AUGUST, wrong.miscounted())
        server.misbehave(NOVEMBER, wrong.miscounted())
        spend("2025-08")
        shutil.copytree(deployed.state / "live" / "work", folder / "work-3")
        server.repair()

        spend("2025-08")
    assert not server.faults
    return told


def test_first_night_gets_through_what_passes_by_itself(story: Story) -> None:
    first = story.nights[0]
    assert first.done.returncode == 0, first.done.stderr[-4000:]
    assert first.statuses(NOVEMBER) == [503, 503, 200]
    assert first.statuses(NVIDIA_FACTS) == [429, 200]
    assert first.statuses(ARROW_ADDED) == [0, 200]
    assert first.statuses(NVIDIA_REPORT) == [200, 200]
    assert first.statuses(AMD_FILINGS) == [503, 503, 503, 503, 503, 200]
    assert 200 in first.statuses(CHIP_MARKET)
    refused, answered = (asked.at for asked in first.asked if asked.url == NVIDIA_FACTS)
    assert answered - refused >= 1, "Retry-After was not waited out"


def test_every_request_names_the_contact(story: Story) -> None:
    agents = {asked.headers["user-agent"] for night in story.nights for asked in night.asked}
    assert agents == {"Chokepoint/0.1 (tests@example.org)"}


def test_what_was_published_is_what_the_sources_hold(story: Story) -> None:
    """The rules of the samples since October 2025, and the three vendors' filings since (their lists of filings)."""
    manifest = json.loads((story.lake / "releases" / story.nights[0].current / "manifest.json").read_bytes())
    assert manifest["sources"] == "live"
    documents = {row["document_number"]: row["xml_sha256"] for row in story.rows(1, "fr_documents")}
    assert sorted(documents) == ["2025-19508", "2025-19846", "2025-19858", "2026-00789"]
    assert None not in documents.values()
    filings = {(row["vendor"], f"{row['filing_date']}") for row in story.rows(1, "filings")}
    assert filings == {
        ("amd", "2025-11-05"),
        ("amd", "2026-02-03"),
        ("amd", "2026-02-04"),
        ("intel", "2025-11-06"),
        ("intel", "2026-01-23"),
        ("nvidia", "2025-11-19"),
        ("nvidia", "2026-02-25"),
    }
    assert len({row["feed"] for row in story.rows(1, "articles")}) == 4


def test_tables_and_ledger_keep_the_sources_own_addresses(story: Story) -> None:
    fetches = story.rows(1, "fetches")
    assert {row["url"].split("/")[2] for row in fetches} == set(wrong.HOSTS)
    assert [(row["sequence"], row["status"], row["reason"]) for row in fetches if row["url"] == AMD_FILINGS] == [
        (1, 0, "answered 503 Service Unavailable"),
        (2, 200, ""),
    ]
    for table in ("fr_documents", "filings", "articles"):
        assert "127.0.0.1" not in str(story.rows(1, table))


def test_open_month_is_the_present_and_months_without_documents_are_asked_for(story: Story) -> None:
    months = {asked.url.split("gte%5D=")[1][:7] for asked in story.nights[0].asked if "documents.json" in asked.url}
    assert min(months) == "2025-10"
    last = max(row["fetched_at"] for row in story.rows(1, "fetches"))
    assert max(months) == f"{last:%Y-%m}"
    assert len(months) == (last.year - 2025) * 12 + last.month - 9


def test_second_night_downloads_no_body_again_and_changes_nothing(story: Story) -> None:
    first, second = story.nights[:2]
    assert second.done.returncode == 0, second.done.stderr[-4000:]
    assert len(second.asked) >= 11, "a search, three lists of filings, three of facts, four feeds"
    assert {asked.status for asked in second.asked} == {304}
    assert sum(asked.sent for asked in second.asked) == 0
    assert "0 bodies received (0 bytes)" in second.done.stdout
    assert f"Nothing new: no table changed a byte, release {first.current} stays." in second.done.stdout
    assert (second.current, second.lake) == (first.current, first.lake)


def test_widened_night_downloads_only_what_it_did_not_hold(story: Story) -> None:
    """Since intake begins earlier every month is asked again: what is held and as before comes without a body."""
    first, third = story.nights[0], story.nights[2]
    unasked = {asked.url for asked in first.asked} - {asked.url for asked in third.asked}
    assert unasked == {f"{FR}/2025/11/12/2025-19846.xml", f"{FR}/2025/11/12/2025-19858.xml"}, "the search lists none"
    kinds = {NOVEMBER: "changed", AUGUST: "new", SEPTEMBER: "new", "/edgar/data/": "new", FUDAN_ADDED: "new"}
    kinds |= dict.fromkeys([CHIP_MARKET, SEMICONDUCTORS, NVIDIA_FACTS], "changed")
    for url in third.bodies:
        (kind,) = [kind for part, kind in kinds.items() if part in url]
        assert kind == ("changed" if url in first.bodies else "new"), url
    assert len(third.bodies) == len(set(third.bodies))
    assert sum("/edgar/data/" in url for url in third.bodies) == 2, "AMD of 2025-08-06, NVIDIA of 2025-08-27"


def test_repaired_night_downloads_only_what_was_broken(story: Story) -> None:
    """August is taken again because of its search, and all months after it."""
    fourth = story.nights[3]
    repaired = {FUDAN_ADDED, FIFTY_PERCENT, CHIP_MARKET, SEMICONDUCTORS, NVIDIA_FACTS}
    assert {url for url in fourth.bodies if "documents.json" not in url} == repaired
    assert len(fourth.statuses(AUGUST)) == len(fourth.statuses(NOVEMBER)) == 1
    assert len(fourth.bodies) == len(repaired) + 2
    assert fourth.statuses(ARROW_ADDED) == [304]


def problem(night: Night, *parts: str) -> str:
    """The one line of ``chokepoint problems`` that contains all of these."""
    found = [line for line in night.problems if all(part in line for part in parts)]
    assert len(found) == 1, "\n".join([f"{parts}:", *night.problems])
    return found[0]


def test_each_broken_document_is_named_with_source_and_place(story: Story) -> None:
    third = story.nights[2]
    assert "line 1" in problem(third, "fr_documents 2025-09: federal_register: 2025-17893", "HTML")
    assert "answered 404" in problem(third, "fr_documents 2025-09: federal_register:", FIFTY_PERCENT)
    problem(third, "articles ", f"news: {CHIP_MARKET}", "feed sample-chip-market")
    assert " at line " in problem(third, "articles ", f"news: {SEMICONDUCTORS}", "not well-formed XML")
    assert " at line 2" in problem(third, "facts ", f"sec: {NVIDIA_FACTS}", "JSON")
    search = "federal_register: https://www.federalregister.gov/api/v1/documents.json"
    assert "1 documents are announced and 0 came" in problem(third, f"fr_documents 2025-08: {search}", "$.count")
    assert "3 documents are announced and 2 came" in problem(third, f"fr_documents 2025-11: {search}", "$.count")


def test_broken_index_blocks_publication_and_the_release_stays(story: Story) -> None:
    second, third = story.nights[1:3]
    assert third.done.returncode == 1
    assert f"stays {second.current}" in third.done.stderr
    assert (third.current, third.lake) == (second.current, second.lake)
    failures = (story.folder / "state" / "live" / "failures.log").read_text("utf-8")
    assert "quarantine" in failures
    assert len(list((story.lake / "releases").iterdir())) == 2, "that of the first night and that of the fourth"


def test_rest_of_the_broken_night_was_taken_in(story: Story) -> None:
    """Broken: two rules' texts, two searches, two feeds, a vendor's facts. All else of these months is there."""
    documents = {row["document_number"]: row for row in story.work("fr_documents", "2025-09")}
    assert sorted(documents) == ["2025-17893", "2025-19001"], "the search names them though their texts are broken"
    assert documents["2025-19001"]["xml_sha256"] is None
    assert {row["document_number"] for row in story.work("fr_documents", "2025-10")} == {"2025-19508"}


def test_rows_held_survive_a_search_that_cannot_be_trusted(story: Story) -> None:
    held = {row["document_number"] for row in story.work("fr_documents", "2025-11")}
    assert held == {"2025-19846", "2025-19858"}


def test_repaired_night_publishes_what_was_missing(story: Story) -> None:
    third, fourth = story.nights[2:]
    assert fourth.done.returncode == 0, fourth.done.stderr[-4000:]
    assert fourth.current > third.current
    documents = {row["document_number"]: row["xml_sha256"] for row in story.rows(4, "fr_documents")}
    new = {"2025-17893", "2025-19001"}
    assert set(documents) == {row["document_number"] for row in story.rows(1, "fr_documents")} | new
    assert None not in documents.values()
    assert "2025-17893" in {row["document_number"] for row in story.rows(4, "entity_list_changes")}
    assert not [line for line in fourth.problems if line.startswith(("fr_", "entity_list_changes", "facts", "filings"))]
    assert not [row for row in story.rows(4, "quarantine") if row["is_index"]]


def test_repaired_night_has_lost_nothing(story: Story) -> None:
    for table in ("fr_documents", "fr_amendments", "entity_list_changes", "filings", "facts", "articles", "mentions"):
        grain = contract.load(table).grain
        before, after = (
            {tuple(map(str, (row[name] for name in grain))) for row in story.rows(night, table)} for night in (1, 4)
        )
        assert before, table
        assert before <= after, table


def test_release_says_what_changed(story: Story) -> None:
    changes = {(row["table"], row["change"], row["key"]) for row in story.rows(4, "release_diff")}
    assert ("fr_documents", "added", "2025-17893 | 2025-09-16") in changes
    lost = {table for table, change, _ in changes if change in ("removed", "regrained")}
    assert lost <= {"quarantine"}, "what could not be read or forecast before"
