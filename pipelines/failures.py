"""What happens when a step fails: one clear line, and a webhook where one is configured."""

import dagster as dg
import requests

from resources.documents import SourceError
from resources.settings import settings

_TIMEOUT_S = 10


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
        text = "no exception was recorded; see the run's log"
    return f"FAILED {step}: {' '.join(text.split())}"


@dg.failure_hook(name="report_failure")
def report_failure(context: dg.HookContext) -> None:
    """Write the line to the log and to ``failures.log``; send it to the webhook, whose own failure is only logged."""
    chosen = settings()
    line = failure_line(context.op.name, context.op_exception)
    context.log.error(line)
    log = chosen.state_folder / "failures.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as file:
        file.write(f"{context.run_id} {line}\n")
    if not chosen.failure_webhook:
        return
    try:
        answer = requests.post(
            chosen.failure_webhook, json={"text": line, "run_id": context.run_id}, timeout=_TIMEOUT_S
        )
        answer.raise_for_status()
    except requests.RequestException as error:
        context.log.error(f"the failure webhook did not take the line: {error}")
