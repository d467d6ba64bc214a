"""The asset of the official lists: which snapshots a month takes, what stays when a source fails, screening lists."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from assets.entity_list.assets import entity_list_snapshots
from pipelines.nights import Months
from resources.deployment import Deployment
from resources.documents import Row
from resources.settings import Settings

FULL = "www.ecfr.gov/api/versioner/v1/full/{}/title-15.xml?part=744"
VERSIONS = "www.ecfr.gov/api/versioner/v1/versions/title-15.json?part=744"
SCREENING = "data.trade.gov/downloadable_consolidated_screening_list/v1/consolidated.json"
TITLES = {
    4: ("Country", "Entity", "License requirement", "License review policy", "Federal Register citation"),
    6: ("Country", "Listed person and address", "Federal Register citation"),
    7: ("Country", "Entity", "Federal Register citation"),
}


def part(*names: str) -> bytes:
    supplements = ""
    for number, titles in TITLES.items():
        cells = [
            ("IRAN", f"{name}, Tehran, Iran.", "All items", "Policy of denial", "90 FR 1, 1/2/25.") for name in names
        ]
        rows = [f"<TR>{''.join(f'<TD>{cell}</TD>' for cell in row)}</TR>" for row in (cells if number == 4 else [])]
        head = "".join(f"<TH>{title}</TH>" for title in titles)
        table = f"<TABLE><THEAD><TR>{head}</TR></THEAD><TBODY>{''.join(rows)}</TBODY></TABLE>"
        supplements += f'<DIV9 N="Supplement No. {number} to Part 744">{table}</DIV9>'
    return f'<DIV5 N="744" TYPE="PART">{supplements}</DIV5>'.encode()


def screening(*names: str, others: int = 0) -> bytes:
    records = [{"source": "Entity List (EL) - BIS", "name": name, "addresses": [{"country": "IR"}]} for name in names]
    return json.dumps({"results": [*records, *({"source": "SDN", "name": str(n)} for n in range(others))]}).encode()


class Folder:
    """A folder of documents, and nights on it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "mirror").mkdir()

    def hold(self, name: str, body: bytes) -> None:
        file = self.path / "mirror" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)

    def snapshot(self, day: str, *names: str) -> None:
        self.hold(FULL.format(day), part(*names))

    def night(self, first: str, last: str) -> Deployment:
        """Take in a range of months; a deployment is made anew, as each night's is."""
        deployment = Deployment.of(
            Settings(sources=f"mirror:{self.path / 'mirror'}", lake=self.path / "lake", state=self.path / "state")
        )
        tags = Months(first, last, "").tags
        assert dg.materialize([entity_list_snapshots], resources={"deployment": deployment}, tags=tags).success
        return deployment


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path)
    made.hold("www.federalregister.gov/documents.index.json", b'[{"publication_date": "2025-03-05"}]')
    return made


def rows(deployment: Deployment, source: str = "ecfr") -> list[Row]:
    return [row for row in deployment.lake.rows("entity_list_snapshots") if row["source"] == source]


def listed(deployment: Deployment, source: str = "ecfr") -> list[tuple[str, str]]:
    return [(row["snapshot_date"].isoformat(), row["entry_name"]) for row in rows(deployment, source)]


def problems(deployment: Deployment) -> list[tuple[Any, ...]]:
    return [(row["month"], row["source"], row["is_index"]) for row in deployment.lake.problems()]


def test_a_folder_without_official_lists_has_no_rows_and_no_problems(folder: Folder) -> None:
    night = folder.night("2025-02", "2025-03")
    assert night.lake.count("entity_list_snapshots") == 0
    assert night.lake.months("entity_list_snapshots") == ["2025-02", "2025-03"]
    assert problems(night) == []
    assert night.archive.ledger() == []


def test_each_month_has_its_last_version_and_the_first_month_the_first_too(folder: Folder) -> None:
    for day, name in [("2025-01-03", "A"), ("2025-01-10", "B"), ("2025-01-20", "C"), ("2025-03-01", "D")]:
        folder.snapshot(day, name)
    folder.snapshot("2025-03-04", "E")
    night = folder.night("2025-01", "2025-03")
    assert listed(night) == [("2025-01-03", "A"), ("2025-01-20", "C"), ("2025-03-04", "E")]
    assert problems(night) == []


