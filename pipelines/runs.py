"""Jobs by function, as Dagster wants them where a run may use several processes."""

from __future__ import annotations

import dagster as dg


def nightly() -> dg.JobDefinition:
    """The whole night."""
    return _job("nightly")


def intake() -> dg.JobDefinition:
    """Intake alone."""
    return _job("intake")


def _job(name: str) -> dg.JobDefinition:
    from pipelines.definitions import defs  # noqa: PLC0415 - loads everything, so only where a run needs it

    return defs.resolve_job_def(name)
