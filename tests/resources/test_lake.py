"""The working area: what is written, what is not, and that the same rows give the same bytes."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from expectations import contract
from expectations.contract import ContractError
from resources.documents import Row, SourceError
from resources.lake import Lake

pytestmark = pytest.mark.usefixtures("small_contracts")


def sighting(bird: str, month: str = "2025-01", count: int | None = 1) -> Row:
    return {"month": month, "bird": bird, "count": count}


def town(name: str, people: int | None = 1) -> Row:
    return {"town": name, "people": people, "density": 0.5}


PROBLEM = SourceError("news", "https://example.org/a", "line 3", "not XML", remedy="fetch it again", is_index=True)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "work")


def test_month_by_month_and_read_whole_in_the_order_of_the_grain(lake: Lake) -> None:
    lake.write("sightings", [sighting("wren", "2025-02"), sighting("crow", "2025-02")], month="2025-02")
    written = lake.write("sightings", [sighting("kite"), sighting("dove")], month="2025-01")
    assert (written.table, written.rows, written.problems, written.changed) == ("sightings", 2, 0, True)
    assert lake.months("sightings") == ["2025-01", "2025-02"]
    assert [(row["month"], row["bird"]) for row in lake.rows("sightings")] == [
        ("2025-02", "crow"),
        ("2025-01", "dove"),
        ("2025-01", "kite"),
        ("2025-02", "wren"),
    ]
    assert [row["bird"] for row in lake.rows("sightings", month="2025-02")] == ["crow", "wren"]
    assert lake.rows("sightings", month="2025-03") == []


def test_a_month_replaces_itself_and_no_other(lake: Lake) -> None:
    lake.write("sightings", [sighting("wren", "2025-02")], month="2025-02")
    lake.write("sightings", [sighting("kite"), sighting("dove")], month="2025-01")
    lake.write("sightings", [sighting("owl")], month="2025-01")
    assert [row["bird"] for row in lake.rows("sightings")] == ["owl", "wren"]
    lake.write("sightings", [], month="2025-01")
    assert [row["bird"] for row in lake.rows("sightings")] == ["wren"]
    assert lake.months("sightings") == ["2025-01", "2025-02"], "an empty month is held, and empty"


def test_whole_table(lake: Lake) -> None:
    assert lake.read("towns").schema.equals(contract.load("towns").schema)
    lake.write("towns", [town("Ulm"), town("Aix")])
    assert lake.rows("towns") == [town("Aix"), town("Ulm")]


def test_what_is_read_has_the_contracts_schema_and_words(lake: Lake) -> None:
    for months in (["2025-01"], ["2025-01", "2025-02"]):
        for month in months:
            lake.write("sightings", [sighting("owl", month)], month=month)
        schema = lake.read("sightings").schema
        assert schema.equals(contract.load("sightings").schema, check_metadata=True)


@pytest.mark.parametrize(
    ("table", "month", "said"),
    [
        ("sightings", None, "month by month"),
        ("towns", "2025-01", "as a whole"),
        ("sightings", "2025-1", "YYYY-MM"),
        ("sightings", "whole", "YYYY-MM"),
        ("sightings", "../2025-01", "YYYY-MM"),
    ],
)
def test_month_and_whole_are_not_confused(lake: Lake, table: str, month: str | None, said: str) -> None:
    with pytest.raises(ContractError, match=said):
        lake.write(table, [], month=month)
    if month is not None:
        with pytest.raises(ContractError, match=said):
            lake.read(table, month=month)
    assert not lake.folder.exists()


MISFITS: dict[str, tuple[Row, str]] = {
    "unknown column": ({**sighting("owl"), "colour": "brown"}, "unknown columns.*colour"),
    "missing column": ({"month": "2025-01", "bird": "owl"}, "lacks.*count"),
    "type": (sighting("owl", count="many"), "count"),  # type: ignore[arg-type]
    "empty key": ({**sighting("owl"), "bird": None}, "bird.*empty"),
    "same key twice": (sighting("crow"), "crow"),
    "another month": (sighting("owl", "2025-02"), "2025-02.*2025-01"),
}


@pytest.mark.parametrize("name", MISFITS)
def test_misfit_writes_nothing(lake: Lake, name: str) -> None:
    row, said = MISFITS[name]
    lake.write("sightings", [sighting("dove")], month="2025-01", problems=[PROBLEM])
    file = lake.folder / "sightings" / "2025-01.parquet"
    before = file.read_bytes()
    with pytest.raises(ContractError, match=said):
        lake.write("sightings", [sighting("crow"), row], month="2025-01")
    assert file.read_bytes() == before
    assert len(lake.problems()) == 1, "problems go with the rows they belong to"
    assert [path.name for path in file.parent.iterdir()] == ["2025-01.parquet"]


def test_same_rows_same_bytes_in_any_order_and_form(lake: Lake, tmp_path: Path) -> None:
    rows = [sighting(f"bird {number:04}", count=number % 7 or None) for number in range(500)]
    assert lake.write("sightings", rows, month="2025-01").changed
    file = lake.folder / "sightings" / "2025-01.parquet"
    before, at = file.read_bytes(), file.stat().st_mtime_ns
    shuffled = rows.copy()
    random.Random(7).shuffle(shuffled)  # noqa: S311 - an order, not a secret
    as_table = pa.Table.from_pylist(shuffled).select(["count", "bird", "month"])
    for again in (shuffled, as_table, lake.read("sightings", month="2025-01")):
        assert not lake.write("sightings", again, month="2025-01").changed
    assert (file.read_bytes(), file.stat().st_mtime_ns) == (before, at)
    elsewhere = Lake(tmp_path / "elsewhere")
    elsewhere.write("sightings", shuffled, month="2025-01")
    assert (elsewhere.folder / "sightings" / "2025-01.parquet").read_bytes() == before
    assert lake.write("sightings", [*rows[:-1], sighting("bird 0499", count=1000)], month="2025-01").changed


def test_problems_are_those_of_the_last_write(lake: Lake) -> None:
    other = SourceError("news", "https://example.org/b", "", "no date")
    lake.write("sightings", [], month="2025-01", problems=[PROBLEM, other])
    lake.write("sightings", [], month="2025-02", problems=[PROBLEM])
    lake.write("towns", [], problems=[other])
    of_problem = {
        "source": "news",
        "document": "https://example.org/a",
        "place": "line 3",
        "reason": "not XML",
        "remedy": "fetch it again",
        "is_index": True,
    }
    held = lake.problems()
    assert held[0] == {"table": "sightings", "month": "2025-01", **of_problem}
    assert [(row["table"], row["month"]) for row in held] == [
        ("sightings", "2025-01"),
        ("sightings", "2025-01"),
        ("sightings", "2025-02"),
        ("towns", None),
    ]
    lake.write("sightings", [], month="2025-01")
    lake.write("towns", [town("Ulm")])
    assert [(row["table"], row["month"]) for row in lake.problems()] == [("sightings", "2025-02")]


def test_problems_can_be_noted_without_touching_rows(lake: Lake) -> None:
    lake.write("sightings", [sighting("owl")], month="2025-01")
    file = lake.folder / "sightings" / "2025-01.parquet"
    before = file.read_bytes()
    lake.note_problems("sightings", [PROBLEM], month="2025-01")
    assert file.read_bytes() == before
    assert len(lake.problems()) == 1
    lake.note_problems("sightings", [], month="2025-01")
    assert lake.problems() == []


def test_problems_fit_the_table_quarantine(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    lake.write("sightings", [], month="2025-01", problems=[PROBLEM])
    lake.write("towns", [], problems=[SourceError("sec", "0001045810-25-000001", "", "no date")])
    monkeypatch.undo()
    contract.load.cache_clear()
    assert contract.load("quarantine").table_of(lake.problems()).num_rows == 2


def test_what_a_killed_write_left_is_not_read(lake: Lake) -> None:
    lake.write("sightings", [sighting("owl")], month="2025-01", problems=[PROBLEM])
    (lake.folder / "sightings" / ".writing-abc").write_bytes(b"half of a file")
    (lake.folder.with_name("work-problems") / "sightings" / ".writing-abc").write_bytes(b"half")
    assert lake.months("sightings") == ["2025-01"]
    assert len(lake.rows("sightings")) == 1
    assert len(lake.problems()) == 1


def _with_a_column_more(write: Callable[[dict[str, Any]], None], **column: Any) -> None:
    terms = contract.load("sightings").model_dump(exclude={"rows", "expectations"})
    write({**terms, "columns": {**terms["columns"], "place": {"type": "string", "meaning": "Where", **column}}})


def test_month_of_an_older_contract_is_to_be_taken_in_again(
    lake: Lake, small_contracts: Callable[[dict[str, Any]], None]
) -> None:
    """After an upgrade the night must mend the working area by itself, and no reader may mix the two."""
    lake.write("sightings", [sighting("owl")], month="2025-01")
    lake.write("sightings", [sighting("owl", "2025-02")], month="2025-02")
    _with_a_column_more(small_contracts, nullable=True)
    assert lake.months("sightings") == []
    assert lake.rows("sightings", month="2025-01") == []
    lake.write("sightings", [{**sighting("owl"), "place": "Ulm"}], month="2025-01")
    assert lake.months("sightings") == ["2025-01"]
    with pytest.raises(ContractError, match=r"sightings/2025-02\.parquet: written when the contract had other columns"):
        lake.read("sightings")
    lake.write("sightings", [{**sighting("owl", "2025-02"), "place": None}], month="2025-02")
    assert [row["place"] for row in lake.rows("sightings")] == ["Ulm", None]


def test_other_words_about_a_column_leave_its_months_held(
    lake: Lake, small_contracts: Callable[[dict[str, Any]], None]
) -> None:
    lake.write("sightings", [sighting("owl")], month="2025-01")
    terms = contract.load("sightings").model_dump(exclude={"rows", "expectations"})
    terms["columns"]["bird"]["meaning"] = "Its common name"
    small_contracts(terms)
    assert lake.months("sightings") == ["2025-01"]
    assert lake.read("sightings").schema.field("bird").metadata == {b"meaning": b"Its common name"}
