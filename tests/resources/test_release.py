"""Releases: immutable, whole at every moment, and compared with the one before."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from expectations import contract
from resources.files import write_whole
from resources.release import PublishRefusedError, Release, Releases, diff

pytestmark = pytest.mark.usefixtures("small_contracts")

PAGE = b"<html>report</html>"


def towns(*rows: tuple[str, int | None], density: float | None = 0.5) -> pa.Table:
    return contract.load("towns").table_of(
        [{"town": name, "people": people, "density": density} for name, people in rows]
    )


def sightings(*rows: tuple[str, str, int | None]) -> pa.Table:
    return contract.load("sightings").table_of(
        [{"month": month, "bird": bird, "count": count} for month, bird, count in rows]
    )


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    return tmp_path / "lake"


def publish(lake: Path, tables: dict[str, pa.Table], *, kept: int = 30, **chosen: Any) -> tuple[Release, bool]:
    given = {
        "files": {"report.html": PAGE},
        "sources": "samples",
        "code_version": "0.1",
        "published_at": "2026-01-15T23:59:59+00:00",
    }
    return Releases(lake, kept=kept).publish(tables, **{**given, **chosen})


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_no_release_yet(lake: Path) -> None:
    assert Releases(lake, kept=1).current() is None


def test_release_holds_tables_files_and_a_manifest_that_vouches_for_them(lake: Path) -> None:
    made, is_new = publish(lake, {"towns": towns(("Ulm", 126_000)), "sightings": sightings(("2025-01", "owl", 2))})
    assert is_new
    assert (lake / "current").is_symlink()
    assert not (lake / "current").readlink().is_absolute(), "the lake can be moved and mounted elsewhere"
    assert (lake / "current").resolve() == made.folder == lake / "releases" / made.id
    assert pq.read_table(lake / "current" / "towns.parquet").to_pylist() == [
        {"town": "Ulm", "people": 126_000, "density": 0.5}
    ]
    manifest = orjson.loads((lake / "current" / "manifest.json").read_bytes())
    assert manifest == made.manifest
    assert (manifest["id"], manifest["previous"], manifest["sources"]) == (made.id, None, "samples")
    assert (manifest["code_version"], manifest["published_at"]) == ("0.1", "2026-01-15T23:59:59+00:00")
    assert manifest["files"] == {"report.html": hashlib.sha256(PAGE).hexdigest()}
    for entry in manifest["tables"]:
        data = (made.folder / entry["file"]).read_bytes()
        assert (entry["sha256"], entry["file_bytes"]) == (hashlib.sha256(data).hexdigest(), len(data))
    assert manifest["tables"][1]["columns"] == {"town": "string", "people": "int64", "density": "double"}
    assert made.tables == {"sightings": 1, "towns": 1}
    assert sorted(content(made.folder)) == ["manifest.json", "report.html", "sightings.parquet", "towns.parquet"]
    current = Releases(lake, kept=1).current()
    assert current is not None
    assert (current.id, current.manifest) == (made.id, manifest)


def test_a_release_stays_as_it_was_when_the_next_comes(lake: Path) -> None:
    first, _ = publish(lake, {"towns": towns(("Ulm", 1))})
    before = content(first.folder)
    second, is_new = publish(lake, {"towns": towns(("Ulm", 2))})
    assert is_new
    assert second.id > first.id
    assert second.manifest["previous"] == first.id
    assert content(first.folder) == before
    assert (lake / "current").resolve() == second.folder


def test_unchanged_content_makes_no_release(lake: Path) -> None:
    tables = {"towns": towns(("Ulm", 1))}
    first, _ = publish(lake, tables)
    again, is_new = publish(lake, tables, code_version="0.2", published_at="2026-01-16T23:59:59+00:00")
    assert (again.id, again.manifest, is_new) == (first.id, first.manifest, False)
    assert len(list((lake / "releases").iterdir())) == 1


def test_a_table_of_changes_alone_makes_no_release(lake: Path) -> None:
    """It says what changed since the current release: by itself it is no news, and it would never come to rest."""
    tables = {"towns": towns(("Ulm", 1))}
    publish(lake, {**tables, "release_diff": pa.table({"key": ["Ulm"]})})
    _, is_new = publish(lake, {**tables, "release_diff": pa.table({"key": pa.array([], pa.string())})})
    assert not is_new


@pytest.mark.parametrize(
    "change",
    [
        {"tables": {"towns": towns}},
        {"files": {"report.html": b"<html>other</html>"}},
        {"files": {}},
        {"sources": "mirror-12345678"},
    ],
    ids=["table", "file", "file gone", "sources"],
)
def test_any_other_change_makes_one(lake: Path, change: dict[str, Any]) -> None:
    publish(lake, {"towns": towns(("Ulm", 1))})
    tables = {"towns": towns(("Ulm", None))} if "tables" in change else {"towns": towns(("Ulm", 1))}
    _, is_new = publish(lake, tables, **{name: value for name, value in change.items() if name != "tables"})
    assert is_new


def test_going_back_to_older_content_is_a_new_release(lake: Path) -> None:
    ids = [publish(lake, {"towns": towns(("Ulm", people))})[0].id for people in (1, 2, 1)]
    assert ids == sorted(set(ids))
    assert ids[0].split("-")[1] == ids[2].split("-")[1]


@pytest.mark.parametrize("kept", [1, 3])
def test_older_releases_go_and_the_newest_stay(lake: Path, kept: int) -> None:
    ids = [publish(lake, {"towns": towns(("Ulm", people))}, kept=kept)[0].id for people in range(6)]
    assert sorted(path.name for path in (lake / "releases").iterdir()) == ids[-kept:]
    assert (lake / "current").resolve().name == ids[-1]
    assert ids[-1].startswith("000006-")


@pytest.mark.parametrize("sources", ["samples", "mirror-12345678"])
def test_live_is_not_replaced_by_anything_else(lake: Path, sources: str) -> None:
    live, _ = publish(lake, {"towns": towns(("Ulm", 1))}, sources="live")
    with pytest.raises(PublishRefusedError, match="CHOKEPOINT_LAKE"):
        publish(lake, {"towns": towns(("Ulm", 2))}, sources=sources)
    assert (lake / "current").resolve() == live.folder
    assert [path.name for path in (lake / "releases").iterdir()] == [live.id]


def test_live_replaces_samples_and_itself(lake: Path) -> None:
    publish(lake, {"towns": towns(("Ulm", 1))})
    _, first = publish(lake, {"towns": towns(("Ulm", 1))}, sources="live")
    _, second = publish(lake, {"towns": towns(("Ulm", 2))}, sources="live")
    assert (first, second) == (True, True)


def test_leftovers_of_a_killed_build_are_cleared_and_never_current(lake: Path) -> None:
    first, _ = publish(lake, {"towns": towns(("Ulm", 1))})
    left = lake / "releases" / ".building-000002-0123456789ab"
    left.mkdir()
    (left / "towns.parquet").write_bytes(b"half of a file")
    (lake / ".current-next").symlink_to("releases/nowhere")
    current = Releases(lake, kept=30).current()
    assert current is not None
    assert current.id == first.id
    second, _ = publish(lake, {"towns": towns(("Ulm", 2))})
    assert second.id.startswith("000002-")
    assert sorted(path.name for path in (lake / "releases").iterdir()) == [first.id, second.id]
    assert sorted(path.name for path in lake.iterdir()) == [".publishing", "current", "releases"]


def test_killed_between_the_release_and_the_pointer(lake: Path) -> None:
    """The release stands but nobody points to it: the next is made beside it, and is the current one."""
    first, _ = publish(lake, {"towns": towns(("Ulm", 1))})
    second, _ = publish(lake, {"towns": towns(("Ulm", 2))})
    (lake / "current").unlink()
    (lake / "current").symlink_to(f"releases/{first.id}")
    third, is_new = publish(lake, {"towns": towns(("Ulm", 2))})
    assert is_new
    assert third.id.split("-")[0] == "000003"
    assert third.manifest["previous"] == first.id
    assert (lake / "current").resolve() == third.folder
    assert second.folder.exists()


@pytest.mark.parametrize("failing", ["towns.parquet", "report.html", "manifest.json"])
def test_a_publication_that_fails_changes_nothing(lake: Path, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    first, _ = publish(lake, {"towns": towns(("Ulm", 1))})

    def full(path: Path, data: bytes) -> None:
        if path.name == failing:
            raise OSError(28, "No space left on device")
        write_whole(path, data)

    monkeypatch.setattr("resources.release.write_whole", full)
    with pytest.raises(OSError, match="No space left"):
        publish(lake, {"towns": towns(("Ulm", 2))})
    assert (lake / "current").resolve() == first.folder
    monkeypatch.setattr("resources.release.write_whole", write_whole)
    second, _ = publish(lake, {"towns": towns(("Ulm", 2))})
    assert sorted(path.name for path in (lake / "releases").iterdir()) == [first.id, second.id]


def test_readers_never_miss_and_never_see_a_mixture(lake: Path) -> None:
    """At least twenty releases are published while readers follow ``current`` as fast as they can."""
    publish(lake, {"towns": towns(("Ulm", 0)), "sightings": sightings(("2025-01", "owl", 0))}, kept=3)
    stop, reads, failures = threading.Event(), [0, 0], []

    def read(reader: int) -> None:
        while not stop.is_set():
            try:
                manifest = orjson.loads((lake / "current" / "manifest.json").read_bytes())
                folder = (lake / "current").resolve()
                held = orjson.loads((folder / "manifest.json").read_bytes())
                assert folder.name == held["id"] >= manifest["id"]
                for entry in held["tables"]:
                    data = (folder / entry["file"]).read_bytes()
                    assert hashlib.sha256(data).hexdigest() == entry["sha256"]
            except Exception as error:  # noqa: BLE001 - whatever a reader meets is the finding
                failures.append(repr(error))
                return
            reads[reader] += 1

    readers = [threading.Thread(target=read, args=(number,)) for number in range(2)]
    for reader in readers:
        reader.start()
    number = 0
    while not failures and (number < 20 or min(reads) < 20):
        number += 1
        tables = {"towns": towns(("Ulm", number)), "sightings": sightings(("2025-01", "owl", number))}
        assert publish(lake, tables, kept=3)[1]
    stop.set()
    for reader in readers:
        reader.join()
    assert failures == []


# --- diff ---


def differences(lake: Path, tables: dict[str, pa.Table]) -> list[tuple[str, str, str, list[str]]]:
    before = Releases(lake, kept=30).current()
    rows = diff(before.folder if before else None, tables)
    return sorted((row["table"], row["change"], row["key"], row["changed_columns"]) for row in rows)


def test_diff_of_a_first_release_is_empty(lake: Path) -> None:
    assert differences(lake, {"towns": towns(("Ulm", 1))}) == []


def test_diff_says_what_was_added_removed_and_changed_by_the_grain(lake: Path) -> None:
    publish(
        lake,
        {
            "towns": towns(("Aix", 1), ("Bonn", 2), ("Ulm", 3)),
            "sightings": sightings(("2025-01", "owl", 1), ("2025-02", "owl", None)),
        },
    )
    after = {
        "towns": towns(("Aix", 1), ("Ulm", 4), ("Rom", 5)),
        "sightings": sightings(("2025-01", "owl", 1), ("2025-02", "owl", 1), ("2025-02", "kite", 1)),
    }
    assert differences(lake, after) == [
        ("sightings", "added", "kite | 2025-02", []),
        ("sightings", "changed", "owl | 2025-02", ["count"]),
        ("towns", "added", "Rom", []),
        ("towns", "changed", "Ulm", ["people"]),
        ("towns", "removed", "Bonn", []),
    ]


def test_diff_of_the_same_is_empty_and_nan_is_the_same_as_nan(lake: Path) -> None:
    publish(lake, {"towns": towns(("Aix", 1), ("Ulm", 2), density=float("nan"))})
    assert differences(lake, {"towns": towns(("Aix", 1), ("Ulm", 2), density=float("nan"))}) == []
    changed = differences(lake, {"towns": towns(("Aix", 1), ("Ulm", 2), density=None)})
    assert changed == [("towns", "changed", "Aix", ["density"]), ("towns", "changed", "Ulm", ["density"])]


def test_diff_of_a_table_that_is_new_or_came_to_nothing(lake: Path) -> None:
    publish(lake, {"sightings": sightings(("2025-01", "owl", 1))})
    assert differences(lake, {"sightings": sightings(), "towns": towns(("Ulm", 1))}) == [
        ("sightings", "removed", "owl | 2025-01", []),
        ("towns", "added", "Ulm", []),
    ]


def test_diff_of_a_table_with_another_grain_says_that_alone(
    lake: Path, small_contracts: Callable[[dict[str, Any]], None]
) -> None:
    publish(lake, {"sightings": sightings(("2025-01", "owl", 1), ("2025-01", "kite", 1))})
    terms = contract.load("sightings").model_dump(exclude={"rows", "expectations"})
    place = {"type": "string", "meaning": "Where"}
    small_contracts({**terms, "grain": ["bird", "month", "place"], "columns": {**terms["columns"], "place": place}})
    now = contract.load("sightings").table_of([{"month": "2025-01", "bird": "owl", "place": "Ulm", "count": 1}])
    assert differences(lake, {"sightings": now}) == [("sightings", "regrained", "", ["place"])]


def test_diff_of_a_table_with_another_column_says_where_it_has_a_value(
    lake: Path, small_contracts: Callable[[dict[str, Any]], None]
) -> None:
    publish(lake, {"sightings": sightings(("2025-01", "kite", 1), ("2025-01", "owl", 1))})
    terms = contract.load("sightings").model_dump(exclude={"rows", "expectations"})
    place = {"type": "string", "meaning": "Where", "nullable": True}
    small_contracts({**terms, "columns": {**terms["columns"], "place": place}})
    rows = [
        {"month": "2025-01", "bird": "kite", "count": 1, "place": "Ulm"},
        {"month": "2025-01", "bird": "owl", "count": 1, "place": None},
    ]
    now = contract.load("sightings").table_of(rows)
    assert differences(lake, {"sightings": now}) == [("sightings", "changed", "kite | 2025-01", ["place"])]


def test_diff_fits_its_contract(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(lake, {"towns": towns(("Aix", 1), ("Ulm", 2))})
    before = Releases(lake, kept=1).current()
    assert before is not None
    rows = diff(before.folder, {"towns": towns(("Ulm", 3), ("Rom", 1))})
    monkeypatch.undo()
    contract.load.cache_clear()
    assert contract.load("release_diff").table_of(rows).num_rows == 3


def test_two_deployments_may_publish_into_one_lake_at_once(lake: Path) -> None:
    """Each clears what a killed run left behind; it must not be what the other is building."""

    def many(first: int) -> None:
        for number in range(first, first + 15):
            publish(lake, {"towns": towns(*((f"Town {i}", number) for i in range(300)))}, kept=50)

    threads = [threading.Thread(target=many, args=(first,)) for first in (1, 101)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    folders = sorted((lake / "releases").iterdir())
    assert len(folders) == 30
    for folder in folders:
        manifest = orjson.loads((folder / "manifest.json").read_bytes())
        named = {entry["file"] for entry in manifest["tables"]} | set(manifest["files"]) | {"manifest.json"}
        assert named == {file.name for file in folder.iterdir()}
