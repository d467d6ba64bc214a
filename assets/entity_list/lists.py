"""The lists of part 744 of the EAR that rules amend entry by entry."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
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

_SUPPLEMENT: Final = re.compile(
    r"\bsupp(?:lements?|s?\.)?\s+(?:(?:n(?:o|umber)s?\b\.?|\#)\s*)?(?P<numbers>\d+(?:(?:\s*,\s*and\s+|\s*,\s*|\s+and\s+|\s*&\s*)"
    r"(?:no\.?\s*)?\d+)*)(?:\s+(?:to|of)\s+(?P<part>part\s+\d+))?",
    re.IGNORECASE,
)
NAMED_LIST: Final = re.compile(
    r"\b(?:(?P<entity>Entity\s+List)|(?P<unverified>Unverified\s+List|UVL)"
    r"|(?P<military>(?:[`'‘]?Military[\s-]+End[\s-]*User['’]?(?:\s+\(MEU\))?|MEU)\s+List))\b",
    re.IGNORECASE,
)
"""A list called by its name; the group that matches is named by the name's first word."""
_ASIDE: Final = re.compile(r"\([^()]*\)")


@lru_cache(maxsize=64)
def lists_among(units: tuple[str, ...]) -> tuple[ControlList, ...]:
    """Return the lists that are among units of the CFR, named as instructions name them."""
    lower = {unit.lower() for unit in units}
    return tuple(one for one in LISTS if f"supplement no. {one.supplement} to part 744" in lower)


def lists_named(bare: str) -> list[ControlList]:
    """Return the lists that words name by their supplement's number; brackets, and other parts' supplements, aside."""
    numbers = {
        int(number)
        for match in _SUPPLEMENT.finditer(_ASIDE.sub(" ", bare))
        if match["part"] is None or match["part"].split()[1] == "744"
        for number in re.findall(r"\d+", match["numbers"])
    }
    return [one for one in LISTS if one.supplement in numbers]


def names_a_list(bare: str) -> bool:
    """Whether words call a list of part 744 by its name, or by the supplement's number with the part's."""
    if NAMED_LIST.search(bare):
        return True
    return any(match["part"] is not None and lists_named(match[0]) for match in _SUPPLEMENT.finditer(bare))
