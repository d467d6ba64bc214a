"""Dagster's UI in a real browser, on a deployment that has had its first night: what an engineer looks at and does.

One server serves all tests of the module, on a copy of the night, since backfills write.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from expectations import contract

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_S = 120
LOOK_MS = 30_000
RUN_MS = 180_000
"""The daemons look every 30 s for backfills and every 5 s for runs, and a run imports everything first."""


@dataclass(frozen=True)
class Served:
    """``chokepoint ui`` at work."""

    address: str
    report: str
    lake: Path
    work: Path
    """Folder of the working area's tables."""
    log: Path


@pytest.fixture(scope="module")
def chromium() -> str:
    if not Path(CHROMIUM).exists():
        reason = "no chromium executable (Debian: apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}: these tests are not to be skipped in CI")
        pytest.skip(reason)
    return CHROMIUM


@pytest.fixture(scope="module")
def ui(chromium: str, night: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("ui")
    for name, original in (("lake", night.lake), ("state", night.state)):
        shutil.copytree(original, folder / name, symlinks=True)
    port, report_port = _free_ports(2)
    settings = {
        "CHOKEPOINT_LAKE": str(folder / "lake"),
        "CHOKEPOINT_STATE": str(folder / "state"),
        "CHOKEPOINT_UI_PORT": str(port),
        "CHOKEPOINT_REPORT_PORT": str(report_port),
    }
    served = Served(
        address=f"http://localhost:{port}",
        report=f"http://localhost:{report_port}/current/report.html",
        lake=folder / "lake",
        work=folder / "state" / "samples" / "work",
        log=folder / "ui.log",
    )
    with _running([Path(sys.executable).with_name("chokepoint"), "ui"], night.environment | settings, served):
        yield served


@pytest.fixture(scope="module")
def browser(ui: Served, chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("browser"),
            executable_path=chromium,
            args=FLAGS,
            base_url=ui.address,
            viewport={"width": 1600, "height": 1000},
        )
        context.set_default_timeout(LOOK_MS)
        yield context
        context.close()


@pytest.fixture
def page(browser: BrowserContext) -> Iterator[Page]:
    expect.set_options(timeout=LOOK_MS)
    opened = browser.new_page()
    yield opened
    opened.close()


def test_lineage_shows_every_subject_as_a_group(page: Page) -> None:
    page.goto("/asset-groups")
    for group in sorted({terms.subject for terms in contract.load_all().values()} | {"report"}):
        expect(page.get_by_text(group, exact=True).first).to_be_visible()


def test_an_asset_explains_itself(page: Page) -> None:
    terms = contract.load("vendor_quarters")
    page.goto("/assets/vendor_quarters")
    expect(page.get_by_text(terms.description.strip()).first).to_be_visible()
    for name, column in terms.columns.items():
        row = page.get_by_role("row").filter(has=page.get_by_text(name, exact=True)).first
        row.scroll_into_view_if_needed()
        expect(row, name).to_contain_text(column.type)
        expect(row, name).to_contain_text(column.meaning)
    for said in ("python", "parquet", "chokepoint", "earnings"):
        expect(page.get_by_text(said, exact=False).first).to_be_visible()
    expect(page.get_by_text("Fails if more than 36 hours since last materialization")).to_be_visible()


def test_row_counts_are_those_of_the_tables(page: Page, ui: Served) -> None:
    for table in ("vendor_quarters", "fr_documents"):
        rows = pq.read_table(ui.lake / "current" / f"{table}.parquet").num_rows
        page.goto(f"/assets/{table}")
        shown = re.compile(rf"Row count\s+{rows}\s")
        expect(page.locator("body")).to_contain_text(shown, use_inner_text=True)
    of_month = pq.read_table(ui.work / "fr_documents" / "2022-10.parquet").num_rows
    assert of_month > 0
    page.goto("/assets/fr_documents?view=partitions&partition=2022-10")
    row = page.get_by_role("row").filter(has_text="dagster/partition_row_count")
    expect(row.get_by_role("cell", name=str(of_month), exact=True)).to_be_visible()


def test_a_check_that_holds_says_what_was_observed(page: Page) -> None:
    page.goto("/assets/fr_documents?view=checks&checkDetail=document_number_match_regex")
    expect(page.get_by_text("blocking", exact=True)).to_be_visible()
    expect(page.get_by_text("Succeeded").first).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="observed")).to_contain_text(re.compile(r"0 of \d+ rows fail"))
    expect(page.get_by_role("button", name="Execute all")).to_be_enabled()


def test_a_check_that_fails_shows_failing_rows(page: Page, ui: Served) -> None:
    quarantined = pq.read_table(ui.lake / "current" / "quarantine.parquet").to_pylist()
    page.goto("/assets/quarantine?view=checks&checkDetail=row_count_between")
    expect(page.get_by_text("non-blocking")).to_be_visible()
    expect(page.get_by_text("Failed").first).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="observed")).to_contain_text(str(len(quarantined)))
    page.get_by_text("[Show Markdown]").click()
    reason = quarantined[0]["reason"][:40]
    expect(page.get_by_text(reason).first).to_be_visible()
    expect(page.get_by_text("row_count_between.csv")).to_be_visible()


