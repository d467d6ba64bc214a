"""The marts: SQL models in dbt_like_sql/, run by dbt on DuckDB; what they give is written under contracts."""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow as pa
import pyarrow.parquet as pq
from dagster_dbt import DagsterDbtCliRuntimeError, DagsterDbtTranslator, DbtCliResource, DbtProject, dbt_assets

from assets.table import OWNERS, STALE_AFTER, column_schema
from expectations import contract
from resources.deployment import Deployment
from resources.settings import ROOT, Settings, settings

DBT = str(Path(sys.executable).with_name("dbt"))
"""dbt of this environment, whether or not it is activated."""

PROJECT = DbtProject(project_dir=ROOT / "dbt_like_sql")


def resources(chosen: Settings) -> dict[str, DbtCliResource]:
    """The dbt command, for :func:`marts`; it reads the working area and writes beside it."""
    _point_dbt_at(chosen)
    return {"dbt": DbtCliResource(project_dir=PROJECT, dbt_executable=DBT)}


def _point_dbt_at(chosen: Settings) -> Path:
    written = chosen.state_folder / "sql"
    written.mkdir(parents=True, exist_ok=True)
    os.environ["CHOKEPOINT_WORK"] = str(chosen.state_folder / "work")
    os.environ["CHOKEPOINT_SQL"] = str(written)
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    return written


def _manifest() -> Path:
    """Path of dbt's manifest, made anew when a model, test or setting is newer than it."""
    inputs = [path for pattern in ("*.yml", "models/*", "tests/*") for path in Path(PROJECT.project_dir).glob(pattern)]
    made = PROJECT.manifest_path
    if not made.exists() or made.stat().st_mtime < max(path.stat().st_mtime for path in inputs):
        _point_dbt_at(settings())
        DbtCliResource(project_dir=PROJECT, dbt_executable=DBT).cli(
            ["parse", "--quiet"], target_path=PROJECT.target_path
        ).wait()
    return made


class _FromContracts(DagsterDbtTranslator):
    """A model is the asset of its name; a source is the table of its name; words come from the contract."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        return dg.AssetKey(dbt_resource_props["name"])

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        terms = contract.load(spec.key.to_user_string())
        return spec.replace_attributes(
            description=terms.description,
            group_name=terms.subject,
            owners=OWNERS,
            kinds={"dbt", "duckdb", "parquet"},
            tags={"layer": terms.layer},
            freshness_policy=STALE_AFTER,
        ).merge_attributes(
            metadata={"dagster/column_schema": column_schema(terms), "contract": f"expectations/{terms.table}.yml"}
        )


@dbt_assets(manifest=_manifest(), project=PROJECT, dagster_dbt_translator=_FromContracts())
def marts(
    context: dg.AssetExecutionContext, dbt: DbtCliResource, deployment: dg.ResourceParam[Deployment]
) -> Iterator[Any]:
    """Build and test the models, then write each under its contract."""
    written = _point_dbt_at(deployment.settings)
    events: list[Any] = []
    failure: DagsterDbtCliRuntimeError | None = None
    try:
        # One target folder per deployment: by default dbt would leave one behind for each night.
        events.extend(dbt.cli(["build"], context=context, target_path=written / "target").stream())
    except DagsterDbtCliRuntimeError as error:
        failure = error  # what was built and tested until then is still shown
    for event in events:
        if isinstance(event, dg.Output | dg.AssetMaterialization | dg.MaterializeResult):
            yield _under_contract(context, deployment, written, event)
        else:
            yield event
    if failure is not None:
        raise failure


def _under_contract(
    context: dg.AssetExecutionContext, deployment: Deployment, written: Path, event: Any
) -> dg.MaterializeResult[None]:
    key = event.asset_key if not isinstance(event, dg.Output) else context.asset_key_for_output(event.output_name)
    table = key.to_user_string()
    done = deployment.lake.write(table, _rows(written / f"{table}.parquet"))
    context.log.info(f"{table}: {done.rows} rows" + ("" if done.changed else ", unchanged"))
    return dg.MaterializeResult(
        asset_key=key,
        metadata={**(event.metadata or {}), "dagster/row_count": done.rows, "changed": done.changed},
    )


def _rows(path: Path) -> pa.Table:
    """Read what dbt-duckdb wrote; for a model without rows that is one row of nulls."""
    table = pq.read_table(path, partitioning=None)
    is_placeholder = table.num_rows == 1 and all(column.null_count for column in table.columns)
    return table.slice(0, 0) if is_placeholder else table
