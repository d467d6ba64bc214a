"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REAL_DOCUMENTS = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def real_documents() -> Path:
    """Folder of documents as the sources published them; not part of the project, absent in a user's clone."""
    if not REAL_DOCUMENTS.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"real documents must be at {REAL_DOCUMENTS} in CI: these tests are not to be skipped there")
        pytest.skip(f"no real documents at {REAL_DOCUMENTS} (they are not part of the project)")
    return REAL_DOCUMENTS


@pytest.fixture(scope="session")
def samples() -> Path:
    """Folder of the embedded default: small stand-ins for the sources, written by us."""
    return ROOT / "samples"
