"""Rows of the table ``facts`` as the tests need them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from expectations import contract
from resources.documents import Row


def fact(dimensions: str, value: int = 1_000_000, **changes: Any) -> Row:
    """A fact of NVIDIA's 10-Q of 2025-10-26, with changes."""
    row = {
        "vendor": "nvidia",
        "accession_number": "0001045810-25-000230",
        "concept": "us-gaap:Revenues",
        "dimensions": dimensions,
        "period_start": date(2025, 7, 28),
        "period_end": date(2025, 10, 26),
        "unit": "USD",
        "value": value,
        "caption": None,
        "form": "10-Q",
        "known_from": date(2025, 11, 19),
        "month": "2025-11",
        "source": "inline_xbrl",
        "location": "ix:nonFraction f-1, line 8",
        "source_sha256": "d" * 64,
    } | changes
    return row | {"period": f"{row['period_start']}/{row['period_end']}"}


def table(*rows: Row) -> pa.Table:
    """The facts under their contract."""
    return contract.load("facts").table_of(rows)
