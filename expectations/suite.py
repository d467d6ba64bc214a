"""A contract's expectations as a Great Expectations suite, run in an ephemeral context.

Importing Great Expectations costs seconds, so it is imported where a suite runs.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from functools import cache, reduce
from operator import and_
from typing import Any

import pandas as pd
import pyarrow as pa

from expectations.contract import Contract, ContractError, Expectation

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")  # before it is imported

_CHECK = "check"

SHOWN_ROWS = 5
"""Failing rows shown in the UI; all of them can be read from the file named there."""


@dataclass(frozen=True)
class Verdict:
    """The outcome of one expectation on a table."""

    expectation: Expectation
    success: bool
    observed: str
    """What was found: the observed value, or how many rows failed of how many."""
    failing: pd.DataFrame
    """The failing rows, whole; empty for an expectation on the table as such."""


def validate(contract: Contract, table: pa.Table) -> list[Verdict]:
    """Run a contract's expectations on a table, in their order.

    Raises:
        ContractError: Great Expectations does not know an expectation, its arguments, or cannot evaluate it.
    """
    frame = table.to_pandas(integer_object_nulls=True, date_as_object=True).reset_index(drop=True)
    with _quiet():
        results = {result.expectation_config.meta[_CHECK]: result for result in _run(contract, frame)}
    return [
        _verdict(contract, expectation, results[expectation.check_name], frame)
        for expectation in contract.all_expectations
    ]


def _run(contract: Contract, frame: pd.DataFrame) -> list[Any]:
    """Run all expectations in one go: they share metrics."""
    import great_expectations as gx  # noqa: PLC0415 - costs seconds

    suite = gx.ExpectationSuite(contract.table, [_as_gx(contract, each) for each in contract.all_expectations])
    batch = _whole_frame_of(contract.table).get_batch({"dataframe": frame})
    done = batch.validate(suite, result_format={"result_format": "COMPLETE", "include_unexpected_rows": False})
    return list(done.results)


@cache
def _whole_frame_of(table: str) -> Any:
    return _lake().add_dataframe_asset(name=table).add_batch_definition_whole_dataframe("whole")


@cache
def _lake() -> Any:
    """The data source of an ephemeral context, one for the process: making it costs more than a small suite."""
    import great_expectations as gx  # noqa: PLC0415 - costs seconds
    from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    return context.data_sources.add_pandas(name="lake")


def _verdict(contract: Contract, expectation: Expectation, result: Any, frame: pd.DataFrame) -> Verdict:
    if raised := [info for info in _exceptions(result.exception_info) if info.get("raised_exception")]:
        raise ContractError(
            f"{contract.table}: {expectation.expect} {expectation.args}: {raised[0]['exception_message']}"
        )
    details = result.result
    # Where no row may be, each row fails: the reasons in a quarantine say more than their number.
    none_allowed = expectation.args.get("max_value") == 0 and "row_count" in expectation.expect
    failing = frame if none_allowed else frame.loc[details.get("unexpected_index_list") or []]
    if "observed_value" in details:
        observed = str(details["observed_value"])
    else:
        observed = f"{details.get('unexpected_count', 0)} of {details.get('element_count', len(frame))} rows fail"
    return Verdict(expectation, bool(result.success), observed, failing)


def _as_gx(contract: Contract, expectation: Expectation) -> Any:
    import great_expectations as gx  # noqa: PLC0415 - costs seconds

    known = getattr(gx.expectations, "".join(part.capitalize() for part in expectation.expect.split("_")), None)
    if known is None:
        raise ContractError(f"{contract.table}: Great Expectations has no {expectation.expect}")
    narrowed = {"row_condition": _rows_where(expectation.where)} if expectation.where else {}
    try:
        return known(
            **expectation.args, **narrowed, severity=expectation.severity, meta={_CHECK: expectation.check_name}
        )
    except ValueError as error:  # of pydantic, in the version that Great Expectations brings along
        raise ContractError(f"{contract.table}: {expectation.expect} {expectation.args}: {error}") from error


def _rows_where(values: dict[str, str]) -> Any:
    from great_expectations.expectations.row_conditions import Column  # noqa: PLC0415 - costs seconds

    return reduce(and_, (Column(name) == value for name, value in values.items()))


def _exceptions(info: Any) -> list[dict[str, Any]]:
    """Exception information comes as one mapping, or as one per metric."""
    if not info:
        return []
    return [info] if "raised_exception" in info else [value for value in info.values() if isinstance(value, dict)]


class _quiet:  # noqa: N801 - reads as what it does
    """Great Expectations logs each metric at INFO and warns about its own defaults."""

    def __enter__(self) -> None:
        self._logger = logging.getLogger("great_expectations")
        self._level = self._logger.level
        self._logger.setLevel(logging.ERROR)

    def __exit__(self, *_: object) -> None:
        self._logger.setLevel(self._level)
