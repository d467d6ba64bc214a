"""What the code reads from real documents, against a table that a person wrote before the code was run on them."""

from __future__ import annotations

from pathlib import Path

import pytest
from documents_by_hand import Compared, compare, read, table


@pytest.fixture(scope="module")
def compared(real_documents: Path, samples: Path) -> Compared:
    result = Compared()
    for one, parsed in read(real_documents, samples):
        compare(one, parsed, result)
    return result


def test_nothing_of_the_table_is_read_otherwise(compared: Compared) -> None:
    assert compared.wrong == []


def test_nothing_of_the_table_is_missing(compared: Compared) -> None:
    assert compared.missing == []


def test_the_table_is_wide(compared: Compared) -> None:
    """Of many documents, and every sort of value in several: else the two above say little."""
    assert len(table()) >= 60
    least = {"effective": 50, "comments": 15, "relation citations": 12, "subjects and kinds": 60, "until": 4}
    assert all(compared.right[sort] >= number for sort, number in least.items())
