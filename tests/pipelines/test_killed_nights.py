"""Nights that are killed leave the old release or the new one, whole; the next night needs no repair."""

from __future__ import annotations

import fcntl
import itertools
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import orjson
import pytest
import whole_nights
from deployed import Deployed
from whole_nights import Killed

from resources.settings import ROOT

Deploy = Callable[..., Deployed]
MOMENTS = list(whole_nights.MOMENTS)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_night_leaves_the_release_before_it_whole(killed: Killed, moment: str) -> None:
    left = killed.killed[moment]
    assert left.status == -9
    assert left.release == killed.before
    assert left.broken == []


def test_the_moments_were_those_meant(killed: Killed) -> None:
    said = {moment: killed.killed[moment].stderr for moment in MOMENTS}
    assert "fr_documents 2022-10" in said[MOMENTS[0]]
    assert "facts 2022" not in said[MOMENTS[0]]
    assert "entity_list_history" not in said[MOMENTS[1]]
    assert "published" not in said[MOMENTS[2]]


@pytest.mark.parametrize("moment", [*MOMENTS[1:], None])
def test_the_next_night_says_what_it_found(killed: Killed, moment: str | None) -> None:
    said = (killed.killed[moment] if moment else killed.after).stderr
    assert said.count("had been killed; marked as failed") == 1


def test_the_next_night_publishes_without_repair(killed: Killed) -> None:
    after = killed.after
    assert after.status == 0, after.stderr[-3000:]
    assert after.release != killed.before
    assert after.broken == []
    assert after.manifest["previous"] == killed.before
    assert not list(after.deployed.lake.glob("releases/.building-*")), "what was half written is cleared away"


def test_two_nights_from_nothing_make_the_same_release(killed: Killed, night: Deployed) -> None:
    """The other one was killed three times, in another folder, time zone and language."""
    manifest = orjson.loads((night.current / "manifest.json").read_bytes())
    ours = {entry["table"]: entry["sha256"] for entry in manifest["tables"] if entry["table"] != "release_diff"}
    theirs = {table: sha256 for table, sha256 in killed.after.sha256.items() if table != "release_diff"}
    assert ours == theirs
    assert manifest["files"] == killed.after.manifest["files"]
    assert manifest["content_sha256"] == killed.after.manifest["content_sha256"]


def test_what_is_new_is_told_against_the_release_before(killed: Killed) -> None:
    changes = {(row["table"], row["change"]) for row in killed.after.rows("release_diff")}
    assert changes == {(table, "added") for table in killed.after.sha256 if table != "release_diff"}
    counted = sum(row["table"] == "fr_documents" for row in killed.after.rows("release_diff"))
    assert counted == len(killed.after.rows("fr_documents")) == 24


def test_a_quiet_night_receives_nothing_and_changes_nothing(killed: Killed) -> None:
    quiet = killed.quiet
    assert quiet.status == 0
    assert " 0 bodies received (0 bytes)" in quiet.stdout
    assert f"Nothing new: no table changed a byte, release {killed.after.release} stays." in quiet.stdout
    assert (quiet.release, quiet.broken) == (killed.after.release, [])
    assert "the open month" in quiet.stderr.splitlines()[0]


def test_a_quiet_night_changes_no_byte_of_the_working_area(killed: Killed) -> None:
    of_diff = "release_diff/whole.parquet"  # against the release that is current now
    before = {name: sha256 for name, sha256 in killed.work_before_quiet.items() if name != of_diff}
    after = {name: sha256 for name, sha256 in killed.work_after_quiet.items() if name != of_diff}
    assert before == after
    assert len(after) > 250, "six tables of intake by month"


def test_a_backfill_takes_in_its_months_and_publishes_nothing(killed: Killed) -> None:
    done = killed.backfilled
    assert done.status == 0, done.stderr[-3000:]
    first = done.stderr.splitlines()[0]
    assert first == "intake: sources samples, months 2023-01 to 2023-03 (asked for)"
    for table in ("articles", "entity_list_changes", "facts", "filings", "fr_amendments", "fr_documents"):
        taken = [line for line in done.stderr.splitlines() if f"  {table} 2" in line]
        assert [line.split(f"{table} ")[1][:7] for line in taken] == ["2023-01", "2023-02", "2023-03"]
        assert all(line.endswith("unchanged") for line in taken)
    assert "vendor_quarters" not in done.stderr
    assert "Intake is done; run `make nightly` to make the rest anew and publish." in done.stdout
    assert done.release == killed.after.release


