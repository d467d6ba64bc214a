"""Rules on the Entity List, read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from entity_rules import Table, rule_xml

from assets.entity_list.changes import changes
from resources.documents import Parsed


@pytest.fixture
def read_rule() -> Callable[..., Parsed]:
    """Read the changes of a rule given by its instructions and its table."""

    def read(
        instructions: Sequence[str],
        table: Table = (),
        *,
        number: str = "2024-00001",
        published: date = date(2024, 1, 2),
        dates: str = "This rule is effective January 3, 2024.",
        summary: str = "",
    ) -> Parsed:
        body = rule_xml(instructions, table, dates=dates, summary=summary)
        return changes(body, document_number=number, publication_date=published, source_sha256="0" * 64)

    return read
