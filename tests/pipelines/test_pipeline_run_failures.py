"""Failures that no hook sees: the sensor tells of them with the same line."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from pipelines import failures
from resources.documents import SourceError
from resources.settings import Settings


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of failures of a deployment of its own."""
    monkeypatch.setattr(failures, "settings", lambda: Settings(state=tmp_path))
    return tmp_path / "samples" / "failures.log"


def fail(name: str) -> dg.RunFailureSensorContext:
    """A run of a job of that name whose one step could not read a document."""

    @dg.op
    def filings() -> None:
        try:
            raise KeyError("form")
        except KeyError as error:
            raise SourceError("sec", "CIK1.json", "line 3", "not JSON", remedy="fetch it again") from error

    @dg.job(name=name)
    def job() -> None:
        filings()

    instance = dg.DagsterInstance.ephemeral()
    result = job.execute_in_process(instance=instance, raise_on_error=False)
    return dg.build_run_status_sensor_context(
        sensor_name="report_failure_of_runs",
        dagster_event=result.get_run_failure_event(),
        dagster_instance=instance,
        dagster_run=result.dagster_run,
    ).for_run_failure()


def test_a_run_from_an_assets_page_is_told_of_by_the_sensor(told: Path) -> None:
    context = fail("__ASSET_JOB")
    failures.report_failure_of_runs(context)
    line = "FAILED filings: sec: CIK1.json at line 3: not JSON; fetch it again"
    assert told.read_text() == f"{context.dagster_run.run_id} {line}\n"


def test_a_run_of_our_jobs_is_left_to_their_hook(told: Path) -> None:
    failures.report_failure_of_runs(fail("nightly"))
    assert not told.exists()
