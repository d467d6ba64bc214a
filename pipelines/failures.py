"""What happens when a step fails: one clear line, and a webhook where one is configured."""

import logging

import dagster as dg
import requests

from resources.documents import SourceError
from resources.settings import settings

_TIMEOUT_S = 10
_UNRECORDED = "no exception was recorded; see the run's log"
_BLOCKED = "DagsterAssetCheckFailedError"
"""What Dagster raises after a blocking check failed; its class is not public."""

_WITH_HOOK = ("nightly", "intake")


def failure_line(step: str, error: BaseException | None) -> str:
    """One line: the step, then source, document, place and what to do, as far as the failure knows them."""
    cause = error
    while cause is not None and not isinstance(cause, SourceError):
        cause = cause.__cause__ or cause.__context__
    if cause is not None:
        text = str(cause)
    elif error is not None:
        text = f"{type(error).__name__}: {error}"
    else:
        text = _UNRECORDED
    return f"FAILED {step}: {' '.join(text.split())}"


@dg.failure_hook(name="report_failure")
def report_failure(context: dg.HookContext) -> None:
    """Tell of a failed step of our jobs, also where no daemon runs; failed checks tell of themselves."""
    if type(context.op_exception).__name__ != _BLOCKED:
        tell(context.run_id, failure_line(context.op.name, context.op_exception), context.log)


@dg.run_failure_sensor(
    name="report_failure_of_runs",
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Tells of failures that no hook sees: a run started from an asset's page, a process that was killed.",
)
def report_failure_of_runs(context: dg.RunFailureSensorContext) -> None:
    """Tell of a failed run, unless the hook of our jobs has told of its steps already."""
    run, failed_steps = context.dagster_run, context.get_step_failure_events()
    if not failed_steps:
        tell(run.run_id, f"FAILED {run.job_name}: {context.failure_event.message}", context.log)
    elif run.job_name not in _WITH_HOOK:
        for event in failed_steps:
            if event.step_failure_data.error and event.step_failure_data.error.cls_name == _BLOCKED:
                continue
            tell(run.run_id, f"FAILED {event.step_key}: {_recorded(event)}", context.log)


def _recorded(event: dg.DagsterEvent) -> str:
    """The message of the source's error among those recorded for a step, otherwise of the first."""
    chain = []
    error = event.step_failure_data.error
    while error is not None:
        chain.append(error)
        error = error.cause
    told = next((one for one in chain if str(one.cls_name).endswith(SourceError.__name__)), chain[0] if chain else None)
    if told is None:
        return _UNRECORDED
    return " ".join(told.message.removeprefix(f"{SourceError.__module__}.{told.cls_name}: ").split())


def tell(run_id: str, line: str, log: logging.Logger) -> None:
    """Write the line to the log and to ``failures.log``; send it to the webhook, whose own failure is only logged."""
    chosen = settings()
    log.error(line)
    path = chosen.state_folder / "failures.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{run_id} {line}\n")
    if not chosen.failure_webhook:
        return
    try:
        answer = requests.post(chosen.failure_webhook, json={"text": line, "run_id": run_id}, timeout=_TIMEOUT_S)
        answer.raise_for_status()
    except requests.RequestException as error:
        log.error(f"the failure webhook did not take the line: {error}")
