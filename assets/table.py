"""How a function that returns rows becomes the asset of a table: everything but the rows comes from the contract."""

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import dagster as dg
import pyarrow as pa

from assets.months import MONTHS
from expectations import contract
from expectations.contract import Contract
from resources.deployment import Deployment
from resources.documents import Parsed, SourceError, TransientSourceError
from resources.lake import Lake, Written

# Single-run backfills are beta in Dagster, and chosen with open eyes: one run per month would ask each source anew.
warnings.filterwarnings("ignore", message=r"Parameter `backfill_policy`", category=dg.BetaWarning)

MonthlyRows = Callable[[Sequence[str], Deployment], Iterable[tuple[str | None, Parsed]]]
WholeRows = Callable[[Deployment], Parsed | pa.Table]

OWNERS = ["team:chokepoint"]
RETRIES = 3
STALE_AFTER = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=36), warn_window=timedelta(hours=26))
"""A night was missed, or failed, when a table is older than this."""


def monthly_table(
    *, deps: Sequence[str] = (), pool: str | None = None, lists_source: bool = False
) -> Callable[[MonthlyRows], dg.AssetsDefinition]:
    """Make the asset of a table that is written month by month; it bears the function's name, which is the table's.

    The function is called once for all months of a run and yields each month with its rows. Problems that belong to no
    month (a filer's index, a feed) it yields once, with no rows, under the month ``None``.

    Args:
        deps: tables it reads.
        pool: the source's host: one step at a time asks it.
        lists_source: the rows list what the source holds, so a month that loses rows means a broken source: the rows
            held stay, and the loss is an index-level problem, with which nothing is published.
    """

    def make(rows_of: MonthlyRows) -> dg.AssetsDefinition:
        terms = contract.load(rows_of.__name__)

        def run(
            context: dg.AssetExecutionContext, deployment: dg.ResourceParam[Deployment]
        ) -> dg.MaterializeResult[None]:
            months = list(context.partition_keys)
            rows = problems = changed = 0
            try:
                this_try = replace(deployment, is_last_try=context.retry_number >= RETRIES)
                for number, (month, parsed) in enumerate(rows_of(months, this_try), start=1):
                    if month is None:
                        deployment.lake.note_problems(terms.table, parsed.problems)
                        problems += len(parsed.problems)
                        _tell(context, parsed.problems)
                        continue
                    lost = _lost(deployment.lake, terms, month, parsed.rows) if lists_source else []
                    if lost and not deployment.accepts_loss(terms.table, month):
                        loss = _loss(terms, month, lost)
                        deployment.lake.note_problems(terms.table, [*parsed.problems, loss], month=month)
                        context.log.error(str(loss))
                        problems += len(parsed.problems) + 1
                        context.add_asset_metadata({"rows_held_stay": str(loss)}, partition_key=month)
                        continue
                    written = deployment.lake.write(
                        terms.table, parsed.rows, month=month, problems=parsed.problems, made_from=deps
                    )
                    rows, problems, changed = (
                        rows + written.rows,
                        problems + written.problems,
                        changed + written.changed,
                    )
                    context.add_asset_metadata(_of_month(written), partition_key=month)
                    context.log.info(
                        f"{terms.table} {month} ({number} of {len(months)}): {written.rows} rows"
                        + (f", {written.problems} problems" if written.problems else "")
                        + ("" if written.changed else ", unchanged")
                    )
                    _tell(context, parsed.problems)
            except TransientSourceError as error:
                raise _again(context, deployment) from error
            return dg.MaterializeResult(
                metadata={
                    "dagster/row_count": deployment.lake.count(terms.table),
                    "run_months": f"{months[0]} to {months[-1]}",
                    "run_rows": rows,
                    "run_problems": problems,
                    "run_months_changed": changed,
                    "folder": dg.MetadataValue.path(str(deployment.lake.folder / terms.table)),
                }
            )

        made: dg.AssetsDefinition = dg.asset(
            **_from_contract(terms, deps),
            pool=pool,
            partitions_def=MONTHS,
            backfill_policy=dg.BackfillPolicy.single_run(),
        )(run)
        return made

    return make


