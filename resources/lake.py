"""The working area: tables as Parquet under their contracts, month by month or whole, and what could not be read.

Analysts do not read it: they read a release (:mod:`resources.release`), which is made from it when every check passed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from expectations import contract
from resources.documents import Row, SourceError
from resources.files import write_whole

_WHOLE = "whole"
_MONTH = re.compile(r"\d{4}-\d{2}")
_PROBLEMS = pa.schema(
    [
        ("source", pa.string()),
        ("document", pa.string()),
        ("place", pa.string()),
        ("reason", pa.string()),
        ("remedy", pa.string()),
        ("is_index", pa.bool_()),
    ]
)


@dataclass(frozen=True)
class Written:
    """What a write did."""

    table: str
    rows: int
    problems: int
    changed: bool
    """Whether the file's bytes are other than before."""


class Lake:
    """Tables in one folder: ``<table>/<YYYY-MM>.parquet``, or ``<table>/whole.parquet``.

    The same rows give the same bytes: rows are ordered by the grain, and nothing of the moment is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._problems = folder.with_name(f"{folder.name}-problems")
        self._inputs = folder.with_name(f"{folder.name}-inputs")

    def write(
        self,
        table: str,
        rows: Iterable[Row] | pa.Table,
        *,
        month: str | None = None,
        problems: Sequence[SourceError] = (),
        made_from: Sequence[str] = (),
    ) -> Written:
        """Write a table, or one month of it, replacing what was there.

        Args:
            table: its name; its contract must exist.
            rows: as :meth:`expectations.contract.Contract.table_of`.
            month: YYYY-MM for a table written month by month, ``None`` for the others.
            problems: what could not be read for these rows; they replace the problems of the write before.
            made_from: tables written month by month whose same month these rows were made from.

        Raises:
            ContractError: the rows do not fit the contract or belong to another month; nothing was written.
        """
        terms = contract.load(table)
        _require_span(terms, month, whole=not terms.by_month)
        data = terms.table_of(rows)
        if month is not None and (others := set(data["month"].unique().to_pylist()) - {month}):
            raise contract.ContractError(f"{table}: rows of {sorted(others)} do not belong into {month}")
        changed = _replace(self.folder / table / f"{month or _WHOLE}.parquet", data)
        self.note_problems(table, problems, month=month)
        if made_from and month is not None:
            inputs = {name: self._digest(name, month) for name in made_from}
            write_whole(self._inputs / table / f"{month}.json", orjson.dumps(inputs, option=orjson.OPT_SORT_KEYS))
        return Written(table, data.num_rows, len(problems), changed)

    def note_problems(self, table: str, problems: Sequence[SourceError], *, month: str | None = None) -> None:
        """Replace the problems of a table (or of one month of it) without touching its rows."""
        path = self._problems / table / f"{month or _WHOLE}.parquet"
        if problems:
            rows = [{name: getattr(problem, name) for name in _PROBLEMS.names} for problem in problems]
            _replace(path, pa.Table.from_pylist(rows, schema=_PROBLEMS))
        else:
            path.unlink(missing_ok=True)

    def months(self, table: str) -> list[str]:
        """Months held of a table written month by month, in order.

        A month that was written when the contract had other columns is not held, nor is one made from rows that are
        others now (a run ended between the two tables): they are to be taken in again.
        """
        terms = contract.load(table)
        paths = (self.folder / table).glob("????-??.parquet")
        fitting = [path.stem for path in paths if _fits(pq.read_schema(path), terms)]
        return sorted(month for month in fitting if self._is_current(table, month))

    def read(self, table: str, *, month: str | None = None) -> pa.Table:
        """Read a table whole, in the order of its grain, or one month of it; empty where nothing was written.

        Raises:
            ContractError: some months of a table that is read whole were written under another contract.
        """
        terms = contract.load(table)
        _require_span(terms, month, whole=True)
        paths = sorted((self.folder / table).glob(f"{month or ('????-??' if terms.by_month else _WHOLE)}.parquet"))
        # One opening of each file: a table of months is read often, and through a dataset it takes twice as long.
        found = {path: pq.ParquetFile(path).read() for path in paths}
        fitting = {path: rows for path, rows in found.items() if _fits(rows.schema, terms)}
        if month is None and len(fitting) < len(found):
            others = [f"{table}/{path.name}" for path in paths if path not in fitting]
            raise contract.ContractError(
                f"{', '.join(others)}: written when the contract had other columns; the next night writes them anew"
            )
        parts = [rows.cast(terms.schema) for rows in fitting.values()]
        if not parts:
            return terms.schema.empty_table()
        if len(parts) == 1:
            return parts[0]
        return pa.concat_tables(parts).sort_by([(name, "ascending") for name in terms.grain])

    def count(self, table: str) -> int:
        """Rows held of a table, all months together."""
        return sum(pq.read_metadata(path).num_rows for path in (self.folder / table).glob("*.parquet"))

    def rows(self, table: str, *, month: str | None = None) -> list[Row]:
        """Read a table as rows."""
        rows: list[Row] = self.read(table, month=month).to_pylist()
        return rows

    def problems(self) -> list[Row]:
        """Rows of the table ``quarantine``."""
        rows = []
        for path in sorted(self._problems.glob("*/*.parquet")):
            month = None if path.stem == _WHOLE else path.stem
            found = pq.read_table(path, partitioning=None).to_pylist()
            rows += [{"table": path.parent.name, "month": month, **row} for row in found]
        return rows

    def _is_current(self, table: str, month: str) -> bool:
        noted = self._inputs / table / f"{month}.json"
        if not noted.exists():
            return True
        inputs: dict[str, str] = orjson.loads(noted.read_bytes())
        return all(self._digest(name, month) == digest for name, digest in inputs.items())

    def _digest(self, table: str, month: str) -> str:
        path = self.folder / table / f"{month}.parquet"
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def parquet_bytes(table: pa.Table) -> bytes:
    """The bytes of a Parquet file of ``table``; the same table gives the same bytes."""
    buffer = BytesIO()
    pq.write_table(table, buffer, compression="zstd", write_statistics=True)
    return buffer.getvalue()


def _require_span(terms: contract.Contract, month: str | None, *, whole: bool) -> None:
    """Refuse a month of a table that has none, one that no reader would find, and the whole where it is not meant."""
    if month is None and not whole:
        raise contract.ContractError(f"{terms.table} is written month by month")
    if month is not None and not terms.by_month:
        raise contract.ContractError(f"{terms.table} is written as a whole")
    if month is not None and not _MONTH.fullmatch(month):
        raise contract.ContractError(f"{terms.table}: a month is written YYYY-MM, not {month!r}")


def _fits(found: pa.Schema, terms: contract.Contract) -> bool:
    """Whether a file's columns and types are the contract's; what is said about them may be said anew."""
    return bool(found.equals(terms.schema))


def _replace(path: Path, table: pa.Table) -> bool:
    data = parquet_bytes(table)
    if path.exists() and path.read_bytes() == data:
        return False
    write_whole(path, data)
    return True
