"""What an amendatory instruction says of list entries: which are added, revised or removed, under which destination.

Instructions name entries in quotation marks (``by adding, in alphabetical order, entries for “A” and “B”``) or, in
older rules, only count them (``two Chinese entities``). Both are read as claims, which the table must bear out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile
from operator import attrgetter
from typing import Final, Literal, NamedTuple

from assets.entity_list.destinations import Destination, destination, mentions, or_as_printed
from assets.entity_list.entity_cell import read_entity
from assets.entity_list.entity_names import name_key, names_a_place, number
from assets.federal_register.full_text import lower_case
from assets.federal_register.instructions import IN_PLACE, QUOTED, Instruction, masked

Verb = Literal["add", "re-add", "revise", "correct", "remove", "move", "delay"]
"""What is done to an entry. ``delay`` concerns a whole document: the day on which its changes take effect."""

_VERBS: Final[dict[str, Verb]] = {
    "add": "add",
    "re-add": "re-add",
    "revise": "revise",
    "correct": "correct",
    "republish": "revise",
    "remove": "remove",
    "move": "move",
}
_ADDITIONS: Final = frozenset({"add", "re-add"})
_UNREAD: Final = frozenset({"redesignate", "reserve", "delay", "suspend", "stay", "lift", "withdraw"})
# For words in lower case; no blank begins it, of which a masked instruction has many.
_COUNT: Final = re.compile(
    r"(?=\w)\b(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\w+teen|twenty(?:-\w+)?|\w+ty(?:-\w+)?|\d+)\s+"
    r"(?:[\w’'-]+\s+){0,2}?(?:entr(?:y|ies)|entit(?:y|ies)|persons?|companies|company|individuals?)\b"
)
_ENTRIES: Final = re.compile(r"\b(?:entr(?:y|ies)|entit(?:y|ies)|persons?)\b", re.IGNORECASE)
# What an instruction may change of the list without changing an entry.
_FRAMEWORK: Final = re.compile(
    r"\b(?:footnotes?|introductory\s+text|headings?|editorial\s+note|notes?|columns?|titles?)\b", re.IGNORECASE
)
# Parts of an entry: what is quoted after one of these words, and no later "entry", is not the name of an entry.
# For words in lower case, too.
_DETAIL_OR_ENTRY: Final = re.compile(
    r"(?=[a-z])\b(?:(?P<detail>alias(?:es)?|address(?:es)?|phrases?|words?|terms?|citations?|references?|footnotes?|designations?|"
    r"columns?|spellings?)|entr(?:y|ies)|entit(?:y|ies)|persons?)\b"
)
_WITHIN_ENTRY: Final = re.compile(
    r"\b(?:from|to|in|of|within|for|under)\s+(?:the\s+|each\s+)?(?:existing\s+)?(?:\w+\s+)?entr(?:y|ies)\s+(?:for\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
# "in the entry for “X”, by removing …" leaves X on the list; "and" and commas join further entries to it.
_IN_ENTRY: Final = re.compile(
    r"\b(?:in|within)\s+(?:the\s+|each\s+)?(?:existing\s+)?(?:\w+\s+)?entr(?:y|ies)\s+(?:for\s+|of\s+)?(?:the\s+)?$"
    r"|\bfor\s+the\s+(?:existing\s+)?entr(?:y|ies)\s+(?:for\s+|of\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
_AND_ENTRY: Final = re.compile(r"[\s,;]*(?:and\s+)?(?:the\s+entr(?:y|ies)\s+)?(?:for\s+)?(?:the\s+)?", re.IGNORECASE)
_FROM_AND_TO: Final = 2
_LEAD: Final = 120  # letters before a name in which its entry is spoken of
_JOINED: Final = re.compile(
    r"\s*(?:,\s*and\b|,|\band\b|&)\s*(?:under\s+)?(?:the\s+)?(?:destinations?\s+of\s+)?(?:the\s+)?", re.IGNORECASE
)
_JOINED_AFTER: Final = re.compile(rf"{_JOINED.pattern}|\s*,\s*(?:the\s+)?", re.IGNORECASE)
_TO_READ: Final = re.compile(r"\bto\s+read\b", re.IGNORECASE)
_RESPECTIVELY: Final = re.compile(r"\brespectively\b", re.IGNORECASE)
_STRAY: Final = re.compile(r"[“”]")


@dataclass(frozen=True)
class Claim:
    """What an instruction says of one entry, or of a number of entries it does not name.

    Attributes:
        instruction: the instruction.
        verb: what is done to it.
        destination: where, for a move where to; ``None`` if the instruction names none.
        country_as_printed: the destination in its words.
        previous_destination: where a moved entry stood.
        name: the entry's name; ``None`` where entries are only counted.
        quoted: what stands in the quotation marks.
        previous_name: the name before, where the entry takes another one's place.
        count: how many entries, where they are only counted.
        at: where in the instruction it is named.
    """

    instruction: Instruction
    verb: Verb
    destination: Destination | None
    country_as_printed: str | None
    name: str | None
    quoted: str | None = None
    previous_name: str | None = None
    count: int | None = None
    at: int = 0
    previous_destination: Destination | None = None


@dataclass(frozen=True)
class Reading:
    """The claims of one instruction, and what of it was not understood, in words."""

    claims: tuple[Claim, ...] = ()
    doubts: tuple[str, ...] = ()


class _Mark(NamedTuple):
    start: int
    end: int
    kind: Literal["verb", "destination", "name", "count"]
    words: str


def read_claims(instruction: Instruction, above: Sequence[Instruction]) -> Reading:
    """Read the claims of one instruction on the list.

    Args:
        instruction: the instruction.
        above: those it stands under, outermost first; destination and verb are inherited from them.
    """
    scan = _Scan(instruction)
    for outer in above:
        scan.inherit(outer)
    return scan.read()


def has_stray_mark(instruction: Instruction) -> bool:
    """Whether an instruction has a quotation mark without its pair, so that quoted names may be cut wrongly."""
    if "“" not in instruction.body and "”" not in instruction.body:
        return False
    return _STRAY.search(QUOTED.sub("", instruction.body)) is not None


class _Scan:
    def __init__(self, instruction: Instruction) -> None:
        self._instruction = instruction
        self._body = instruction.body
        self._masked = instruction.masked
        self._details: list[tuple[int, bool]] | None = None
        self._destination: Destination | None = None
        self._printed: str | None = None
        self._verb: str | None = None
        self._first_verb: str | None = None
        self._first_place: str | None = None
        # Where the last entry ends whose text is changed, and where its verb stands: 0 if the verb follows.
        self._within: tuple[int, int] | None = None

    def inherit(self, outer: Instruction) -> None:
        place, verb = _handed_down(outer.body, outer.masked, outer.verb_places)
        if place is not None:
            self._place(place)
        self._verb = verb or self._verb

    def read(self) -> Reading:
        marks = _marks(self._body, self._masked, self._instruction.verb_places)
        doubts: list[str] = []
        if has_stray_mark(self._instruction):
            doubts.append("a quotation mark without its pair")
        claims: list[Claim] = []
        together: list[_Mark] = []
        verb_at = 0
        # A name may stand before the verb or the destination: then the first of the sentence is meant.
        self._first_verb = next((mark.words for mark in marks if mark.kind == "verb"), None)
        self._first_place = next((mark.words for mark in marks if mark.kind == "destination"), None)
        follows = self._destination is None and _places_follow(marks)
        for position, mark in enumerate(marks):
            if follows and mark.kind == "name" and (places := _next_places(marks, position, self._masked)):
                together = places
                self._place(places[0].words)
            if mark.kind == "destination":
                is_joined = bool(together) and _JOINED.fullmatch(self._masked, together[-1].end, mark.start) is not None
                together = [*together, mark] if is_joined else [mark]
                self._place(mark.words)
            elif mark.kind == "verb":
                self._verb, verb_at = mark.words, mark.start
            elif (claim := self._claim(mark, verb_at, doubts)) is not None:
                if claim.verb == "move":
                    claims.append(self._moved(claim, marks, position))
                else:  # "under China and Hong Kong, an entry for “A”" is one under each
                    claims += _under_each(claim, together) if claim.name is not None else [claim]
        if not claims:
            claims = self._without_names(marks, doubts)
        named = [claim for claim in claims if claim.name is not None]
        if len(named) > 1 and _RESPECTIVELY.search(self._masked):
            doubts.append("“respectively” is not read: each name counts under each destination and verb")
        counts = {claim.count for claim in claims if claim.name is None}
        if named and len(counts) == 1 and (count := counts.pop()) is not None and count > 1 and count != len(named):
            doubts.append(f"it counts {count} entries and names {len(named)}")
        return Reading(tuple(_in_place(named, self._body) if named else claims), tuple(doubts))

    def _without_names(self, marks: Sequence[_Mark], doubts: list[str]) -> list[Claim]:
        """Read a sentence that neither names nor counts entries: its table may say which."""
        verbs = {mark.words for mark in marks if mark.kind == "verb"}
        speaks_of_entries = _ENTRIES.search(self._masked) is not None
        if not verbs & (set(_VERBS) | _UNREAD) or (_FRAMEWORK.search(self._masked) and not speaks_of_entries):
            return []
        if not verbs & set(_VERBS):
            if not doubts:
                doubts.append("it names no entry and does none of add, revise, remove")
            return []
        if (
            self._destination is None
            and verbs == {"revise"}
            and _TO_READ.search(self._masked)
            and not speaks_of_entries
        ):
            doubts.append("it sets the whole list anew: what its table no longer has stays listed here")
        return [self._unnamed()]

    def _moved(self, claim: Claim, marks: Sequence[_Mark], position: int) -> Claim:
        """Say where from and where to an entry moves: by the destinations after its name, or else by the sentence's."""
        after = list(takewhile(lambda mark: mark.kind != "name", marks[position + 1 :]))
        places = [mark.words for mark in after if mark.kind == "destination"]
        if len(places) < _FROM_AND_TO:
            places = [mark.words for mark in marks if mark.kind == "destination"]
        if not places or (len(places) < _FROM_AND_TO and self._destination is None):
            return claim
        source = or_as_printed(places[0]) if len(places) >= _FROM_AND_TO else self._destination
        target = places[-1]
        return replace(claim, previous_destination=source, destination=or_as_printed(target), country_as_printed=target)

    def _claim(self, mark: _Mark, verb_at: int, doubts: list[str]) -> Claim | None:
        verb_word = self._verb or self._first_verb
        if self._details is None:  # many instructions name no entry
            words = lower_case(self._masked)
            self._details = [(match.start(), match["detail"] is not None) for match in _DETAIL_OR_ENTRY.finditer(words)]
        spoken_of = [is_detail for at, is_detail in self._details if verb_at <= at < mark.start]
        if mark.kind == "name" and spoken_of and spoken_of[-1]:
            return None
        if verb_word is None or verb_word not in _VERBS:
            if mark.kind == "name":
                doubts.append(f"it does {verb_word or 'nothing'} to “{mark.words:.100}”")
            return None
        verb: Verb = _VERBS[verb_word]
        if mark.kind == "count":
            return self._unnamed(number(mark.words.split()[0]))
        if verb in ("add", "remove"):
            within = self._works_within(mark, verb_at, is_detail=any(spoken_of))
            if within is None:
                doubts.append(f"what it does to “{mark.words:.100}” may be within the entry named before")
                return None
            verb = "revise" if within else verb
        if self._destination is None and self._first_place is not None:
            self._place(self._first_place)
        name = quoted_name(mark.words)
        return Claim(self._instruction, verb, self._destination, self._printed, name, mark.words, at=mark.start)

    def _works_within(self, mark: _Mark, verb_at: int, *, is_detail: bool) -> bool | None:
        """Say whether words are added to an entry or removed from it, so that the entry itself stays listed.

        ``None`` for quoted words that may be those themselves: no "entry" stands before them, and no verb of their own.
        """
        lead = self._masked[max(verb_at, mark.start - _LEAD) : mark.start]
        # "removing six aliases from the entry for “X”" revises X.
        if not (_IN_ENTRY.search(lead) or (is_detail and _WITHIN_ENTRY.search(lead))):
            if self._within is None:
                return False
            end, its_verb = self._within
            between = self._masked[end : mark.start]
            if not _AND_ENTRY.fullmatch(between):
                return None if its_verb in (0, verb_at) and not _ENTRIES.search(between) else False
        self._within = mark.end, verb_at
        return True

    def _unnamed(self, count: int | None = None) -> Claim:
        words = (self._verb or "", *self._instruction.verbs)
        verb = next(_VERBS[word] for word in words if word in _VERBS)
        return Claim(self._instruction, verb, self._destination, self._printed, None, count=count)

    def _place(self, printed: str) -> None:
        self._destination, self._printed = or_as_printed(printed), printed