def whole_table(*, deps: Sequence[str], pool: str | None = None) -> Callable[[WholeRows], dg.AssetsDefinition]:
    """Make the asset of a table that is computed whole, from all months of what it reads.

    Args:
        deps: tables it reads.
        pool: host of the source it asks, if it asks one.
    """

    def make(rows_of: WholeRows) -> dg.AssetsDefinition:
        terms = contract.load(rows_of.__name__)

        def run(
            context: dg.AssetExecutionContext, deployment: dg.ResourceParam[Deployment]
        ) -> dg.MaterializeResult[None]:
            try:
                found = rows_of(replace(deployment, is_last_try=context.retry_number >= RETRIES))
            except TransientSourceError as error:
                raise _again(context, deployment) from error
            parsed = found if isinstance(found, Parsed) else Parsed(found)
            written = deployment.lake.write(terms.table, parsed.rows, problems=parsed.problems)
            context.log.info(
                f"{terms.table}: {written.rows} rows"
                + (f", {written.problems} problems" if written.problems else "")
                + ("" if written.changed else ", unchanged")
            )
            _tell(context, parsed.problems)
            return dg.MaterializeResult(
                metadata={
                    "dagster/row_count": written.rows,
                    "problems": written.problems,
                    "changed": written.changed,
                    "folder": dg.MetadataValue.path(str(deployment.lake.folder / terms.table)),
                    **{name: dg.MetadataValue.float(float(value)) for name, value in parsed.metrics.items()},
                }
            )

        made: dg.AssetsDefinition = dg.asset(**_from_contract(terms, deps), pool=pool)(run)
        return made

    return make


def column_schema(terms: Contract) -> dg.TableSchema:
    """Dagster's view of a contract's columns."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=name,
                type=column.type,
                description=column.meaning + (f" [{column.unit}]" if column.unit else ""),
                constraints=dg.TableColumnConstraints(nullable=column.nullable, unique=terms.grain == [name]),
            )
            for name, column in terms.columns.items()
        ],
        constraints=dg.TableConstraints(other=[f"one row for each ({', '.join(terms.grain)})"]),
    )


def _from_contract(terms: Contract, deps: Sequence[str]) -> dict[str, Any]:
    return {
        "name": terms.table,
        "deps": list(deps),
        "description": terms.description,
        "group_name": terms.subject,
        "owners": OWNERS,
        "kinds": {"python", "parquet"},
        "tags": {"layer": terms.layer},
        "metadata": {"dagster/column_schema": column_schema(terms), "contract": f"expectations/{terms.table}.yml"},
        "freshness_policy": STALE_AFTER,
    }


def _tell(context: dg.AssetExecutionContext, problems: Sequence[SourceError]) -> None:
    for problem in problems:
        loud = context.log.error if problem.is_index else context.log.warning
        loud(str(problem))


def _of_month(written: Written) -> dict[str, Any]:
    return {
        "dagster/partition_row_count": written.rows,
        "problems": written.problems,
        "changed": written.changed,
    }


def _lost(lake: Lake, terms: Contract, month: str, rows: Any) -> list[str]:
    """Keys that the month held and would hold no longer."""
    held = _keys(lake.read(terms.table, month=month), terms)
    if not held:
        return []
    return sorted(held - _keys(rows, terms))


def _keys(rows: Iterable[dict[str, Any]] | pa.Table, terms: Contract) -> set[str]:
    if isinstance(rows, pa.Table):
        rows = rows.select(terms.grain).to_pylist()
    return {" ".join(str(row[name]) for name in terms.grain) for row in rows}


def _loss(terms: Contract, month: str, lost: list[str]) -> SourceError:
    more = f" and {len(lost) - 5} more" if len(lost) > 5 else ""
    return SourceError(
        ", ".join(terms.sources),
        terms.table,
        f"month {month}",
        f"the source no longer gives {len(lost)} of the rows held: {'; '.join(lost[:5])}{more}",
        remedy=f"the rows held stay; if the source is right, set CHOKEPOINT_ACCEPTED_LOSSES={terms.table}:{month}",
        is_index=True,
    )


def _again(context: dg.AssetExecutionContext, deployment: Deployment) -> dg.RetryRequested:
    """Another try of the step, later each time: only for failures that may pass by themselves."""
    return dg.RetryRequested(
        max_retries=RETRIES, seconds_to_wait=deployment.settings.retry_wait_s * 2**context.retry_number
    )
