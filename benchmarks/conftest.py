"""The documents that are measured: real ones, which are not part of the project."""

from __future__ import annotations

from pathlib import Path

import pytest

MIRROR = Path(__file__).resolve().parents[2] / "shared" / "data" / "mirror"


def _document(path: str) -> Path:
    file = MIRROR / path
    if not file.exists():
        pytest.skip(f"no real document at {file} (it is not part of the project)")
    return file


@pytest.fixture(scope="session")
def companyfacts_document() -> Path:
    """All facts of NVIDIA: 26,903 in 4 MB."""
    return _document("data.sec.gov/api/xbrl/companyfacts/CIK0001045810.json")


@pytest.fixture(scope="session")
def inline_document() -> Path:
    """NVIDIA's 10-Q for 2023-10-29, 1.5 MB."""
    return _document("www.sec.gov/Archives/edgar/data/1045810/000104581023000227/nvda-20231029.htm")