@lru_cache(maxsize=256)
def _marks(body: str, bare: str, verb_places: tuple[tuple[int, str], ...]) -> tuple[_Mark, ...]:
    """Return verbs, destinations, quoted names and counts of entries in the order of the sentence."""
    marks = [
        _Mark(at, at, "verb", "re-add" if verb == "add" and bare[max(0, at - 3) : at].lower() == "re-" else verb)
        for at, verb in verb_places
        if verb in _VERBS or verb in _UNREAD
    ]
    marks += [_Mark(start, end, "destination", printed) for start, end, printed in mentions(bare)]
    marks += [_Mark(match.start(), match.end(), "count", match[0]) for match in _COUNT.finditer(lower_case(bare))]
    for match in QUOTED.finditer(body):
        marks_at_ends = 2 if match[0].startswith("‘‘") else 1
        words = match[0][marks_at_ends:-marks_at_ends].strip(" ,;")
        if destination(words) is not None:
            marks.append(_Mark(match.start(), match.end(), "destination", words))
        elif words:
            marks.append(_Mark(match.start(), match.end(), "name", words))
    return tuple(sorted(marks, key=attrgetter("start")))


@lru_cache(maxsize=256)
def _handed_down(body: str, bare: str, verb_places: tuple[tuple[int, str], ...]) -> tuple[str | None, str | None]:
    """Return the one destination and the one verb that an instruction hands down to those under it."""
    marks = _marks(body, bare, verb_places)
    places = [mark.words for mark in marks if mark.kind == "destination"]
    verbs = {mark.words for mark in marks if mark.kind == "verb"} & set(_VERBS)
    return places[0] if len(places) == 1 else None, verbs.pop() if len(verbs) == 1 else None


