"""Official texts of the lists as published, read once, for the tests."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from assets.entity_list.changes import changes
from assets.entity_list.ecfr import snapshot
from resources.documents import Parsed, Row

BASE = date(2026, 3, 25)
LATER = date(2026, 7, 18)
RULE = "mirror/www.federalregister.gov/documents/full_text/xml/2023/02/27/2023-03929.xml"


@cache
def official(folder: Path, day: date) -> Parsed:
    body = (folder / f"mirror/www.ecfr.gov/api/versioner/v1/full/{day}/title-15.xml?part=744").read_bytes()
    return snapshot(body, snapshot_date=day, source_sha256="1" * 64)


def entries(folder: Path, day: date) -> list[Row]:
    return [row for row in official(folder, day).rows if row["kind"] == "entry"]


def real_rule(folder: Path) -> list[Row]:
    """The changes of 2023-03929, the one rule at hand as published."""
    body = (folder / RULE).read_bytes()
    published = date(2023, 2, 27)
    return changes(body, document_number="2023-03929", publication_date=published, source_sha256="0" * 64).rows
