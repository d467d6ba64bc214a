"""The one partitions definition of all intake: the month in which the world could know."""

from __future__ import annotations

import dagster as dg

from resources.settings import settings

MONTHS = dg.MonthlyPartitionsDefinition(start_date=settings().first_month, fmt="%Y-%m", end_offset=1)
"""Months from the setting ``first_month`` to the open one, which is included."""
