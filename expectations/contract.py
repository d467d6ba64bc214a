"""A table's contract, read from ``expectations/<table>.yml``: the one place where a column is described.

From it come the Arrow schema on write, the Great Expectations suite (:mod:`expectations.suite`), Dagster's column
metadata, the Parquet field metadata and the data dictionary (:mod:`expectations.dictionary`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

FOLDER = Path(__file__).parent

Severity = Literal["critical", "warning"]
Layer = Literal["intake", "conformed", "mart", "forecast", "operations"]

_SIMPLE_TYPES: Mapping[str, pa.DataType] = {
    "string": pa.string(),
    "bool": pa.bool_(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "list<string>": pa.list_(pa.string()),
}
_PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "int64": (int,),
    "float64": (float, int),
    "date": (date,),
    "timestamp": (datetime,),
}
_UNSAID = {"expect", "table", "compound", "column", "columns", "pair", "value", "values", "to", "be"}
"""Words of an expectation's name that its check's name does without: the UI cuts long names in their middle."""
_DECIMAL = re.compile(r"decimal\((\d+), ?(\d+)\)")


class ContractError(Exception):
    """A frame does not fit its table's contract; it names the table, the column and an example."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Strict):
    """A column: its type, its unit where it has one, whether it may be empty, and what it means in one line."""

    type: str
    meaning: str
    nullable: bool = False
    unit: str = ""

    @field_validator("type")
    @classmethod
    def _known(cls, value: str) -> str:
        arrow_type(value)
        return value


class Expectation(_Strict):
    """One expectation by its Great Expectations name (snake case), with its arguments and severity.

    ``where`` narrows it to the rows in which columns have these values.
    """

    expect: str
    severity: Severity = "critical"
    why: str = ""
    args: dict[str, Any] = Field(default_factory=dict)
    where: dict[str, str] = Field(default_factory=dict)

    @property
    def check_name(self) -> str:
        """A short name, unique within the table, that the asset check bears in the UI."""
        args = self.args
        if self.expect == "expect_column_pair_values_a_to_be_greater_than_b":
            return f"{args['column_A']}_{'at_least' if args.get('or_equal') else 'above'}_{args['column_B']}"
        columns = args.get("column_list") or [args[name] for name in ("column", "column_A", "column_B") if name in args]
        said = [word for word in self.expect.split("_") if word not in _UNSAID]
        return "_".join([*columns, *said])

    @property
    def call(self) -> str:
        """Name and arguments, as a call."""
        narrowed = (
            f" where {', '.join(f'{name} is {value}' for name, value in self.where.items())}" if self.where else ""
        )
        return f"{self.expect}({', '.join(f'{name}={value}' for name, value in self.args.items())}){narrowed}"


class RowBounds(_Strict):
    """How many rows the table may have; outside of it something is wrong with a source or a parser."""

    min: int = 1
    max: int | None = None
    severity: Severity = "critical"
    why: str = "outside of these bounds a source or a parser is broken"


