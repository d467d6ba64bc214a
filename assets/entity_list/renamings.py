"""Entries that take another one's place: a removal and an addition, or two names, that are one revision.

“Removing “A” and adding “B” in its place” and “revising the entry for “A” to read “B”” rename an entry, which stays the
same one under its new name.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile
from typing import Final

from assets.entity_list.claim import ADDITIONS, Claim
from assets.entity_list.entity_cell import name_key
from assets.federal_register.instructions import IN_PLACE

# From the old name to the new one: "revising the entry for “A” to read “B”", "replacing “A” with an entry for “B”".
_BECOMES: Final = re.compile(
    r"”\s*,?\s*(?:so\s+as\s+)?(?:to\s+(?:now\s+)?read(?:\s+as)?|to|with|by|as)\s*[:,]?\s*(?:an?\s+|the\s+)?(?:new\s+)?"
    r"(?:(?:entry|name)\s+)?(?:for\s+)?“",
    re.IGNORECASE,
)


def renamed(claims: list[Claim], bare: str) -> list[Claim]:
    """Return claims with one revision for each pair of which the second takes the first one's place.

    Args:
        claims: on named entries, of one instruction.
        bare: the instruction with its quoted words blanked out.
    """
    return _read_as(_in_place(claims, bare), bare)


def _read_as(claims: list[Claim], bare: str) -> list[Claim]:
    """Turn ``revising the entry for “A” to read “B”`` into a revision of A that renames it."""
    kept: list[Claim] = []
    for claim in claims:
        old = kept[-1] if kept else None
        if old is not None and old.verb == claim.verb == "revise" and old.at < claim.at:
            end = bare.find("”", old.at)
            if end != -1 and _BECOMES.fullmatch(bare, end, claim.at + 1):
                kept[-1] = replace(claim, previous_name=_other(old, claim))
                continue
        kept.append(claim)
    return kept


def _other(old: Claim, new: Claim) -> str | None:
    """The old name, where it is another one."""
    return old.name if name_key(old.name or "") != name_key(new.name or "") else None


def _in_place(claims: list[Claim], bare: str) -> list[Claim]:
    """Turn ``removing “A” and adding “B” in its place`` into a revision of A that may rename it."""
    pairs = _pairs(claims, bare)
    old_ones = {id(old) for old, _ in pairs}
    before = {id(new): old for old, new in pairs}
    revised = []
    for claim in claims:
        if (old := before.get(id(claim))) is not None:
            revised.append(replace(claim, verb="revise", previous_name=_other(old, claim)))
        elif id(claim) not in old_ones:
            revised.append(claim)
    return revised


def _taking(place: re.Match[str]) -> int | None:
    """How many entries take the place of others, if the words say so."""
    return None if "their" in place[0].lower() else 1


def _pairs(claims: list[Claim], bare: str) -> list[tuple[Claim, Claim]]:
    """Return which entry takes which one's place: those said just before the words, as many as are added together."""
    removed = [claim for claim in claims if claim.verb == "remove"]
    added = [claim for claim in claims if claim.verb in ADDITIONS]
    if not removed or not added:
        return []
    places = list(IN_PLACE.finditer(bare))
    pairs: list[tuple[Claim, Claim]] = []
    for place in places:
        said = [claim for claim in claims if claim.at < place.start()]
        new = list(takewhile(lambda claim: claim.verb in ADDITIONS, reversed(said)))
        if not new:  # "removing “A” and adding in its place an entry for “B”"
            said += list(takewhile(lambda claim: claim.verb in ADDITIONS, claims[len(said) :]))[: _taking(place)]
            new = list(takewhile(lambda claim: claim.verb in ADDITIONS, reversed(said)))
        old = list(takewhile(lambda claim: claim.verb == "remove", reversed(said[: len(said) - len(new)])))
        count = min(len(new), len(old))
        if new and count == len(new):
            pairs += zip(old[:count], new, strict=True)
    if places and not pairs and len(removed) == len(added):  # "removing “A” and in its place adding “B”"
        return list(zip(removed, added, strict=True))
    return pairs
