"""When the night runs."""

import dagster as dg

from pipelines.jobs import nightly
from pipelines.nights import next_night
from resources.deployment import Deployment
from resources.settings import settings


@dg.schedule(
    name="nightly",
    job=nightly,
    cron_schedule="30 2 * * *",
    execution_timezone="America/New_York",
    default_status=dg.DefaultScheduleStatus.RUNNING if settings().schedule_on else dg.DefaultScheduleStatus.STOPPED,
    description="02:30 in New York: after the day's Federal Register is final, before the next one appears.",
)
def nightly_schedule(context: dg.ScheduleEvaluationContext, deployment: dg.ResourceParam[Deployment]) -> dg.RunRequest:
    """Ask for the next night's months."""
    months = next_night(deployment)
    return dg.RunRequest(
        run_key=f"{context.scheduled_execution_time:%Y-%m-%d}", tags={**months.tags, "chokepoint/why": months.why}
    )