def _places_follow(marks: Sequence[_Mark]) -> bool:
    """Whether a sentence names entries first and their destinations after them (“A” under China, “B” under Iran)."""
    kinds = [mark.kind for mark in marks if mark.kind in ("name", "destination")]
    return "destination" in kinds and kinds[0] == "name"


def _next_places(marks: Sequence[_Mark], position: int, bare: str) -> list[_Mark]:
    """Return the destinations, side by side, that come next after a mark; none if there are none."""
    places: list[_Mark] = []
    for mark in marks[position + 1 :]:
        if mark.kind == "destination":
            if places and not _JOINED_AFTER.fullmatch(bare, places[-1].end, mark.start):
                break
            places.append(mark)
        elif places:
            break
    return places


def _under_each(claim: Claim, together: Sequence[_Mark]) -> list[Claim]:
    """Return a claim for each of the destinations named side by side before it."""
    if len(together) <= 1:
        return [claim]
    return [replace(claim, destination=or_as_printed(one.words), country_as_printed=one.words) for one in together]


def quoted_name(quoted: str) -> str:
    """Return the name of an entry in quoted words: all of them, unless other names or an address follow it."""
    cell = read_entity([quoted])
    if len(cell.addresses) == 1 and destination(cell.addresses[0]) is not None:
        return quoted  # "Huawei OpenLab, Singapore"
    if cell.aliases or not cell.addresses or any(map(names_a_place, cell.addresses)):
        return cell.name
    return quoted.rstrip(".") if quoted.count(".") == 1 else quoted


