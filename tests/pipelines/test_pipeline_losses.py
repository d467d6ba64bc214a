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
