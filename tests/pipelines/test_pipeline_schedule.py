"""When the night runs, and what it is asked for then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from resources.deployment import Deployment

NEW_YORK = ZoneInfo("America/New_York")

Listed = Callable[..., Deployment]


@pytest.fixture(scope="session")
def schedule(defs: dg.Definitions) -> dg.ScheduleDefinition:
    """The schedule, as Dagster loads it."""
    return defs.resolve_schedule_def("nightly")


def test_there_is_one_schedule_of_the_nightly_job_and_it_is_on(
    defs: dg.Definitions, schedule: dg.ScheduleDefinition
) -> None:
    assert [held.name for held in defs.schedules or []] == ["nightly"]
    assert schedule.job_name == "nightly"
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING


def test_it_ticks_at_half_past_two_in_new_york(schedule: dg.ScheduleDefinition) -> None:
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("30 2 * * *", "America/New_York")


def test_a_tick_asks_for_a_run_over_the_range_of_months(schedule: dg.ScheduleDefinition, listed: Listed) -> None:
    deployment = listed("2023-11-30", "2024-03-15")
    context = dg.build_schedule_context(
        scheduled_execution_time=datetime(2024, 3, 16, 2, 30, tzinfo=NEW_YORK), resources={"deployment": deployment}
    )
    (request,) = schedule.evaluate_tick(context).run_requests or []
    assert request.run_key == "2024-03-16"
    assert request.tags.items() >= {
        "dagster/asset_partition_range_start": "2023-11",
        "dagster/asset_partition_range_end": "2024-03",
        "chokepoint/why": "nothing is held yet: all months the sources hold",
    }.items()  # fmt: skip
    assert request.partition_key is None


def test_two_days_give_two_run_keys_and_one_day_one(schedule: dg.ScheduleDefinition, listed: Listed) -> None:
    deployment = listed("2024-03-15")
    times = [datetime(2024, 3, day, 2, 30, tzinfo=NEW_YORK) for day in (16, 16, 17)]
    keys = []
    for time in times:
        context = dg.build_schedule_context(scheduled_execution_time=time, resources={"deployment": deployment})
        keys += [request.run_key for request in schedule.evaluate_tick(context).run_requests or []]
    assert keys == ["2024-03-16", "2024-03-16", "2024-03-17"]
