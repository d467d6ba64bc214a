"""The lists of part 744 of the EAR that rules amend entry by entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_CITATION: Final = "Federal Register citation"


@dataclass(frozen=True)
class ControlList:
    """One of the lists: its name, the number of its supplement to part 744, and the columns of its table."""

    name: str
    supplement: int
    columns: tuple[str, ...]


ENTITY_LIST: Final = ControlList(
    "Entity List", 4, ("country", "entity", "license requirement", "license review policy", _CITATION)
)
UNVERIFIED_LIST: Final = ControlList("Unverified List", 6, ("country", "listed person and address", _CITATION))
MILITARY_END_USER_LIST: Final = ControlList("Military End-User List", 7, ("country", "entity", _CITATION))

LISTS: Final = (ENTITY_LIST, UNVERIFIED_LIST, MILITARY_END_USER_LIST)
