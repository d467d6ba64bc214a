"""Releases: what analysts see. Immutable, with a manifest, published by one atomic flip of ``current``."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from expectations import contract
from resources.documents import Row
from resources.files import locked, write_whole
from resources.lake import parquet_bytes

_BUILDING = ".building-"
_DIFF = "release_diff"


@dataclass(frozen=True)
class TableFile:
    """A table in a release: file, rows, sha256 of the bytes, size, and its columns with their types."""

    table: str
    file: str
    rows: int
    sha256: str
    file_bytes: int
    columns: dict[str, str]


@dataclass(frozen=True)
class Release:
    """A published release."""

    id: str
    folder: Path
    manifest: dict[str, Any]

    @property
    def tables(self) -> dict[str, int]:
        """Rows by table."""
        return {entry["table"]: entry["rows"] for entry in self.manifest["tables"]}


class PublishRefusedError(Exception):
    """The release must not replace the current one."""


class Releases:
    """The folder of releases and its pointer.

    Args:
        folder: the lake; ``releases/<id>/`` and ``current`` are in it.
        kept: how many releases stay after a publication.
    """

    def __init__(self, folder: Path, *, kept: int) -> None:
        self._folder = folder
        self._kept = kept

    @property
    def pointer(self) -> Path:
        """The link that analysts follow."""
        return self._folder / "current"

    def current(self) -> Release | None:
        """The release that ``current`` points to, if any."""
        if not (self.pointer / "manifest.json").exists():
            return None
        folder = self.pointer.resolve()
        return Release(folder.name, folder, orjson.loads((folder / "manifest.json").read_bytes()))

    def publish(
        self,
        tables: Mapping[str, pa.Table],
        *,
        files: Mapping[str, bytes],
        sources: str,
        code_version: str,
        published_at: str,
    ) -> tuple[Release, bool]:
        """Make a release of these tables and files and flip ``current`` to it.

        A release whose tables and files (all but ``release_diff``) are byte for byte those of the current one is not
        made: the current one stays.

        Returns:
            The release that is current now, and whether it is a new one.

        Raises:
            PublishRefusedError: the current release is of live sources and this one is not.
        """
        encoded = {f"{name}.parquet": parquet_bytes(table) for name, table in tables.items()} | dict(files)
        entries = [
            TableFile(
                table=name,
                file=f"{name}.parquet",
                rows=table.num_rows,
                sha256=_sha256(encoded[f"{name}.parquet"]),
                file_bytes=len(encoded[f"{name}.parquet"]),
                columns={field.name: str(field.type) for field in table.schema},
            )
            for name, table in sorted(tables.items())
        ]
        content = {
            "sources": sources,
            "tables": [asdict(entry) for entry in entries if entry.table != _DIFF],
            "files": {name: _sha256(data) for name, data in sorted(files.items())},
        }
        digest = _sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS))
        with locked(self._folder / ".publishing", wait=True):  # deployments of other sources may share the lake
            current = self.current()
            if current and current.manifest["sources"] == "live" and sources != "live":
                raise PublishRefusedError(
                    f"{self.pointer} is a release of live sources; one of {sources!r} does not replace it. "
                    "Set CHOKEPOINT_LAKE to another folder."
                )
            if current and current.manifest["content_sha256"] == digest:
                return current, False
            manifest = {
                "id": f"{self._next_number():06d}-{digest[:12]}",
                "content_sha256": digest,
                "previous": current.id if current else None,
                "sources": sources,
                "code_version": code_version,
                "published_at": published_at,
                "files": content["files"],
                "tables": [asdict(entry) for entry in entries],
            }
            return self._flip(manifest, encoded), True

    def _flip(self, manifest: dict[str, Any], encoded: Mapping[str, bytes]) -> Release:
        releases = self._folder / "releases"
        self._clear(releases)
        building = releases / f"{_BUILDING}{manifest['id']}"
        for name, data in encoded.items():
            write_whole(building / name, data)
        write_whole(building / "manifest.json", orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
        folder = releases / manifest["id"]
        building.rename(folder)
        link = self._folder / ".current-next"
        link.unlink(missing_ok=True)
        link.symlink_to(folder.relative_to(self._folder))
        link.replace(self.pointer)
        for old in self._all()[: -self._kept]:
            shutil.rmtree(old)
        return Release(manifest["id"], folder, manifest)

    def _all(self) -> list[Path]:
        return sorted(path for path in (self._folder / "releases").glob("[0-9]*-*") if path.is_dir())

    def _next_number(self) -> int:
        held = self._all()
        return int(held[-1].name.split("-")[0]) + 1 if held else 1

    @staticmethod
    def _clear(releases: Path) -> None:
        """Remove what a killed run left behind; it was never visible."""
        for left in releases.glob(f"{_BUILDING}*"):
            shutil.rmtree(left)


def diff(before: Path | None, tables: Mapping[str, pa.Table]) -> list[Row]:
    """Rows of the table ``release_diff``: what tables hold now against a release, by each table's grain.

    Args:
        before: folder of the release to compare with; nothing is reported where there is none.
        tables: tables as they are now, by name.

    Returns:
        One row for each key added, removed or changed; for a table whose grain changed since, one row ``regrained``.
    """
    if before is None:
        return []
    rows: list[Row] = []
    for name, after in sorted(tables.items()):
        path = before / f"{name}.parquet"
        held = pq.read_table(path, partitioning=None) if path.exists() else after.schema.empty_table()
        if held.equals(after):
            continue
        grain = contract.load(name).grain
        if lost := sorted(set(grain) - set(held.column_names)):
            rows.append(_changed(name, "regrained", "", lost))
            continue
        old, new = _by_grain(held, grain), _by_grain(after, grain)
        rows += [_changed(name, "added", key, []) for key in new.keys() - old.keys()]
        rows += [_changed(name, "removed", key, []) for key in old.keys() - new.keys()]
        for key in old.keys() & new.keys():
            before_row, after_row = old[key], new[key]
            names = before_row.keys() | after_row.keys()
            if columns := sorted(name for name in names if not _same(before_row.get(name), after_row.get(name))):
                rows.append(_changed(name, "changed", key, columns))
    return rows


def _same(before: Any, after: Any) -> bool:
    """Whether a value is what it was; NaN, which equals nothing, is."""
    return bool(before == after or (before != before and after != after))  # noqa: PLR0124


def _by_grain(table: pa.Table, grain: list[str]) -> dict[str, Row]:
    return {" | ".join(str(row[name]) for name in grain): row for row in table.to_pylist()}


def _changed(table: str, change: str, key: str, columns: list[str]) -> Row:
    return {"table": table, "change": change, "key": key, "changed_columns": columns}


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
