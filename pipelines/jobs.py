"""The jobs: the whole night, and intake alone for backfills."""

from __future__ import annotations

import dagster as dg

from expectations import contract
from pipelines.failures import report_failure

INTAKE = dg.AssetSelection.assets(*[name for name, terms in contract.load_all().items() if terms.by_month])

nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all(),
    description="From the sources to a release: the months asked for are taken in, everything else is made anew.",
    hooks={report_failure},
)

intake = dg.define_asset_job(
    "intake",
    selection=INTAKE,
    description="Intake alone, for a backfill over a range of months; the next night makes the rest anew.",
    hooks={report_failure},
)
