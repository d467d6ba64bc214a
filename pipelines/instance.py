"""Dagster's instance of this deployment: its home, and what a killed run left in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from resources.files import locked, write_whole
from resources.settings import ROOT, Settings

LAUNCHED_BY = "chokepoint/launched_by"
IN_THE_UI = {".dagster/repository": "__repository__@pipelines.definitions"}
"""The tag by which the UI's job pages find a run; a run of the command line does not get it by itself."""
_UNFINISHED = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]


class BusyError(Exception):
    """Another run of the command line holds this deployment."""


def prepare_home(settings: Settings) -> Path:
    """Make DAGSTER_HOME with this project's ``dagster.yaml``, point the environment at it, and return it."""
    home = settings.state_folder / "dagster"
    wanted = (ROOT / "dagster.yaml").read_bytes()
    held = home / "dagster.yaml"
    if not held.exists() or held.read_bytes() != wanted:
        write_whole(held, wanted)
    os.environ["DAGSTER_HOME"] = str(home)
    return home


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold this deployment; the operating system lets go of it even when the process is killed.

    Raises:
        BusyError: another process holds it.
    """
    try:
        with locked(settings.state_folder / "running", wait=False):
            yield
    except BlockingIOError as error:
        raise BusyError(f"another run is at work: {error.strerror} ({error.filename})") from error


def bury_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Mark runs of the command line that never finished as failed and free what they held; return their ids.

    To be called under :func:`alone`: whoever holds the deployment knows that no other such run is alive.
    """
    dead = instance.get_runs(dg.RunsFilter(statuses=_UNFINISHED, tags={LAUNCHED_BY: "cli"}))
    for run in dead:
        instance.report_run_failed(run, "the process was killed; found by the next run")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return [run.run_id for run in dead]
