"""What Dagster loads: it is valid, light to load, and says of every table what its contract says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from expectations import contract
from expectations.contract import Contract
from resources.settings import ROOT

CONTRACTS = contract.load_all()
POOLS = {
    "fr_documents": "federalregister.gov",
    "entity_list_snapshots": "www.ecfr.gov",
    "filings": "sec.gov",
    "filing_documents": "sec.gov",
    "facts": "sec.gov",
    "articles": "news",
    "chip_specs": "epoch.ai",
    "reference_rates": "fred.stlouisfed.org",
    "vendor_releases": "nvidianews.nvidia.com",
}
"""Whom each table's intake asks; articles come from many hosts, under one pool."""


def environment_of(folder: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CHOKEPOINT_", "DAGSTER"))}
    return inherited | {
        "CHOKEPOINT_LAKE": str(folder / "lake"),
        "CHOKEPOINT_STATE": str(folder / "state"),
        "DAGSTER_HOME": str(folder),
    }


@pytest.fixture(scope="session")
def specs(defs: dg.Definitions) -> dict[str, dg.AssetSpec]:
    """Each asset's specification by its name."""
    return {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


@pytest.fixture(scope="session")
def assets(defs: dg.Definitions) -> dict[str, dg.AssetsDefinition]:
    """The definition that makes each asset."""
    graph = defs.resolve_asset_graph()
    return {key.to_user_string(): graph.get(key).assets_def for key in graph.get_all_asset_keys()}


def test_dagster_finds_nothing_wrong_with_the_workspace(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("dagster")), "definitions", "validate", "-w", "workspace.yaml"],
        cwd=ROOT,
        env=environment_of(tmp_path),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "Validation successful for code location pipelines.definitions" in said


def test_loading_imports_nothing_that_only_a_run_needs(tmp_path: Path) -> None:
    """Each of these costs seconds, which every page of the UI and every --help would pay."""
    program = "import sys, pipelines.definitions; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment_of(tmp_path),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    loaded = set(done.stdout.split())
    assert "assets.forecast.models" in loaded
    assert not loaded & {"great_expectations", "statsforecast", "matplotlib", "numba", "polars"}


def test_every_contract_has_an_asset_and_every_table_a_contract(specs: dict[str, dg.AssetSpec]) -> None:
    assert specs.keys() - {"report", "release"} == set(CONTRACTS)


@pytest.mark.parametrize("terms", CONTRACTS.values(), ids=lambda terms: terms.table)
def test_a_table_says_what_its_contract_says(terms: Contract, specs: dict[str, dg.AssetSpec]) -> None:
    spec = specs[terms.table]
    assert spec.group_name == terms.subject
    assert spec.description == terms.description
    assert spec.metadata["contract"] == f"expectations/{terms.table}.yml"
    columns = spec.metadata["dagster/column_schema"].columns
    assert [(c.name, c.type, c.constraints.nullable) for c in columns] == [
        (name, column.type, column.nullable) for name, column in terms.columns.items()
    ]
    for told, column in zip(columns, terms.columns.values(), strict=True):
        assert column.meaning in (told.description or "")
        assert column.unit in (told.description or "")


def test_every_asset_has_owner_kind_description_and_freshness(specs: dict[str, dg.AssetSpec]) -> None:
    for name, spec in specs.items():
        assert spec.owners == ["team:chokepoint"], name
        assert spec.kinds & {"parquet", "html"}, name
        assert spec.description, name
        assert spec.freshness_policy is not None, name


def test_marts_are_of_dbt_and_the_other_tables_of_python(specs: dict[str, dg.AssetSpec]) -> None:
    marts = {name for name, terms in CONTRACTS.items() if terms.layer == "mart"}
    assert {name for name, spec in specs.items() if "dbt" in spec.kinds} == marts
    assert {name for name, spec in specs.items() if "python" in spec.kinds} == set(CONTRACTS) - marts


@pytest.mark.parametrize("name", [name for name, terms in CONTRACTS.items() if terms.by_month])
def test_intake_is_partitioned_by_month_and_backfilled_in_a_single_run(
    name: str, assets: dict[str, dg.AssetsDefinition]
) -> None:
    asset = assets[name]
    partitions = asset.partitions_def
    assert isinstance(partitions, dg.MonthlyPartitionsDefinition)
    assert partitions.get_first_partition_key() == "2017-01"
    assert asset.backfill_policy == dg.BackfillPolicy.single_run()


def test_nothing_but_intake_is_partitioned(assets: dict[str, dg.AssetsDefinition]) -> None:
    partitioned = {name for name, asset in assets.items() if asset.partitions_def is not None}
    assert partitioned == {name for name, terms in CONTRACTS.items() if terms.by_month}


def test_whoever_asks_a_source_stands_in_line_for_its_host(assets: dict[str, dg.AssetsDefinition]) -> None:
    pools = {name: asset.op.pool for name, asset in assets.items() if asset.op.pool}
    assert pools == POOLS


def test_tables_come_after_what_they_read(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()

    def parents(name: str) -> set[str]:
        return {key.to_user_string() for key in graph.get(dg.AssetKey(name)).parent_keys}

    assert parents("entity_list_changes") == {"fr_documents"}
    assert parents("mart_timeline") == {"fr_documents", "fr_amendments", "entity_list_changes"}
    assert parents("release") == {*CONTRACTS, "report"}
    assert parents("quarantine") == {name for name, terms in CONTRACTS.items() if terms.layer != "operations"}


@pytest.mark.parametrize("terms", CONTRACTS.values(), ids=lambda terms: terms.table)
def test_every_expectation_is_a_check_that_blocks_where_it_is_critical(terms: Contract, defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    ours = {expectation.check_name: expectation for expectation in terms.all_expectations}
    specs = {
        key.name: graph.get_check_spec(key)
        for key in graph.asset_check_keys
        if key.asset_key == dg.AssetKey(terms.table) and key.name in ours
    }
    assert specs.keys() == ours.keys()
    for name, expectation in ours.items():
        assert specs[name].blocking == (expectation.severity == "critical"), name
        assert expectation.expect in (specs[name].description or ""), name


def test_relations_between_tables_are_checked_by_dbt(defs: dg.Definitions) -> None:
    checks = {(key.asset_key.to_user_string(), key.name) for key in defs.resolve_asset_graph().asset_check_keys}
    of_dbt = {name for table, name in checks if table == "mart_timeline"} - {
        expectation.check_name for expectation in CONTRACTS["mart_timeline"].all_expectations
    }
    assert "every_document_on_the_timeline" in of_dbt


def test_the_night_holds_everything_and_a_backfill_the_intake(defs: dg.Definitions) -> None:
    def selected(job: str) -> set[str]:
        layer = defs.resolve_job_def(job).asset_layer
        return {key.to_user_string() for key in layer.executable_asset_keys}

    assert selected("nightly") == {*CONTRACTS, "report", "release"}
    assert selected("intake") == {name for name, terms in CONTRACTS.items() if terms.by_month}
