"""Tables that come vendor by vendor and are wanted month by month, kept on disk in between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as pc


class MonthlySpill:
    """Rows with a column ``month``, in a temporary folder that is gone at the end of the ``with`` block.

    Args:
        months: the months that are wanted; rows of others are not kept.
    """

    def __init__(self, months: Sequence[str]) -> None:
        self._months = pa.array(sorted(set(months)), pa.string())
        self._count = 0

    def __enter__(self) -> MonthlySpill:
        self._temporary = TemporaryDirectory(prefix="chokepoint-spill-")
        self._folder = Path(self._temporary.name)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._temporary.cleanup()

    def add(self, table: pa.Table) -> None:
        """Keep the rows of a table that are of the months wanted."""
        table = table.filter(pc.is_in(table["month"], self._months)).sort_by("month")
        counts = pc.value_counts(table["month"])
        first = 0
        for month, rows in zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True):
            folder = self._folder / month
            folder.mkdir(exist_ok=True)
            with pa.OSFile(str(folder / f"{self._count:06}.arrow"), "wb") as file:
                options = pa.ipc.IpcWriteOptions(compression="lz4")
                with pa.ipc.new_file(file, table.schema, options=options) as writer:
                    writer.write_table(table.slice(first, rows))
            first += rows
        self._count += 1

    def tables(self, month: str) -> Iterator[pa.Table]:
        """What was kept of one month, in the order in which it was added."""
        for path in sorted((self._folder / month).glob("*.arrow")):
            with pa.OSFile(str(path), "rb") as file:
                yield pa.ipc.open_file(file).read_all()
