"""The tables of the Entity List: what each rule changes, and the list through time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assets.entity_list.changes import changes
from assets.entity_list.history import history
from assets.federal_register.assets import read_full_texts
from assets.table import monthly_table, whole_table
from resources.deployment import Deployment
from resources.documents import Parsed


@monthly_table(deps=["fr_documents"])
def entity_list_changes(months: Sequence[str], deployment: Deployment) -> Iterator[tuple[str, Parsed]]:
    """Read what each document held does to Supplement No. 4 to part 744."""
    for month in months:
        yield month, read_full_texts(month, deployment, changes)


@whole_table(deps=["entity_list_changes"])
def entity_list_history(deployment: Deployment) -> Parsed:
    """Replay all changes in order of effect."""
    return history(deployment.lake.rows("entity_list_changes"))