def test_every_run_is_in_dagsters_own_record(killed: Killed, monkeypatch: pytest.MonkeyPatch) -> None:
    home = whole_nights.state_of(killed.after.deployed) / "dagster"
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    with dg.DagsterInstance.get() as instance:
        runs = instance.get_runs()[::-1]
        assert [(run.job_name, run.status.value) for run in runs] == [
            ("nightly", "FAILURE"),
            ("nightly", "FAILURE"),
            ("nightly", "FAILURE"),
            ("nightly", "SUCCESS"),
            ("nightly", "SUCCESS"),
            ("intake", "SUCCESS"),
        ]
        limits = instance.event_log_storage.get_concurrency_keys()
        held = {key: instance.event_log_storage.get_concurrency_info(key).active_slot_count for key in limits}
        assert held
        assert set(held.values()) == {0}, "no pool's slot is left with the dead"


def test_dagsters_own_storage_reads_the_events_of_ours(killed: Killed, monkeypatch: pytest.MonkeyPatch) -> None:
    home = whole_nights.state_of(killed.after.deployed) / "dagster"
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    stock = {"storage": {"sqlite": {"base_dir": str(home)}}}
    with dg.DagsterInstance.get() as ours, dg.DagsterInstance.local_temp(str(home), stock) as dagsters:
        kept = [type(instance.event_log_storage).__module__ for instance in (ours, dagsters)]
        assert kept == ["pipelines.storage", "dagster._core.storage.event_log.sqlite.sqlite_event_log"]
        for run in ours.get_runs():
            events = [log.message for log in ours.all_logs(run.run_id)]
            assert events
            assert [log.message for log in dagsters.all_logs(run.run_id)] == events
        materialized = ours.fetch_materializations(dg.AssetKey("vendor_quarters"), limit=10).records
        again = dagsters.fetch_materializations(dg.AssetKey("vendor_quarters"), limit=10).records
        assert [record.run_id for record in again] == [record.run_id for record in materialized]
        assert len(materialized) == 3, "by the night killed at its release, the one after it, and the quiet one"


PUBLISH_FOR_EVER = """
import itertools, sys
from pathlib import Path
from expectations import contract
from resources.release import Releases

releases = Releases(Path(sys.argv[1]), kept=2)
terms = contract.load("release_diff")
before = releases.current()
for number in itertools.count(int(before.id[:6]) if before else 0):
    row = {"table": "facts", "change": "added", "key": str(number), "changed_columns": []}
    releases.publish(
        {name: terms.table_of([{**row, "table": name}]) for name in ("facts", "articles", "release_diff")},
        files={"report.html": str(number).encode() * 50_000},
        sources="samples", code_version="0", published_at="2026-02-25T00:00:00+00:00",
    )
    print("published", flush=True)
"""


def test_publication_may_be_killed_at_any_moment(tmp_path: Path) -> None:
    """Publish without end, each release another, and kill it again and again."""
    chance = random.Random(20221007)  # noqa: S311 - moments, not secrets
    lake = tmp_path / "lake"
    numbers = [0]
    for _ in range(8):
        with subprocess.Popen(
            [sys.executable, "-c", PUBLISH_FOR_EVER, str(lake)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout
            assert process.stdout.readline() == "published\n"
            time.sleep(chance.uniform(0.05, 0.4))
            assert process.poll() is None
            process.kill()
        assert whole_nights.broken_files(lake / "current") == []
        numbers.append(int((lake / "current").resolve().name.split("-")[0]))
    assert all(later > earlier for earlier, later in itertools.pairwise(numbers)), numbers
    assert len(list((lake / "releases").glob("[0-9]*"))) <= 4, "two are kept, and what a kill left over"


@pytest.mark.parametrize(
    ("months", "reason"),
    [
        (("2023-03", "2023-01"), "error: the range runs backwards: 2023-03 to 2023-01"),
        (("2016-12", "2017-01"), "error: '2016-12' is not a month from 2017-01 to "),
        (("january", "2023-01"), "error: 'january' is not a month from 2017-01 to "),
    ],
)
def test_an_impossible_range_is_refused_in_one_line(
    deploy: Deploy, tmp_path: Path, months: tuple[str, str], reason: str
) -> None:
    done = deploy(tmp_path).run("backfill", *months)
    assert done.returncode == 2
    assert done.stderr.startswith(reason)
    assert len(done.stderr.splitlines()) == 1


def test_two_nights_do_not_work_at_once(deploy: Deploy, tmp_path: Path) -> None:
    deployed = deploy(tmp_path)
    running = tmp_path / "state" / "samples" / "running"
    running.parent.mkdir(parents=True)
    with running.open("w") as held:
        held.write("4711")
        held.flush()
        fcntl.flock(held, fcntl.LOCK_EX)
        done = deployed.run("nightly")
    assert done.returncode == 2
    assert done.stderr == f"error: another run is at work: process 4711 holds it ({running})\n"
    assert not (tmp_path / "lake").exists()
