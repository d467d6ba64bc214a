"""Each table's contract as asset checks: one check per expectation, blocking where the contract calls it critical."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pandas as pd

from expectations import suite
from expectations.contract import Contract
from pipelines.failures import tell
from resources.deployment import Deployment
from resources.files import write_whole

_LONGEST_CELL = 80


def checks_of(terms: Contract) -> dg.AssetChecksDefinition:
    """Make the checks of one table; they read the whole table, all months of it."""
    specs = [
        dg.AssetCheckSpec(
            expectation.check_name,
            asset=terms.table,
            blocking=expectation.severity == "critical",
            description=f"{expectation.call}: {expectation.why}" if expectation.why else expectation.call,
        )
        for expectation in terms.all_expectations
    ]

    @dg.multi_asset_check(name=f"{terms.table}_contract", specs=specs, can_subset=True)
    def run(
        context: dg.AssetCheckExecutionContext, deployment: dg.ResourceParam[Deployment]
    ) -> Iterator[dg.AssetCheckResult]:
        verdicts = suite.validate(terms, deployment.lake.read(terms.table))
        asked = {key.name for key in context.selected_asset_check_keys}
        for verdict in verdicts:
            if verdict.expectation.check_name not in asked:
                continue
            result = _result(terms, verdict, deployment)
            if not result.passed and result.severity is dg.AssetCheckSeverity.ERROR:
                tell(context.run.run_id, f"FAILED {_line(terms, verdict, deployment)}", context.log)
            elif not result.passed:
                context.log.warning(_line(terms, verdict, deployment))
            yield result

    return run


def _result(terms: Contract, verdict: suite.Verdict, deployment: Deployment) -> dg.AssetCheckResult:
    expectation = verdict.expectation
    severity = dg.AssetCheckSeverity.ERROR if expectation.severity == "critical" else dg.AssetCheckSeverity.WARN
    if expectation.expect == "expect_table_row_count_to_be_between" and not _expected(deployment):
        severity = dg.AssetCheckSeverity.WARN
    observed = verdict.observed  # a number is given as one, so that the UI plots it from night to night
    metadata: dict[str, dg.MetadataValue] = {
        "observed": dg.MetadataValue.int(int(observed)) if observed.isdigit() else dg.MetadataValue.text(observed),
        "failing": dg.MetadataValue.int(len(verdict.failing)),
    }
    path = _path(terms, verdict, deployment)
    if len(verdict.failing):
        write_whole(path, verdict.failing.to_csv(index=False).encode())
        metadata["failing_rows"] = dg.MetadataValue.md(_sample(verdict.failing))
        metadata["all_failing_rows"] = dg.MetadataValue.path(str(path))
    else:
        path.unlink(missing_ok=True)
    return dg.AssetCheckResult(
        passed=verdict.success,
        asset_key=terms.table,
        check_name=expectation.check_name,
        severity=severity,
        metadata=metadata,
    )


def _expected(deployment: Deployment) -> bool:
    """Whether every table must have rows: a mirror need not hold documents of every kind, the others do."""
    return not deployment.settings.sources.startswith("mirror:")


def _line(terms: Contract, verdict: suite.Verdict, deployment: Deployment) -> str:
    """One line: the check, what was found, the first failing row, and where all of them are."""
    line = f"{terms.table}: {verdict.expectation.check_name}: {verdict.observed}"
    if len(verdict.failing):
        first = " | ".join(_cell(verdict.failing.iloc[0][name]) for name in terms.grain)
        line += f", first {first}; all of them: {_path(terms, verdict, deployment)}"
    return line


def _path(terms: Contract, verdict: suite.Verdict, deployment: Deployment) -> Path:
    name = f"{verdict.expectation.check_name}.csv"
    return deployment.lake.folder.with_name("failing-rows") / terms.table / name


def _sample(failing: pd.DataFrame) -> str:
    shown = failing.head(suite.SHOWN_ROWS)
    head = "| " + " | ".join(shown.columns) + " |"
    rule = "|" + "---|" * len(shown.columns)
    lines = ["| " + " | ".join(map(_cell, row)) + " |" for row in shown.itertuples(index=False)]
    return "\n".join([head, rule, *lines])


def _cell(value: object) -> str:
    text = " ".join(str(value).replace("|", "\\|").split())
    return text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 1]}…"
