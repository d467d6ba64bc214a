"""Contracts and rows made up for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from expectations.contract import Contract


def contract_of(
    columns: Mapping[str, str | Mapping[str, Any]],
    *expectations: Mapping[str, Any],
    grain: Sequence[str] = ("key",),
    **more: Any,
) -> Contract:
    """A contract whose columns are given by their types; one that ends in ``?`` may be empty."""
    described = {}
    for name, column in columns.items():
        if isinstance(column, str):
            described[name] = {
                "type": column.removesuffix("?"),
                "nullable": column.endswith("?"),
                "meaning": f"A {name}",
            }
        else:
            described[name] = dict(column)
    return Contract.model_validate(
        {
            "table": "made_up",
            "subject": "tests",
            "layer": "mart",
            "description": "Made up.",
            "grain": list(grain),
            "columns": described,
            "expectations": [dict(expectation) for expectation in expectations],
            **more,
        }
    )


def value_of(kind: str, number: int) -> Any:
    """A value of a contract's type, another for each number from 1 to 28."""
    if kind.startswith("decimal"):
        return Decimal(number) / 4
    values = {
        "string": f"text {number}",
        "bool": number % 2 == 0,
        "int64": number,
        "float64": number / 4,
        "date": date(2024, 2, number),
        "timestamp": datetime(2024, 2, number, 23, 59, tzinfo=UTC),
        "list<string>": [f"item {number}"],
    }
    return values[kind]


def rows_of(terms: Contract, count: int) -> list[dict[str, Any]]:
    """Rows with a value in every column, but for the last row, in which whatever may be empty is."""
    rows = []
    for number in range(1, count + 1):
        last = number == count
        rows.append(
            {
                name: None if last and column.nullable else value_of(column.type, number)
                for name, column in terms.columns.items()
            }
        )
    return rows
