"""What Dagster loads: every asset, its checks, the jobs, the schedule and the resources."""

from __future__ import annotations

import dagster as dg

from assets.controls import assets as controls
from assets.earnings import assets as earnings
from assets.entity_list import assets as entity_list
from assets.federal_register import assets as federal_register
from assets.forecast import assets as forecast
from assets.marts import assets as marts
from assets.news import assets as news
from assets.operations import assets as operations
from assets.report import assets as report
from expectations import contract
from pipelines import schedules
from pipelines.checks import checks_of
from pipelines.console import console
from pipelines.executors import executor
from pipelines.failures import report_failure_of_runs
from pipelines.jobs import intake, nightly
from resources.deployment import Deployment
from resources.settings import settings

defs = dg.Definitions(
    assets=dg.load_assets_from_modules(
        [federal_register, entity_list, controls, earnings, news, marts, forecast, report, operations]
    ),
    asset_checks=[checks_of(terms) for terms in contract.load_all().values()],
    jobs=[nightly, intake],
    schedules=[schedules.nightly_schedule],
    sensors=[report_failure_of_runs],
    resources={"deployment": Deployment.of(settings())} | marts.resources(settings()),
    loggers={"console": console},
    executor=executor(settings()),  # also of runs that belong to no job of ours: a backfill from an asset's page
)
