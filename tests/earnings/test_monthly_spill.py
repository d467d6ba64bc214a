"""Tables kept on disk between vendors and months."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from fact_rows import fact, table

from assets.earnings.monthly_spill import MonthlySpill


def _vendor(slug: str, *months: str) -> pa.Table:
    return table(*(fact(f"a:b=c:{number}", vendor=slug, month=month) for number, month in enumerate(months)))


def test_each_month_gets_its_rows_of_all_vendors_in_their_order() -> None:
    first = _vendor("b", "2025-02", "2025-01", "2025-02", "2024-12")
    second = _vendor("a", "2025-01")
    with MonthlySpill(["2025-02", "2025-01"]) as spill:
        spill.add(first)
        spill.add(second)
        found = {month: list(spill.tables(month)) for month in ("2025-01", "2025-02", "2025-03", "2024-12")}
    assert [part["vendor"].to_pylist() for part in found["2025-01"]] == [["b"], ["a"]]
    assert [part["month"].to_pylist() for part in found["2025-02"]] == [["2025-02", "2025-02"]]
    assert found["2025-03"] == found["2024-12"] == []
    assert found["2025-01"][1].equals(second)
    assert found["2025-01"][1].schema.equals(second.schema, check_metadata=True)


def test_nothing_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def fails() -> None:
        with MonthlySpill(["2025-01"]) as spill:
            spill.add(_vendor("a", "2025-01"))
            assert list(tmp_path.rglob("*.arrow"))
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert not list(tmp_path.iterdir())
