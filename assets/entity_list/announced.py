"""What a rule's summary announces of a list: how many entities it adds, revises or removes, under how many entries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from assets.entity_list.claim import Verb
from assets.entity_list.entity_cell import number
from assets.entity_list.lists import ENTITY_LIST, LISTS, NAMED_LIST, ControlList

_NUMBER: Final = (
    r"(?P<{0}>one|two|three|four|five|six|seven|eight|nine|ten|\w+teen|eleven|twelve|\w+ty(?:-\w+)?|\d{{1,3}})"
)
_THEM: Final = r"(?:entit(?:y|ies)|persons?|companies|company|addresses|address)"
_TOLD: Final = re.compile(
    r"\b(?P<verb>add(?:s|ing)?|remov(?:es?|ing)|revis(?:es?|ing)|modif(?:y|ies|ying))\s+"
    + _NUMBER.format("entities")
    + r"(?:\s+\(\d{1,3}\))?"  # "three (3) persons"
    + r"\s+(?:(?:new|additional|existing|foreign|Chinese|Russian)\s+){0,2}"
    + rf"(?P<what>{_THEM}|entr(?:y|ies))\b"
    + r"(?:[^.;]{0,80}?\bunder\s+"
    + _NUMBER.format("entries")
    + r"\s+(?:new\s+|separate\s+)?entr(?:y|ies)\b)?",
    re.IGNORECASE,
)
# "removing two addresses from one entity" changes an entry that stays.
_WITHIN: Final = re.compile(r"\baddress(?:es)?\s+(?:from|to|of|for)\s+(?!the\s+\w+(?:\s+\w+)?\s+list\b)", re.IGNORECASE)
_AHEAD: Final = 300  # letters in which the list must be named
_VERBS: Final[dict[str, tuple[Verb, ...]]] = {
    "add": ("add", "re-add"),
    "rem": ("remove",),
    "rev": ("revise", "correct"),
    "mod": ("revise", "correct"),
}


@dataclass(frozen=True)
class Announced:
    """A number that a summary announces.

    Attributes:
        verbs: what is done, in the words of :data:`assets.entity_list.claims.Verb`; the first is the usual one.
        entities: how many entities; ``None`` where only entries are counted.
        entries: under how many entries, where it says so.
        words: the words.
    """

    verbs: tuple[Verb, ...]
    entities: int | None
    entries: int | None
    words: str


def announced(summary: str, of: ControlList) -> list[Announced]:
    """Return what a summary announces of one list; a number belongs to the list that the words after it name first.

    Numbers of one kind in several sentences ("adds ten entities … adds two entities") are added up.
    """
    found: dict[tuple[Verb, ...], Announced] = {}
    for match in _TOLD.finditer(summary):
        if _list_named(summary[match.start() : match.end() + _AHEAD]) is not of:
            continue
        if match["what"].lower().startswith("address") and _WITHIN.match(summary, match.start("what")):
            continue
        verbs = _VERBS[match["verb"][:3].lower()]
        count, entries = number(match["entities"]), number(match["entries"] or "")
        if count is None:
            continue
        if match["what"].lower().startswith("entr"):
            one = Announced(verbs, None, count, match[0])
        else:
            one = Announced(verbs, count, entries, match[0])
        # A summary may say the same twice; it speaks of other entities where the number differs.
        before = found.get(verbs)
        if before is None:
            found[verbs] = one
        elif (before.entities, before.entries) != (one.entities, one.entries):
            found[verbs] = Announced(
                verbs,
                _sum(before.entities, one.entities),
                _sum(before.entries, one.entries),
                f"{before.words}; {one.words}",
            )
    return list(found.values())


def _sum(one: int | None, other: int | None) -> int | None:
    return one + other if one is not None and other is not None else None


def _list_named(words: str) -> ControlList:
    match = NAMED_LIST.search(words)
    named = match.lastgroup if match else None
    return next((one for one in LISTS if one.name.lower().startswith(named or "entity")), ENTITY_LIST)
