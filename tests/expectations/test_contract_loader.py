"""What a contract may say, and what is said of one that is wrong."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from made_up import contract_of
from pydantic import ValidationError

from expectations import contract
from expectations.contract import ContractError

WELL_FORMED = """\
table: {table}
subject: tests
layer: mart
description: Made up.
grain: [key]
columns:
  key: {{type: int64, meaning: Key}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(contract, "FOLDER", tmp_path)
    return tmp_path


def test_an_unknown_type_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ValidationError, match=r"columns\.value\.type[\s\S]*unknown type 'int32': use one of .*'int64'"):
        contract_of({"key": "int64", "value": "int32"})


@pytest.mark.parametrize("kind", ["decimal", "decimal(9)", "decimal(9,2) ", "list<int64>", "timestamp[us]", ""])
def test_only_the_written_vocabulary_of_types_is_known(kind: str) -> None:
    with pytest.raises(ValueError, match="unknown type"):
        contract.arrow_type(kind)


def test_types_of_the_vocabulary_are_these_arrow_types() -> None:
    known = {
        "string": pa.string(),
        "bool": pa.bool_(),
        "int64": pa.int64(),
        "float64": pa.float64(),
        "date": pa.date32(),
        "timestamp": pa.timestamp("us", tz="UTC"),
        "list<string>": pa.list_(pa.string()),
        "decimal(38, 10)": pa.decimal128(38, 10),
        "decimal(9,6)": pa.decimal128(9, 6),
    }
    assert {kind: contract.arrow_type(kind) for kind in known} == known


@pytest.mark.parametrize(
    "args",
    [
        {"column": "valeu"},
        {"column_A": "value", "column_B": "valeu"},
        {"column_A": "valeu", "column_B": "value"},
        {"column_list": ["key", "valeu"]},
    ],
    ids=["column", "column_B", "column_A", "column_list"],
)
def test_an_expectation_on_a_column_that_is_not_there_is_refused(args: dict[str, object]) -> None:
    expectation = {"expect": "expect_something", "args": args}
    with pytest.raises(ValidationError, match=r"made_up: expect_something names \['valeu'\], not a column"):
        contract_of({"key": "int64", "value": "string"}, expectation)


def test_a_grain_of_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValidationError, match="the grain names other, which is not a column"):
        contract_of({"key": "int64"}, grain=["key", "other"])


def test_a_grain_that_may_be_empty_is_refused() -> None:
    with pytest.raises(ValidationError, match="key is part of the grain and must not be nullable"):
        contract_of({"key": "int64?"})


def test_two_expectations_with_one_check_name_are_refused() -> None:
    twice = {"expect": "expect_column_values_to_match_regex", "args": {"column": "value", "regex": "^a"}}
    with pytest.raises(ValidationError, match=r"several expectations come to the check names \['value_\w*regex'\]"):
        contract_of({"key": "int64", "value": "string"}, twice, {**twice, "args": {"column": "value", "regex": "b$"}})


def test_an_expectation_that_repeats_what_follows_from_the_grain_is_refused() -> None:
    with pytest.raises(ValidationError, match="several expectations come to the check names"):
        contract_of({"key": "int64"}, {"expect": "expect_column_values_to_be_unique", "args": {"column": "key"}})


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"collumns": {}}, "collumns"),
        ({"layer": "gold"}, "layer"),
        ({"rows": {"minimum": 1}}, "rows.minimum"),
        ({"expectations": [{"expect": "expect_something", "severity": "fatal"}]}, "expectations.0.severity"),
        ({"columns": {"key": {"type": "int64", "meaning": "Key", "units": "USD"}}}, "columns.key.units"),
        ({"columns": {"key": {"type": "int64"}}}, "columns.key.meaning"),
    ],
)
def test_a_word_outside_of_the_vocabulary_is_refused_by_its_place(change: dict[str, object], named: str) -> None:
    written = contract_of({"key": "int64"}).model_dump() | change
    with pytest.raises(ValidationError, match=named.replace(".", r"\.")):
        contract.Contract.model_validate(written)


def test_a_contract_is_loaded_from_the_file_of_its_name(folder: Path) -> None:
    (folder / "loaded_by_name.yml").write_text(WELL_FORMED.format(table="loaded_by_name"), encoding="utf-8")
    terms = contract.load("loaded_by_name")
    assert (terms.table, terms.grain, terms.rows.min, terms.rows.severity) == ("loaded_by_name", ["key"], 1, "critical")


def test_a_table_without_a_contract_is_an_error_that_names_the_file(folder: Path) -> None:
    with pytest.raises(ContractError, match=r"no contract absent\.yml"):
        contract.load("absent")


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("describes_another", WELL_FORMED.format(table="another"), "describes 'another'"),
        ("not_yaml", "table: [not_yaml", "expected ',' or ']'"),
        ("without_columns", "table: without_columns\nsubject: s\n", "columns"),
        ("an_empty_file", "", "valid dictionary or instance of Contract"),
    ],
)
def test_a_contract_that_cannot_be_read_is_an_error_that_names_its_file(
    folder: Path, name: str, text: str, reason: str
) -> None:
    (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ContractError) as raised:
        contract.load(name)
    assert str(raised.value).startswith(f"{name}.yml: ")
    assert reason in str(raised.value)


@pytest.mark.parametrize("terms", contract.load_all().values(), ids=lambda terms: terms.table)
def test_every_contract_describes_its_table_whole(terms: contract.Contract) -> None:
    assert terms.description.strip().endswith(".")
    assert all(len(column.meaning) > 3 for column in terms.columns.values())
    checks = [expectation.check_name for expectation in terms.all_expectations]
    assert len(set(checks)) == len(checks)
    assert all(check.isidentifier() for check in checks), "Dagster takes letters, digits and underscores"
    # What can be known only month by month says which month; money says its unit.
    assert terms.by_month <= ("month" in terms.columns)
    assert all(column.unit for name, column in terms.columns.items() if name.endswith("_usd"))
