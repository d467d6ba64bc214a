"""What the tests of controls have in common."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import orjson
import pytest

from assets.controls.parameters import HeldDocument


@pytest.fixture(scope="session")
def held(samples: Path) -> list[HeldDocument]:
    """The samples' documents with their full texts."""
    folder = samples / "www.federalregister.gov"
    results = orjson.loads((folder / "documents.index.json").read_bytes())
    documents = []
    for one in results if isinstance(results, list) else results["results"]:
        day = one["publication_date"]
        path = folder / "documents/full_text/xml" / day.replace("-", "/") / f"{one['document_number']}.xml"
        documents.append(
            HeldDocument(one["document_number"], date.fromisoformat(day), one["citation"], path.read_bytes(), "0" * 64)
        )
    return documents
