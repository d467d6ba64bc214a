"""The two views of time on tables whose rows have versions: ``vendor_quarters`` and the marts made of it.

Whoever reads such a table chooses one of them; all versions together count a quarter more than once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from resources.documents import Row


def first_reported(rows: Iterable[Row]) -> list[Row]:
    """Each quarter as it first became known, whatever was said of it later."""
    return [row for row in rows if row["version"] == 1]


def as_known_on(rows: Iterable[Row], day: date) -> list[Row]:
    """Each quarter as the last filing up to and including a day states it; those not yet known are left out."""
    return [row for row in rows if row["known_from"] <= day and (row["known_to"] is None or row["known_to"] > day)]
