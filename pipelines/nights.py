"""Which months a night takes in."""

from __future__ import annotations

from dataclasses import dataclass

from assets.months import MONTHS
from expectations import contract
from resources.deployment import Deployment

FIRST_WEEK = 7
RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"


@dataclass(frozen=True)
class Months:
    """A range of months, both ends included, and why it is this one."""

    first: str
    last: str
    why: str

    @property
    def tags(self) -> dict[str, str]:
        """The run tags by which Dagster knows a range of partitions."""
        return {RANGE_START: self.first, RANGE_END: self.last}


def next_night(deployment: Deployment) -> Months:
    """Choose the months of the next night.

    On an empty lake all months the sources hold. Afterwards the open month, and the one before in the first week, since
    documents of its last days may come late. A month that an earlier night could not take in whole comes again, with
    all after it, which costs little: what is held is asked for conditionally.
    """
    first_held, open_month = deployment.sources.months_held()
    held = [month for month in MONTHS.get_partition_keys() if first_held <= month <= open_month]
    if not held:
        raise ValueError(
            f"the sources hold {first_held} to {open_month}, which is before the first month of intake, "
            f"CHOKEPOINT_FIRST_MONTH={deployment.settings.first_month}"
        )
    intake = [name for name, terms in contract.load_all().items() if terms.by_month]
    taken = set.intersection(*(set(deployment.lake.months(name)) for name in intake))
    if not taken:
        return Months(held[0], held[-1], f"nothing is held yet: all months the sources hold{_left_out(deployment)}")
    broken = {problem["month"] for problem in deployment.lake.problems() if problem["is_index"]}
    # Without a month: a filer's index was lost, and any month may lack its documents.
    again = [month for month in held if month not in taken or month in broken or None in broken]
    in_first_week = deployment.sources.now().day <= FIRST_WEEK and len(held) > 1
    start = held[-2] if in_first_week else held[-1]
    why = "the open month" + (" and, in its first week, the one before" if in_first_week else "")
    if again and again[0] < start:
        return Months(again[0], held[-1], f"{why}; {again[0]} and what follows again, since it was not taken in whole")
    return Months(start, held[-1], why)


def _left_out(deployment: Deployment) -> str:
    first, oldest = deployment.settings.first_month, deployment.sources.oldest_month()
    return f" from CHOKEPOINT_FIRST_MONTH={first} on; they also hold {oldest} and later" if oldest < first else ""


def backfill(first: str, last: str) -> Months:
    """The months of a backfill.

    Raises:
        ValueError: a month outside of the intake's partitions, or a range that runs backwards.
    """
    known = MONTHS.get_partition_keys()
    for month in (first, last):
        if month not in known:
            raise ValueError(f"{month!r} is not a month from {known[0]} to {known[-1]}")
    if first > last:
        raise ValueError(f"the range runs backwards: {first} to {last}")
    return Months(first, last, "asked for")