def _in_place(claims: list[Claim], body: str) -> list[Claim]:
    """Turn ``removing “A” and adding “B” in its place`` into a revision of A that may rename it."""
    pairs = _pairs(claims, body)
    old_ones = {id(old) for old, _ in pairs}
    before = {id(new): old for old, new in pairs}
    revised = []
    for claim in claims:
        if (old := before.get(id(claim))) is not None:
            renamed = name_key(old.name or "") != name_key(claim.name or "")
            revised.append(replace(claim, verb="revise", previous_name=old.name if renamed else None))
        elif id(claim) not in old_ones:
            revised.append(claim)
    return revised


def _taking(place: re.Match[str]) -> int | None:
    """How many entries take the place of others, if the words say so."""
    return None if "their" in place[0].lower() else 1


def _pairs(claims: list[Claim], body: str) -> list[tuple[Claim, Claim]]:
    """Return which entry takes which one's place: those said just before the words, as many as are added together."""
    removed = [claim for claim in claims if claim.verb == "remove"]
    added = [claim for claim in claims if claim.verb in _ADDITIONS]
    if not removed or not added:
        return []
    places = list(IN_PLACE.finditer(masked(body)))
    pairs: list[tuple[Claim, Claim]] = []
    for place in places:
        said = [claim for claim in claims if claim.at < place.start()]
        new = list(takewhile(lambda claim: claim.verb in _ADDITIONS, reversed(said)))
        if not new:  # "removing “A” and adding in its place an entry for “B”"
            said += list(takewhile(lambda claim: claim.verb in _ADDITIONS, claims[len(said) :]))[: _taking(place)]
            new = list(takewhile(lambda claim: claim.verb in _ADDITIONS, reversed(said)))
        old = list(takewhile(lambda claim: claim.verb == "remove", reversed(said[: len(said) - len(new)])))
        count = min(len(new), len(old))
        if new and count == len(new):
            pairs += zip(old[:count], new, strict=True)
    if places and not pairs and len(removed) == len(added):  # "removing “A” and in its place adding “B”"
        return list(zip(removed, added, strict=True))
    return pairs