def test_a_later_version_of_the_open_month_takes_the_place_of_the_earlier(folder: Folder) -> None:
    folder.snapshot("2025-02-01", "A")
    folder.snapshot("2025-03-01", "B")
    folder.night("2025-02", "2025-03")
    folder.snapshot("2025-03-04", "B", "C")
    assert listed(folder.night("2025-03", "2025-03")) == [("2025-02-01", "A"), ("2025-03-04", "B"), ("2025-03-04", "C")]


def test_a_snapshot_that_cannot_be_read_loses_only_itself(folder: Folder) -> None:
    folder.snapshot("2025-02-01", "A")
    folder.hold(FULL.format("2025-03-01"), b"<html>Request Access</html>")
    night = folder.night("2025-02", "2025-03")
    assert listed(night) == [("2025-02-01", "A")]
    assert problems(night) == [("2025-03", "ecfr", False)]


def test_an_error_page_does_not_displace_a_snapshot_held(folder: Folder) -> None:
    folder.snapshot("2025-03-01", "A")
    folder.night("2025-03", "2025-03")
    folder.hold(FULL.format("2025-03-01"), b"<html>Request Access</html>")
    night = folder.night("2025-03", "2025-03")
    assert listed(night) == [("2025-03-01", "A")]
    assert problems(night) == [("2025-03", "ecfr", False)]


@pytest.mark.parametrize(
    "broken",
    [b"<html>Request Access</html>", b'{"content_versions": []}', b'{"content_versions": [{"date": "soon"}]}'],
)
def test_a_broken_list_of_versions_blocks_the_night_and_leaves_the_rows_held(folder: Folder, broken: bytes) -> None:
    folder.snapshot("2025-03-01", "A")
    folder.night("2025-03", "2025-03")
    folder.hold(VERSIONS, broken)
    night = folder.night("2025-02", "2025-03")
    assert listed(night) == [("2025-03-01", "A")]
    assert problems(night) == [(None, "ecfr", True)]
    (folder.path / "mirror" / VERSIONS).unlink()
    assert problems(folder.night("2025-02", "2025-03")) == []


def test_the_screening_list_is_of_the_day_it_was_received(folder: Folder) -> None:
    folder.hold(SCREENING, screening("A", "B"))
    night = folder.night("2025-02", "2025-03")
    assert listed(night, "screening_list") == [("2025-03-05", "A"), ("2025-03-05", "B")]
    assert {row["month"] for row in rows(night, "screening_list")} == {"2025-03"}


@pytest.fixture
def day(folder: Folder) -> Callable[[str], None]:
    """Set the folder's clock: the last day it holds."""
    return lambda day: folder.hold(
        "www.federalregister.gov/documents.index.json", json.dumps([{"publication_date": day}]).encode()
    )


def test_the_screening_list_is_received_in_the_open_month_and_kept_in_those_past(
    folder: Folder, day: Callable[[str], None]
) -> None:
    folder.hold(SCREENING, screening("A"))
    folder.night("2025-03", "2025-03")
    day("2025-04-02")
    folder.hold(SCREENING, screening("A", "B"))
    folder.night("2025-02", "2025-03")
    night = folder.night("2025-03", "2025-04")
    expected = [("2025-03-05", "A"), ("2025-04-02", "A"), ("2025-04-02", "B")]
    assert listed(night, "screening_list") == expected


def test_news_of_other_agencies_lists_only_changes_nothing(folder: Folder, day: Callable[[str], None]) -> None:
    folder.hold(SCREENING, screening("A"))
    before = folder.night("2025-03", "2025-03")
    held = (before.lake.folder / "entity_list_snapshots" / "2025-03.parquet").read_bytes()
    day("2025-03-06")
    folder.hold(SCREENING, screening("A", others=3))
    after = folder.night("2025-03", "2025-03")
    assert len(after.archive.ledger()) == 2, "the new list was received"
    assert (after.lake.folder / "entity_list_snapshots" / "2025-03.parquet").read_bytes() == held
    day("2025-03-07")
    folder.hold(SCREENING, screening("B", others=3))
    assert listed(folder.night("2025-03", "2025-03"), "screening_list") == [("2025-03-07", "B")]


def test_a_screening_list_that_cannot_be_read_does_not_displace_the_one_before(
    folder: Folder, day: Callable[[str], None]
) -> None:
    folder.hold(SCREENING, screening("A"))
    folder.night("2025-03", "2025-03")
    day("2025-03-06")
    folder.hold(SCREENING, b"<html>Access denied</html>")
    night = folder.night("2025-03", "2025-03")
    assert listed(night, "screening_list") == [("2025-03-05", "A")]
    assert problems(night) == [("2025-03", "screening_list", False)]