class Contract(_Strict):
    """The contract of one table.

    ``grain`` names the columns that identify a row and give the order in which rows are written.
    ``by_month`` says that the table is written month by month (the month in which the world could know).
    ``sources`` names the sources that feed it directly.
    """

    table: str
    subject: str
    layer: Layer
    description: str
    grain: list[str]
    columns: dict[str, Column]
    by_month: bool = False
    sources: list[str] = Field(default_factory=list)
    rows: RowBounds = RowBounds()
    expectations: list[Expectation] = Field(default_factory=list)

    @model_validator(mode="after")
    def _consistent(self) -> Contract:
        for name in self.grain:
            if name not in self.columns:
                raise ValueError(f"{self.table}: the grain names {name}, which is not a column")
            if self.columns[name].nullable:
                raise ValueError(f"{self.table}: {name} is part of the grain and must not be nullable")
        names = [expectation.check_name for expectation in self.all_expectations]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"{self.table}: several expectations come to the check names {twice}")
        for expectation in self.expectations:
            args = expectation.args
            named = {str(args[k]) for k in ("column", "column_A", "column_B") if k in args}
            named |= set(args.get("column_list", [])) | set(expectation.where)
            if unknown := named - set(self.columns):
                raise ValueError(f"{self.table}: {expectation.expect} names {sorted(unknown)}, not a column")
        return self

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema: names, types, nullability, and meaning and unit as field metadata."""
        fields = []
        for name, column in self.columns.items():
            metadata = {"meaning": column.meaning} | ({"unit": column.unit} if column.unit else {})
            fields.append(pa.field(name, arrow_type(column.type), nullable=column.nullable, metadata=metadata))
        return pa.schema(fields, metadata={"table": self.table, "description": self.description.strip()})

    @property
    def all_expectations(self) -> list[Expectation]:
        """What follows from grain and row bounds, then what is written down; one asset check for each."""
        bounds: dict[str, Any] = {"min_value": self.rows.min}
        if self.rows.max is not None:
            bounds["max_value"] = self.rows.max
        unique = (
            Expectation(expect="expect_column_values_to_be_unique", args={"column": self.grain[0]}, why="the grain")
            if len(self.grain) == 1
            else Expectation(
                expect="expect_compound_columns_to_be_unique", args={"column_list": self.grain}, why="the grain"
            )
        )
        count = Expectation(
            expect="expect_table_row_count_to_be_between",
            args=bounds,
            severity=self.rows.severity,
            why=self.rows.why,
        )
        return [count, unique, *self.expectations]

    def table_of(self, rows: Iterable[Mapping[str, Any]] | pa.Table) -> pa.Table:
        """Build the Arrow table of this contract, in the order of its grain.

        Args:
            rows: mappings with exactly the contract's columns, or an Arrow table with them.

        Raises:
            ContractError: a column is missing or unknown, a value does not fit its type, an empty value stands in
                a column that must not be empty, or two rows share the grain.
        """
        table = rows if isinstance(rows, pa.Table) else self._from_rows(list(rows))
        if unknown := set(table.column_names) - set(self.columns):
            raise ContractError(f"{self.table}: unknown columns {sorted(unknown)}")
        if missing := set(self.columns) - set(table.column_names):
            raise ContractError(f"{self.table}: missing columns {sorted(missing)}")
        arrays = []
        for field in self.schema:
            array = table[field.name]
            try:
                array = array.cast(field.type)
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
                raise ContractError(f"{self.table}.{field.name}: not {field.type}: {error}") from error
            if not field.nullable and array.null_count:
                where = pc.index(pc.is_null(array), True).as_py()
                raise ContractError(
                    f"{self.table}.{field.name}: empty in {array.null_count} rows, first where "
                    f"{ {name: table[name][where].as_py() for name in self.grain} }"
                )
            arrays.append(array)
        table = pa.Table.from_arrays(arrays, schema=self.schema)
        # A parser that lays out its rows in this order saves the sorting, which costs more than most parsing.
        if not _ascends(table.select(self.grain)):
            table = table.sort_by([(name, "ascending") for name in self.grain])
            self._refuse_duplicates(table)
        return table

    def _from_rows(self, rows: list[Mapping[str, Any]]) -> pa.Table:
        names = set(self.columns)
        for row in rows:
            if row.keys() != names:
                raise ContractError(
                    f"{self.table}: a row has unknown columns {sorted(set(row) - names)} "
                    f"and lacks {sorted(names - set(row))}: { {name: row.get(name) for name in self.grain} }"
                )
        arrays = []
        for field in self.schema:
            kind = self.columns[field.name].type
            for row in rows:
                if not _fits(row[field.name], kind):
                    raise ContractError(
                        f"{self.table}.{field.name}: not {kind} but {row[field.name]!r:.80} where "
                        f"{ {name: row[name] for name in self.grain} }"
                    )
            try:
                arrays.append(pa.array([row[field.name] for row in rows], type=field.type))
            except (TypeError, ValueError, OverflowError) as error:
                raise ContractError(f"{self.table}.{field.name}: not {field.type}: {error}") from error
        return pa.Table.from_arrays(arrays, names=list(self.columns))

    def _refuse_duplicates(self, table: pa.Table) -> None:
        """Compare each row of a sorted table with the one before it."""
        again = pa.scalar(True)
        for before, after in _neighbours(table.select(self.grain)):
            again = pc.and_(again, pc.equal(before, after))
        keys = table.slice(1).filter(again).select(self.grain).to_pylist()
        if not keys:
            return
        number = len({tuple(key.values()) for key in keys})
        raise ContractError(f"{self.table}: {number} keys stand in several rows, first {keys[0]}")


def _neighbours(table: pa.Table) -> Iterator[tuple[pa.ChunkedArray, pa.ChunkedArray]]:
    """Each column without its last row, and without its first."""
    for column in table.columns:
        yield column.slice(0, max(len(column) - 1, 0)), column.slice(1)


def _ascends(table: pa.Table) -> bool:
    """Whether each row is greater than the one before it, column by column: in order, and none twice."""
    less, equal = pa.scalar(False), pa.scalar(True)
    for before, after in _neighbours(table):
        same = pc.equal(before, after)
        if pc.all(same).as_py():
            continue
        less = pc.or_(less, pc.and_(equal, pc.less(before, after)))
        equal = pc.and_(equal, same)
    return table.num_rows < 2 or pc.all(less).as_py() is True


def arrow_type(name: str) -> pa.DataType:
    """Return the Arrow type for a contract's type name; raise ``ValueError`` for a name outside the vocabulary."""
    if name in _SIMPLE_TYPES:
        return _SIMPLE_TYPES[name]
    if match := _DECIMAL.fullmatch(name):
        return pa.decimal128(int(match[1]), int(match[2]))
    raise ValueError(f"unknown type {name!r}: use one of {sorted(_SIMPLE_TYPES)} or decimal(p, s)")


def _fits(value: Any, kind: str) -> bool:
    """Whether a value is of its column's type; Arrow alone cuts 1.5 to 1, a time to its day, a text into letters."""
    if value is None:
        return True
    if isinstance(value, bool) or kind == "bool":
        return isinstance(value, bool) and kind == "bool"
    if isinstance(value, datetime):
        return kind == "timestamp" and value.tzinfo is not None
    if kind == "list<string>":
        return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
    return isinstance(value, _PYTHON_TYPES.get(kind, (Decimal, int)))


@cache
def load(table: str) -> Contract:
    """Read the contract of one table.

    Raises:
        ContractError: there is no such contract, or it is not well formed; the message names the file.
    """
    path = FOLDER / f"{table}.yml"
    if not path.exists():
        raise ContractError(f"no contract {path.name} in {FOLDER}")
    try:
        contract = Contract.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (ValueError, yaml.YAMLError) as error:
        raise ContractError(f"{path.name}: {error}") from error
    if contract.table != table:
        raise ContractError(f"{path.name}: describes {contract.table!r}")
    return contract


@cache
def load_all() -> dict[str, Contract]:
    """All contracts by table name, in alphabetical order."""
    return {path.stem: load(path.stem) for path in sorted(FOLDER.glob("*.yml"))}
