"""What the tests of controls have in common."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest

from assets.controls import announcements
from assets.controls.letters_events import letter_events
from assets.controls.license_rules import license_rules, rule_conditions
from assets.controls.parameters import HeldDocument, control_parameters
from assets.controls.parameters_reviewed import load as reviewed


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


@pytest.fixture(scope="session")
def asked(held: list[HeldDocument]) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """What the samples' documents and the announcements held ask of chips: conditions, license rules, letters."""
    rules = [row | {"conditions": rule_conditions(row)} for row in license_rules(held).rows]
    told = letter_events(announcements.statements(announcements.load())).rows
    return control_parameters(held, reviewed()).rows, rules, told