def test_the_schedule_is_on(page: Page) -> None:
    page.goto("/automation")
    expect(page.get_by_role("link", name=re.compile("nightly.*Scheduled At 02:30 AM E[SD]T"))).to_be_visible()
    # The switches of the schedule and of the sensor that tells of failures; a box that selects is empty.
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)


def test_each_source_has_its_pool(page: Page) -> None:
    page.goto("/deployment/concurrency")
    for source in ("federalregister.gov", "sec.gov", "news"):
        expect(page.get_by_text(source).first).to_be_visible()


def test_the_night_stands_among_the_runs_of_its_job(page: Page) -> None:
    page.goto("/locations/pipelines.definitions/jobs/nightly/runs")
    expect(page.get_by_text("chokepoint/launched_by: cli")).to_have_count(1)
    expect(page.get_by_text("Success", exact=True)).to_have_count(1)


def test_a_backfill_of_a_range_is_one_run(page: Page, ui: Served) -> None:
    months = ["2022-10", "2022-11", "2022-12"]
    files = [ui.work / "fr_documents" / f"{month}.parquet" for month in months]
    before = [file.read_bytes() for file in files]
    for file in files:
        file.unlink()
    page.goto("/assets/fr_documents")
    page.get_by_role("button", name="Materialize…").click()
    months_box = page.get_by_placeholder("ex: 2017-01")
    months_box.fill(f"[{months[0]}...{months[-1]}]")
    months_box.press("Enter")
    expect(page.get_by_text("3 partitions")).to_be_visible()
    expect(page.get_by_text("Backfills all partitions in a single run.")).to_be_visible()
    page.get_by_role("button", name="Launch backfill").click()
    page.get_by_text("Created backfill").wait_for()
    page.get_by_role("link", name="View", exact=True).or_(page.get_by_text("View", exact=True)).first.click()
    page.wait_for_url("**/runs/b/*")
    backfill = page.url.partition("?")[0]
    page.goto(f"{backfill}?tab=runs")
    expect(page.get_by_text("Success", exact=True)).to_have_count(1, timeout=RUN_MS)
    expect(page.get_by_text("fr_documents").first).to_be_visible()
    assert [file.read_bytes() for file in files] == before


def test_the_report_opens_by_its_link(page: Page, ui: Served) -> None:
    # The link bears the port of the process that made it; so it is made here, by a run of one asset.
    page.goto("/assets/report")
    page.get_by_role("button", name=re.compile("Materialize$")).click()
    link = page.get_by_role("link", name=ui.report)
    expect(link.first).to_be_visible(timeout=RUN_MS)
    with page.expect_popup() as popup:
        link.first.click()
    report = popup.value
    report.wait_for_load_state()
    assert report.url == ui.report
    assert "Entity List" in report.inner_text("body")
    report.close()


def test_nothing_was_warned_of(ui: Served) -> None:
    """Last: the server's log has neither warnings nor errors, apart from Dagster's advice to call it otherwise."""
    lines = ui.log.read_text(encoding="utf-8").splitlines()
    loud = [line for line in lines if re.search(r"warning|error|traceback|exception", line, re.IGNORECASE)]
    assert [line for line in loud if "SupersessionWarning: Function `dev_command`" not in line] == []


@contextmanager
def _running(command: list[Path | str], environment: dict[str, str], served: Served) -> Iterator[None]:
    """Run the server as a script would with ``&``: SIGINT ignored. It ends when told to; at last, its whole group."""
    with served.log.open("wb") as log:
        process = subprocess.Popen(
            ["/bin/sh", "-c", 'trap "" INT; exec "$@"', "sh", *map(str, command)],
            env=environment,
            cwd=ROOT,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait_for(served, process)
        yield
        process.terminate()
        process.wait(START_S)
    finally:
        for how, patience_s in ((signal.SIGTERM, 15), (signal.SIGKILL, 5)):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, how)
            _wait_for_end(process, patience_s)


def _wait_for(served: Served, process: subprocess.Popen[bytes]) -> None:
    for _ in range(START_S * 2):
        assert process.poll() is None, served.log.read_text(encoding="utf-8")
        with (
            suppress(urllib.error.URLError, ConnectionError),
            urllib.request.urlopen(  # noqa: S310 - our own
                f"{served.address}/server_info", timeout=5
            ),
        ):
            return
        time.sleep(0.5)
    pytest.fail(f"the UI did not start in {START_S} s:\n{served.log.read_text(encoding='utf-8')}")


def _wait_for_end(process: subprocess.Popen[bytes], patience_s: float) -> None:
    """Wait until no process of the group is left."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        process.poll()
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.2)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
