"""What a source gives worse than before does not take away what is held: documents, facts, feeds."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import orjson
import pytest

from assets.earnings import assets as earnings
from assets.entity_list import assets as entity_list
from assets.federal_register import assets as federal_register
from assets.news import assets as news
from pipelines.nights import Months, next_night
from resources.deployment import Deployment
from resources.settings import Settings

RULE = "www.federalregister.gov/documents/full_text/xml/2025/03/28/2025-05427.xml"
COMPANYFACTS = "data.sec.gov/api/xbrl/companyfacts/CIK0001045810.json"
FEED = "feeds.example.org/en/export-controls.rss"
ERROR_PAGE = b"<!doctype html><html><body>Request rate threshold exceeded</body></html>"


@pytest.fixture
def mirror(samples: Path, tmp_path: Path) -> Path:
    """A copy of the samples that may be spoilt."""
    folder = tmp_path / "mirror"
    shutil.copytree(samples, folder)
    return folder


@pytest.fixture
def deployment(mirror: Path, tmp_path: Path) -> Callable[[], Deployment]:
    """The deployment, built anew as each night does."""
    settings = Settings(
        sources=f"mirror:{mirror}", lake=tmp_path / "lake", state=tmp_path / "state", http_attempts=1, retry_wait_s=0
    )
    return lambda: Deployment.of(settings)


def take_in(deployment: Deployment, month: str, *assets: dg.AssetsDefinition) -> dg.ExecuteInProcessResult:
    tags = Months(month, month, "").tags
    return dg.materialize(assets, resources={"deployment": deployment}, tags=tags, raise_on_error=False)


def test_an_error_page_in_place_of_a_rule_takes_nothing_away(
    mirror: Path, deployment: Callable[[], Deployment]
) -> None:
    """2025-05427 adds six entries (its AMDPAR 2.a and 2.b)."""
    rule = (federal_register.fr_documents, federal_register.fr_amendments, entity_list.entity_list_changes)
    assert take_in(deployment(), "2025-03", *rule).success
    held = deployment().lake
    before = {table: held.read(table) for table in ("fr_documents", "fr_amendments", "entity_list_changes")}
    assert before["entity_list_changes"].num_rows == 6
    (mirror / RULE).write_bytes(ERROR_PAGE)
    assert take_in(deployment(), "2025-03", *rule).success
    assert all(held.read(table).equals(rows) for table, rows in before.items())
    [problem] = held.problems()
    assert (problem["table"], problem["document"]) == ("fr_documents", "2025-05427")


def test_a_document_that_never_answers_is_a_problem_after_the_last_try(
    mirror: Path, deployment: Callable[[], Deployment]
) -> None:
    index = mirror / "index.csv"
    rows = list(csv.DictReader(index.open(encoding="utf-8")))
    for row in rows:
        row["status"] = "503" if row["file"] == RULE else row["status"]
    with index.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    result = take_in(deployment(), "2025-03", federal_register.fr_documents)
    assert result.success
    assert sum(event.is_step_up_for_retry for event in result.all_events) == 3
    [problem] = deployment().lake.problems()
    assert problem["document"] == f"https://{RULE}"
    assert problem["reason"] == "answered 503 Service Unavailable"
    [row] = deployment().lake.rows("fr_documents")
    assert (row["document_number"], row["xml_sha256"]) == ("2025-05427", None)


def test_companyfacts_cut_to_one_concept_leave_the_facts_held(
    mirror: Path, deployment: Callable[[], Deployment]
) -> None:
    """November 2024: the 10-Q of 2024-11-20."""
    assert take_in(deployment(), "2024-11", earnings.filings, earnings.facts).success
    before = deployment().lake.read("facts")
    stated = orjson.loads((mirror / COMPANYFACTS).read_bytes())
    stated["facts"]["us-gaap"] = {"Revenues": stated["facts"]["us-gaap"]["Revenues"]}
    (mirror / COMPANYFACTS).write_bytes(orjson.dumps(stated))
    assert take_in(deployment(), "2024-11", earnings.filings, earnings.facts).success
    assert deployment().lake.read("facts").equals(before)
    [problem] = deployment().lake.problems()
    assert (problem["table"], problem["month"], problem["is_index"]) == ("facts", "2024-11", True)


def test_problems_of_a_filer_go_with_the_run_in_which_it_is_read_again(
    mirror: Path, deployment: Callable[[], Deployment]
) -> None:
    submissions = mirror / "data.sec.gov/submissions/CIK0001045810.json"
    good = submissions.read_bytes()
    submissions.write_bytes(ERROR_PAGE)
    take_in(deployment(), "2024-11", earnings.filings)
    [problem] = deployment().lake.problems()
    assert (problem["month"], problem["is_index"], problem["document"]) == (
        None,
        True,
        "https://data.sec.gov/submissions/CIK0001045810.json",
    )
    submissions.write_bytes(good)
    take_in(deployment(), "2026-02", earnings.filings)
    assert deployment().lake.problems() == []


def test_after_a_filers_index_was_lost_all_months_come_again(
    mirror: Path, deployment: Callable[[], Deployment], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = deployment()
    months = Months(*held.sources.months_held(), "")
    monkeypatch.setattr(
        type(held.lake), "months", lambda *_: [f"{y}-{m:02}" for y in range(2017, 2027) for m in range(1, 13)]
    )
    assert next_night(held).first == "2026-02"
    (mirror / "data.sec.gov/submissions/CIK0001045810.json").write_bytes(ERROR_PAGE)
    take_in(held, "2026-02", earnings.filings)
    assert next_night(held).first == months.first


def test_a_feed_that_feedparser_cannot_read_leaves_the_others(
    mirror: Path, deployment: Callable[[], Deployment]
) -> None:
    good = (mirror / FEED).read_bytes()
    (mirror / FEED).write_bytes(good.replace(b"<title>", b"<title>&#xD800;", 2))
    assert take_in(deployment(), "2025-04", news.articles).success
    read = {row["feed"] for row in deployment().lake.rows("articles")}
    assert read == {"sample-semiconductors-zh-hant", "sample-chips-zh-hans"}
    assert [problem["document"] for problem in deployment().lake.problems()] == [f"https://{FEED}"]
    (mirror / FEED).write_bytes(good)
    assert take_in(deployment(), "2025-04", news.articles).success
    assert "sample-export-controls" in {row["feed"] for row in deployment().lake.rows("articles")}
    assert deployment().lake.problems() == []


def test_a_run_that_ends_between_two_tables_of_a_month_is_made_up_for(
    mirror: Path, deployment: Callable[[], Deployment]
) -> None:
    tables = (federal_register.fr_documents, federal_register.fr_amendments, entity_list.entity_list_changes)
    take_in(deployment(), "2025-03", *tables)
    lake = deployment().lake
    assert lake.months("fr_amendments") == lake.months("entity_list_changes") == ["2025-03"]
    rule = mirror / RULE
    rule.write_bytes(rule.read_bytes().replace(b"Inspur Taiwan", b"Inspur Taipei"))
    take_in(deployment(), "2025-03", federal_register.fr_documents)
    assert lake.months("fr_documents") == ["2025-03"]
    assert lake.months("fr_amendments") == lake.months("entity_list_changes") == []
    take_in(deployment(), "2025-03", *tables)
    assert lake.months("fr_amendments") == lake.months("entity_list_changes") == ["2025-03"]
    assert "Inspur Taipei" in {row["entry_name"] for row in lake.rows("entity_list_changes")}


def test_a_vendor_of_whom_the_folder_holds_nothing_is_no_loss_and_one_of_whom_it_holds_a_filing_is(
    mirror: Path, deployment: Callable[[], Deployment]
) -> None:
    """The list of vendors has Qualcomm (CIK 804328), the samples have nothing of it."""
    assert take_in(deployment(), "2024-11", earnings.filings, earnings.facts).success
    assert deployment().lake.problems() == []
    report = mirror / "www.sec.gov/Archives/edgar/data/804328/000080432824000075/qcom-20240929.htm"
    report.parent.mkdir(parents=True)
    report.write_text("<html></html>", "utf-8")
    assert take_in(deployment(), "2024-11", earnings.filings, earnings.facts).success
    missing = {(problem["table"], problem["document"].rsplit("/", 1)[1]) for problem in deployment().lake.problems()}
    assert missing == {("filings", "CIK0000804328.json"), ("facts", "CIK0000804328.json")}


def test_a_vendor_that_vanishes_from_the_folder_is_missed(mirror: Path, deployment: Callable[[], Deployment]) -> None:
    """November 2024: one 10-Q of NVIDIA; those of AMD and Intel are of October."""
    assert take_in(deployment(), "2024-11", earnings.filings).success
    before = deployment().lake.read("filings")
    for path in (mirror / "data.sec.gov/submissions/CIK0001045810.json", mirror / COMPANYFACTS):
        path.unlink()
    shutil.rmtree(mirror / "www.sec.gov/Archives/edgar/data/1045810")
    index = mirror / "index.csv"
    lines = [line for line in index.read_text("utf-8").splitlines() if "1045810" not in line]
    index.write_text("\n".join(lines) + "\n", "utf-8")
    assert take_in(deployment(), "2024-11", earnings.filings).success
    assert deployment().lake.read("filings").equals(before)
    [problem] = deployment().lake.problems()
    assert (problem["month"], problem["is_index"]) == ("2024-11", True)


EXHIBIT = "www.sec.gov/Archives/edgar/data/1045810/000104581025000082/release.htm"
PAGE = "www.sec.gov/Archives/edgar/data/1045810/000104581025000082/0001045810-25-000082-index.html"


def test_an_exhibit_is_taken_in_by_the_filings_page_and_survives_its_loss(
    mirror: Path, deployment: Callable[[], Deployment]
) -> None:
    """April 2025: the 8-K on H20, whose page in the samples lists the report alone."""
    page = mirror / PAGE
    good = page.read_text("utf-8")
    line = (
        f'<tr><td>2</td><td>Press release</td><td><a href="/{EXHIBIT.partition("/")[2]}">release.htm</a></td>'
        "<td>EX-99.1</td><td>12</td></tr></table>"
    )
    page.write_text(good.replace("</table>", line), "utf-8")
    (mirror / EXHIBIT).write_bytes(b"<p>text</p>")
    tables = (earnings.filings, earnings.filing_documents)
    assert take_in(deployment(), "2025-04", *tables).success
    held = deployment().lake.rows("filing_documents")
    of_nvidia = [(row["sequence"], row["document_type"], row["sha256"]) for row in held if row["vendor"] == "nvidia"]
    assert of_nvidia[0] == (1, "8-K", None)
    assert of_nvidia[1][:2] == (2, "EX-99.1")
    assert deployment().archive.read(of_nvidia[1][2]) == b"<p>text</p>"
    assert deployment().lake.problems() == []
    page.write_bytes(ERROR_PAGE)
    assert take_in(deployment(), "2025-04", *tables).success
    assert deployment().lake.rows("filing_documents") == held
    [problem] = deployment().lake.problems()
    assert (problem["table"], problem["document"]) == ("filing_documents", f"https://{PAGE}")
