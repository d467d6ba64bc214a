"""How a contract receives rows: what fits comes out typed and in order, what does not is refused by name."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import contract_of

from expectations.contract import ContractError

TERMS = contract_of(
    {
        "place": "string",
        "number": "int64",
        "amount_usd": {"type": "int64", "unit": "USD", "meaning": "An amount", "nullable": True},
        "names": "list<string>",
    },
    grain=["place", "number"],
    description="  Places,\n  by number.\n",
)


def row(place: str = "a", number: int = 1, **other: Any) -> dict[str, Any]:
    return {"place": place, "number": number, "amount_usd": 5, "names": []} | other


def test_rows_are_sorted_by_the_grain_in_its_order() -> None:
    table = TERMS.table_of([row("b", 1), row("a", 10), row("a", 9), row("B", 3)])
    assert [(r["place"], r["number"]) for r in table.to_pylist()] == [("B", 3), ("a", 9), ("a", 10), ("b", 1)]


def test_columns_come_in_the_order_of_the_contract_whatever_the_order_of_the_row() -> None:
    table = TERMS.table_of([dict(reversed(row().items()))])
    assert table.column_names == ["place", "number", "amount_usd", "names"]


def test_the_schema_carries_meaning_unit_and_what_may_be_empty() -> None:
    schema = TERMS.table_of([row()]).schema
    assert schema.metadata == {b"table": b"made_up", b"description": b"Places,\n  by number."}
    assert schema.field("amount_usd").metadata == {b"meaning": b"An amount", b"unit": b"USD"}
    assert schema.field("place").metadata == {b"meaning": b"A place"}
    assert [field.nullable for field in schema] == [False, False, True, False]


def test_no_rows_make_an_empty_table_of_the_same_schema() -> None:
    table = TERMS.table_of([])
    assert table.num_rows == 0
    assert table.schema.equals(TERMS.table_of([row()]).schema, check_metadata=True)


def test_a_missing_column_is_named_with_the_row() -> None:
    short = row(number=7)
    del short["names"]
    with pytest.raises(ContractError, match=r"made_up: .*lacks \['names'\]: .*'number': 7"):
        TERMS.table_of([row(), short])


def test_an_unknown_column_is_named_with_the_row() -> None:
    with pytest.raises(ContractError, match=r"made_up: .*unknown columns \['nmaes'\].*'number': 7"):
        TERMS.table_of([row(), row(number=7, nmaes=[])])


def test_columns_of_an_arrow_table_are_held_to_the_contract_likewise() -> None:
    table = TERMS.table_of([row()])
    with pytest.raises(ContractError, match=r"made_up: missing columns \['names'\]"):
        TERMS.table_of(table.drop_columns(["names"]))
    with pytest.raises(ContractError, match=r"made_up: unknown columns \['more'\]"):
        TERMS.table_of(table.append_column("more", pa.array([1])))


def test_an_arrow_table_is_cast_sorted_and_described() -> None:
    plain = pa.table(
        {
            "names": pa.array([["x"], []], pa.list_(pa.large_string())),
            "amount_usd": pa.array([5.0, None], pa.float64()),
            "number": pa.array([2, 1], pa.int32()),
            "place": pa.array(["a", "a"], pa.large_string()),
        }
    )
    table = TERMS.table_of(plain)
    assert table.schema.equals(TERMS.schema, check_metadata=True)
    assert table.to_pylist() == [row(number=1, amount_usd=None), row(number=2, names=["x"])]


def test_an_arrow_table_whose_values_do_not_fit_is_refused() -> None:
    with pytest.raises(ContractError, match=r"made_up\.amount_usd: not int64"):
        TERMS.table_of(TERMS.table_of([row()]).set_column(2, "amount_usd", pa.array([1.5])))


def test_an_empty_value_where_none_may_be_is_named_with_the_first_row() -> None:
    rows = [row(number=1), row(number=2, names=None), row(number=3, names=None)]
    with pytest.raises(ContractError, match=r"made_up\.names: empty in 2 rows, first where .*'number': 2"):
        TERMS.table_of(rows)


def test_rows_that_share_the_grain_are_refused_with_the_first_of_them() -> None:
    rows = [row("a", 1), row("b", 2, amount_usd=1), row("b", 2, amount_usd=2)]
    with pytest.raises(ContractError, match=r"made_up: 1 keys stand in several rows, first .*'b'.*2"):
        TERMS.table_of(rows)


def test_rows_that_share_the_grain_are_found_wherever_they_stand() -> None:
    rows = [row("b", 2), row("a", 1), row("a", 3), row("b", 2), row("a", 1), row("b", 2)]
    with pytest.raises(ContractError, match=r"made_up: 2 keys stand in several rows, first .*'a'.*1"):
        TERMS.table_of(rows)


@given(st.sets(st.tuples(st.sampled_from(["", "a", "B", "b", "é", "日"]), st.integers(-2, 3))), st.randoms())
def test_the_order_is_the_same_whatever_it_was_before(keys: set[tuple[str, int]], random: Random) -> None:
    """By the bytes of a text, whether the rows come in order (and are left as they are) or not."""
    ascending = sorted(keys, key=lambda key: (key[0].encode(), key[1]))
    shuffled = random.sample(ascending, len(ascending))
    for order in (ascending, shuffled):
        table = TERMS.table_of([row(*key) for key in order])
        assert [(r["place"], r["number"]) for r in table.to_pylist()] == ascending


NEW_YORK = timezone(timedelta(hours=-5))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("int64", 1.5),
        ("int64", 1.0),
        ("int64", True),
        ("int64", "1"),
        ("int64", Decimal(1)),
        ("int64", 2**63),
        ("bool", 1),
        ("bool", "true"),
        ("string", 1),
        ("string", b"bytes"),
        ("string", "\ud800"),
        ("date", "2024-01-01"),
        ("date", 19723),
        ("date", datetime(2024, 1, 1, 23, 0, tzinfo=NEW_YORK)),
        ("timestamp", datetime(2024, 1, 1)),  # noqa: DTZ001 - that is what is refused
        ("timestamp", date(2024, 1, 1)),
        ("list<string>", "abc"),
        ("list<string>", ["a", None]),
        ("list<string>", [1]),
        ("decimal(9, 2)", 0.1),
        ("decimal(9, 2)", Decimal("0.125")),
        ("decimal(9, 2)", Decimal(10**8)),
        ("float64", "1.5"),
    ],
)
def test_a_value_of_another_type_is_refused_and_never_bent(kind: str, value: object) -> None:
    """Arrow by itself would cut 1.5 to 1, a time to its day, and a text into its letters."""
    terms = contract_of({"key": "int64", "value": f"{kind}?"})
    with pytest.raises(ContractError, match=r"made_up\.value: not "):
        terms.table_of([{"key": 1, "value": value}])


@pytest.mark.parametrize(
    ("kind", "value", "held"),
    [
        ("int64", -(2**63), -(2**63)),
        ("string", "禁運 \x00 é", "禁運 \x00 é"),
        ("date", date(1936, 3, 14), date(1936, 3, 14)),
        ("timestamp", datetime(2024, 1, 1, 19, 0, 0, 1, tzinfo=NEW_YORK), datetime(2024, 1, 2, 0, 0, 0, 1, tzinfo=UTC)),
        ("list<string>", ("b", "a"), ["b", "a"]),
        ("decimal(38, 10)", Decimal("-12345678901234567890.0000000001"), Decimal("-12345678901234567890.0000000001")),
        ("float64", 3, 3.0),
        ("bool", False, False),
    ],
)
def test_a_value_that_fits_is_kept_exactly(kind: str, value: object, held: object) -> None:
    terms = contract_of({"key": "int64", "value": kind})
    assert terms.table_of([{"key": 1, "value": value}])["value"].to_pylist() == [held]


def test_a_misfit_names_the_value_and_its_row() -> None:
    with pytest.raises(ContractError, match=r"made_up\.amount_usd: not int64 but 18\.5 where .*'b'.*4"):
        TERMS.table_of([row(), row("b", 4, amount_usd=18.5)])
