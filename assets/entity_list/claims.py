"""What an amendatory instruction says of list entries: which are added, revised or removed, under which destination.

Instructions name entries in quotation marks (``by adding, in alphabetical order, entries for “A” and “B”``) or, in
older rules, only count them (``two Chinese entities``). Both are read as claims, which the table must bear out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import takewhile
from typing import Final

from assets.entity_list.claim import Claim, Reading, Verb
from assets.entity_list.destinations import Destination, or_as_printed
from assets.entity_list.entity_names import number
from assets.entity_list.marks import UNREAD_VERBS, Mark, are_joined, are_joined_after, marks, quoted_name, same_place
from assets.entity_list.renamings import renamed
from assets.entity_list.temporary import names_another_day, sets_an_end
from assets.federal_register.full_text import lower_case
from assets.federal_register.instructions import QUOTED, Instruction

_VERBS: Final[dict[str, Verb]] = {
    "add": "add",
    "re-add": "re-add",
    "revise": "revise",
    "correct": "correct",
    "republish": "revise",
    "remove": "remove",
    "move": "move",
}
_ENTRIES: Final = re.compile(r"\b(?:entr(?:y|ies)|entit(?:y|ies)|persons?)\b", re.IGNORECASE)
# What an instruction may change of the list without changing an entry.
_FRAMEWORK: Final = re.compile(
    r"\b(?:footnotes?|introductory\s+text|headings?|editorial\s+note|notes?|columns?|titles?)\b", re.IGNORECASE
)
# Parts of an entry: what is quoted after one of these words, and no later "entry", is not the name of an entry.
# For words in lower case, too.
_DETAIL_OR_ENTRY: Final = re.compile(
    r"(?=[a-z])\b(?:(?P<detail>alias(?:es)?|address(?:es)?|phrases?|words?|terms?|citations?|references?|footnotes?|designations?|"
    r"columns?|spellings?|sentences?|license\s+requirements?|(?:license\s+)?review\s+polic(?:y|ies)|affiliates?|subsidiar(?:y|ies)|"
    r"subordinates?(?:\s+(?:entit|institut)\w+)?)|entr(?:y|ies)|entit(?:y|ies)|persons?)\b"
)
_AN_ENTRY: Final = r"(?:the\s+|each\s+)?(?:existing\s+)?(?:\w+\s+)?entr(?:y|ies)\s+(?:for\s+|of\s+)?(?:the\s+)?$"
_WITHIN_ENTRY: Final = re.compile(rf"\b(?:from|to|in|of|within|for|under)\s+{_AN_ENTRY}", re.IGNORECASE)
# "adding two aliases to “X”"
_OF_ENTRY: Final = re.compile(
    r"\b(?:from|to|in|of|within|for|under|on)\s+(?:the\s+)?(?:listing\s+(?:of|for)\s+)?$", re.IGNORECASE
)
# "in the entry for “X”, by removing …" leaves X on the list; "and" and commas join further entries to it.
_IN_ENTRY: Final = re.compile(
    rf"\b(?:in|within)\s+{_AN_ENTRY}|\bfor\s+the\s+(?:existing\s+)?entr(?:y|ies)\s+(?:for\s+|of\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
# "removing “Room 5” from “X”": what stands first is a part of X.
_OUT_OF: Final = re.compile(
    r"\s*,?\s*(?:from|to|in|within)\s+(?:the\s+)?(?:existing\s+)?(?:entr(?:y|ies)\s+)?(?:for\s+|of\s+)?(?:the\s+)?",
    re.IGNORECASE,
)
_AND_ENTRY: Final = re.compile(r"[\s,;]*(?:and\s+)?(?:the\s+entr(?:y|ies)\s+)?(?:for\s+)?(?:the\s+)?", re.IGNORECASE)
_AND: Final = re.compile(r"\s*,?\s*(?:and\s+)?", re.IGNORECASE)
# From a name to the others of its list, which ends in "and"; without, what follows may be an alias.
_AND_OTHERS: Final = re.compile(
    r"(?:\s*[,;]\s*“\s*”)*[\s,;]*\band\s+(?:for\s+)?(?:the\s+entr(?:y|ies)\s+for\s+)?“", re.IGNORECASE
)
# From a name to a verb that follows it: “A” and “B” are removed.
_ARE_DONE: Final = re.compile(
    r"(?:\s|,|“\s*”|\band\b|\bthe\b|\bboth\b|\ban?\b|\bentr(?:y|ies)\b|\bfor\b|\bunder\b|\([^()]*\))*"
    r"(?:(?:is|are|be)\s+)(?:(?:hereby|also|\w+ly)\s+)?",
    re.IGNORECASE,
)
# Words that turn what is said into its contrary, or bound it: such a sentence is not read at all.
_LIMITED: Final = re.compile(
    r"\b(?:not|never|neither|nor|either|hardly|only|whether|no\s+longer|except(?:ing|ion)?|other\s+than|apart\s+from|"
    r"unless|without|notwithstanding|instead\s+of|rather\s+than|provided\s+that|if|might|would|propos\w+|"
    r"(?:re)?consider\w*|remains?|remaining|unchanged|retain(?:s|ed|ing)?|every\s+entry|all\s+(?:\w+\s+)?entries|"
    r"duplicates?|(?:first|second|third|last|other)\s+entr(?:y|ies)\s+for)\b"
    r"|\bor\s+(?:the\s+)?(?:entry\s+)?(?:for\s+)?(?=“)"
)
# What is done besides to an entry that is not named again.
_BESIDES: Final = re.compile(
    r"\b(?:add|insert|remov|delet|list)\w*\s+(?:it|them|the\s+same|th(?:at|is)\s+entry)\b"
    r"|\band\s+(?:(?:is|are)\s+)?(?:added|inserted|removed|deleted|listed|moved)\s+(?:to|under|in|from)\b"
)
_OF_SOMEBODY: Final = re.compile(
    r"\bentr(?:y|ies)\s+for\s+(?:the|an?|its)\s+(?!(?:entit|compan)\w+\s)[\w-]+\s+(?:of|to|at)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_UNCLEAR: Final = "unclear"  # in the place of a verb
_FROM_AND_TO: Final = 2
_LEAD: Final = 120  # letters before a name in which its entry is spoken of
_TO_READ: Final = re.compile(r"\bto\s+read\b", re.IGNORECASE)
_RESPECTIVELY: Final = re.compile(r"\brespectively\b", re.IGNORECASE)
_STRAY: Final = re.compile(r"[“”]")


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
        self._marks: tuple[Mark, ...] = ()
        # What the sentences above say that holds for this one, too.
        self._limit: str | None = None
        self._ends = False
        self._destination: Destination | None = None
        self._printed: str | None = None
        self._verb: str | None = None
        self._first_verb: str | None = None
        self._first_place: str | None = None
        # Where the last entry ends whose text is changed, and where its verb stands: 0 if the verb follows.
        self._within: tuple[int, int] | None = None
        # Where the last name stands that is the entry's of which a part is spoken of before it.
        self._whole_at: int | None = None

    def inherit(self, outer: Instruction) -> None:
        place, verb = _handed_down(outer.body, outer.masked, outer.verb_places)
        self._limit = self._limit or _limit(outer.masked)
        self._ends = self._ends or sets_an_end(outer.masked)
        if place is not None:
            self._place(place)
        self._verb = verb or self._verb

    def read(self) -> Reading:
        self._marks = marks(self._body, self._masked, self._instruction.verb_places)
        doubts: list[str] = []
        if has_stray_mark(self._instruction):
            doubts.append("a quotation mark without its pair")
        limit = _limit(self._masked) or self._limit
        if limit is not None and self._says_something():
            return Reading((), (*doubts, f"what “{limit}” leaves of it is not read"))
        # A name may stand before the verb or the destination: then the first of the sentence is meant.
        self._first_verb = next((mark.words for mark in self._marks if mark.kind == "verb"), None)
        self._first_place = next((mark.words for mark in self._marks if mark.kind == "destination"), None)
        claims = self._named(doubts) or self._without_names(doubts)
        doubts += self._beside_names()
        named = [claim for claim in claims if claim.name is not None]
        if len(named) > 1 and _RESPECTIVELY.search(self._masked):
            doubts.append("“respectively” is not read: each name counts under each destination and verb")
        if claims and (self._ends or sets_an_end(self._masked)):
            doubts.append("an end is set, which is no change here, so that it seems to last")
        if claims and names_another_day(self._instruction.body, self._masked):
            doubts.append("the day it names is not read")
        if claims and (besides := _BESIDES.search(lower_case(self._masked))):
            doubts.append(f"what it does besides (“{besides[0]}”) is not read")
        counts = {claim.count for claim in claims if claim.name is None}
        if named and len(counts) == 1 and (count := counts.pop()) is not None and count > 1 and count != len(named):
            doubts.append(f"it counts {count} entries and names {len(named)}")
        return Reading(tuple(renamed(named, self._masked) if named else claims), tuple(doubts))

    def _says_something(self) -> bool:
        """Whether the sentence does something to entries: others may be limited as they like."""
        kinds = {mark.kind for mark in self._marks}
        return ("verb" in kinds or self._verb is not None) and (
            "name" in kinds or _ENTRIES.search(self._masked) is not None
        )

    def _named(self, doubts: list[str]) -> list[Claim]:
        """Read the claims mark by mark, in the order of the sentence."""
        claims: list[Claim] = []
        together: list[Mark] = []
        verb_at = 0
        last: Mark | None = None  # quoted words before
        follows = self._destination is None and _places_follow(self._marks)
        for position, mark in enumerate(self._marks):
            if follows and mark.kind == "name" and (places := _next_places(self._marks, position, self._masked)):
                together = places
                self._place(places[0].words)
            if mark.kind == "destination":
                is_joined = bool(together) and are_joined(together[-1], mark, self._masked)
                together = [*together, mark] if is_joined else [mark]
                self._place(mark.words)
            elif mark.kind == "verb":
                self._verb, verb_at = mark.words, mark.start
            elif mark.kind == "name" and last is not None and self._is_out_of(last, mark, verb_at):
                # What was taken for an entry is a part of this one; so may be what stands beside it.
                parts = [claim for claim in claims if claim.at >= verb_at and claim.verb in ("add", "remove")]
                claims = [claim for claim in claims if claim not in parts]
                if any(claim.at != last.start for claim in parts):
                    doubts.append(f"which of what it quotes is a part of “{mark.words:.100}” is not read")
                self._within = mark.end, verb_at
                claims += _under_each(self._claim_of("revise", mark), together)
            elif mark.kind in ("name", "count") and (claim := self._claim(mark, position, verb_at, last, doubts)):
                if claim.verb == "move":
                    claims.append(self._moved(claim, self._marks, position))
                else:  # "under China and Hong Kong, an entry for “A”" is one under each
                    claims += _under_each(claim, together) if claim.name is not None else [claim]
            last = mark if mark.kind in ("name", "part", "beside") else last
        return claims

    def _is_out_of(self, before: Mark, mark: Mark, verb_at: int) -> bool:
        """Whether quoted words are removed from an entry or added to it (“Room 5” from “X”)."""
        if self._verb not in ("add", "remove") or before.start < verb_at or before.kind == "beside":
            return False
        return _OUT_OF.fullmatch(self._masked, before.end, mark.start) is not None

    def _beside_names(self) -> list[str]:
        """Say what of destinations and headings in the sentence is not read."""
        doubts = [
            f"what {mark.words} is in it is not read"
            for mark in self._marks
            if mark.kind == "aside" and any(other.kind in ("name", "count") for other in self._marks)
        ]
        places = [mark for mark in self._marks if mark.kind in ("destination", "aside")]
        verb = ""
        for mark in self._marks:
            verb = mark.words if mark.kind == "verb" else verb
            renamed = verb == "revise" and any(not same_place(mark, other) for other in places)
            if mark.is_heading and (verb in ("remove", "move", *UNREAD_VERBS) or renamed):
                doubts.append(
                    f"it does {verb} to the heading {mark.words}: what becomes of the entries under it is not read"
                )
                break
        return doubts

    def _without_names(self, doubts: list[str]) -> list[Claim]:
        """Read a sentence that neither names nor counts entries: its table may say which."""
        verbs = {mark.words for mark in self._marks if mark.kind == "verb"}
        speaks_of_entries = _ENTRIES.search(self._masked) is not None
        if not verbs or (_FRAMEWORK.search(self._masked) and not speaks_of_entries):
            return []
        if not verbs & set(_VERBS):
            if not doubts:
                doubts.append("it names no entry and does none of add, revise, remove")
            return []
        if any(mark.kind in ("name", "part", "beside") for mark in self._marks):
            if not doubts:
                doubts.append("which entry it is done to is not read: what it quotes is no entry's name")
            return []
        if (
            self._destination is None
            and verbs == {"revise"}
            and _TO_READ.search(self._masked)
            and not speaks_of_entries
        ):
            doubts.append("it sets the whole list anew: what its table no longer has stays listed here")
        return [self._unnamed()]

    def _moved(self, claim: Claim, found: Sequence[Mark], position: int) -> Claim:
        """Say where from and where to an entry moves: by the destinations after its name, or else by the sentence's."""
        after = list(takewhile(lambda mark: mark.kind != "name", found[position + 1 :]))
        places = [mark.words for mark in after if mark.kind == "destination"]
        if len(places) < _FROM_AND_TO:
            places = [mark.words for mark in found if mark.kind == "destination"]
        if not places or (len(places) < _FROM_AND_TO and self._destination is None):
            return claim
        source = or_as_printed(places[0]) if len(places) >= _FROM_AND_TO else self._destination
        target = places[-1]
        return replace(claim, previous_destination=source, destination=or_as_printed(target), country_as_printed=target)

    def _claim(self, mark: Mark, position: int, verb_at: int, last: Mark | None, doubts: list[str]) -> Claim | None:
        verb_word = self._done_after(mark, position) or self._verb or self._first_verb
        if mark.kind == "name" and (doubt := self._unclear(mark, verb_word)):
            doubts.append(doubt)
            return None
        if self._details is None:  # many instructions name no entry
            words = lower_case(self._masked)
            self._details = [(match.end(), match["detail"] is not None) for match in _DETAIL_OR_ENTRY.finditer(words)]
        spoken_of = [(at, is_detail) for at, is_detail in self._details if verb_at <= at <= mark.start]
        of_a_part = mark.kind == "name" and bool(spoken_of) and spoken_of[-1][1]
        if of_a_part and not self._is_whole(mark, spoken_of[-1][0], last, doubts):
            return None
        if verb_word is None or verb_word not in _VERBS:
            if mark.kind == "name":
                doubts.append(f"it does {verb_word or 'nothing'} to “{mark.words:.100}”")
            return None
        verb: Verb = _VERBS[verb_word]
        if mark.kind == "count":
            return self._unnamed(number(mark.words.split()[0]))
        if verb in ("add", "remove"):
            within = self._works_within(mark, verb_at, spoken_of)
            if within is None:
                doubts.append(f"what it does to “{mark.words:.100}” may be within the entry named before")
                return None
            verb = "revise" if within else verb
        if last is not None and last.kind in ("part", "beside") and _AND.fullmatch(self._masked, last.end, mark.start):
            doubts.append(f"whether “{mark.words:.100}” belongs to “{last.words:.100}” is not read")
        return self._claim_of(verb, mark)

    def _unclear(self, mark: Mark, verb_word: str | None) -> str | None:
        """Say why nothing can be said of a name, if so."""
        if verb_word == _UNCLEAR:
            return f"what of its verbs is done to “{mark.words:.100}” is not read"
        if _OF_SOMEBODY.search(self._masked, max(0, mark.start - _LEAD), mark.start):
            return f"whose entry is meant by “{mark.words:.100}” is not read"
        return None

    def _claim_of(self, verb: Verb, mark: Mark) -> Claim:
        if self._destination is None and self._first_place is not None:
            self._place(self._first_place)
        name = quoted_name(mark.words)
        return Claim(self._instruction, verb, self._destination, self._printed, name, mark.words, at=mark.start)

    def _done_after(self, mark: Mark, position: int) -> str | None:
        """Return the verb that follows a name and is said of it (“A” is added and “B” is removed)."""
        if mark.kind != "name":
            return None
        verbs = [one for one in self._marks if one.kind == "verb"]
        after = next((one for one in self._marks[position + 1 :] if one.kind == "verb"), None)
        if after is None or not after.is_passive or _ARE_DONE.fullmatch(self._masked, mark.end, after.start) is None:
            return None
        return _UNCLEAR if any(not one.is_passive for one in verbs if one.start < mark.start) else after.words

    def _is_whole(self, mark: Mark, detail_ends: int, last: Mark | None, doubts: list[str]) -> bool:
        """Whether quoted words behind an alias, an address or the like name the entry that has it, not itself."""
        quoted_between = last is not None and last.start >= detail_ends
        between = self._masked[max(detail_ends, mark.start - _LEAD) : mark.start]
        if leads := _OF_ENTRY.search(between):
            # "revising the alias “X” to “Y”" has no entry in it.
            is_whole = not (quoted_between and leads[0].lower().startswith("to") and self._verb == "revise")
            self._whole_at = mark.start if is_whole else None
            return is_whole
        if last is not None and last.start == self._whole_at and _AND_OTHERS.match(self._masked, last.end):
            self._whole_at = mark.start  # "the addresses for “A”, “B” and “C”"
            return True
        if not quoted_between and " and " in between:
            doubts.append(f"whether “{mark.words:.100}” is an entry's name is not read")
            return True
        return False

    def _works_within(self, mark: Mark, verb_at: int, spoken_of: Sequence[tuple[int, bool]]) -> bool | None:
        """Say whether words are added to an entry or removed from it, so that the entry itself stays listed.

        ``None`` for quoted words that may be those themselves: no "entry" stands before them, and no verb of their own.
        """
        lead = self._masked[max(verb_at, mark.start - _LEAD) : mark.start]
        # "removing six aliases from the entry for “X”" revises X.
        is_detail = any(detail for _, detail in spoken_of)
        of_a_part = bool(spoken_of) and spoken_of[-1][1] and _OF_ENTRY.search(lead)
        if not (of_a_part or _IN_ENTRY.search(lead) or (is_detail and _WITHIN_ENTRY.search(lead))):
            if self._within is None:
                return False
            end, its_verb = self._within
            between = self._masked[end : mark.start]
            if not _AND_ENTRY.fullmatch(between):
                return None if its_verb in (0, verb_at) and not _ENTRIES.search(between) else False
        self._within = mark.end, verb_at
        return True

    def _unnamed(self, count: int | None = None) -> Claim:
        words = (self._verb or "", self._first_verb or "", *self._instruction.verbs)
        verb = next(_VERBS[word] for word in words if word in _VERBS)
        return Claim(self._instruction, verb, self._destination, self._printed, None, count=count)

    def _place(self, printed: str) -> None:
        self._destination, self._printed = or_as_printed(printed), printed


@lru_cache(maxsize=256)
def _limit(bare: str) -> str | None:
    """Return the words of a sentence that turn it into its contrary or bound it."""
    match = _LIMITED.search(lower_case(bare))
    return match[0] if match else None


@lru_cache(maxsize=256)
def _handed_down(body: str, bare: str, verb_places: tuple[tuple[int, str], ...]) -> tuple[str | None, str | None]:
    """Return the one destination and the one verb that an instruction hands down to those under it."""
    found = marks(body, bare, verb_places)
    places = [mark.words for mark in found if mark.kind == "destination"]
    verbs = {mark.words for mark in found if mark.kind == "verb"} & set(_VERBS)
    return places[0] if len(places) == 1 else None, verbs.pop() if len(verbs) == 1 else None


def _places_follow(found: Sequence[Mark]) -> bool:
    """Whether a sentence names entries first and their destinations after them (“A” under China, “B” under Iran)."""
    kinds = [mark.kind for mark in found if mark.kind in ("name", "destination")]
    return "destination" in kinds and kinds[0] == "name"


def _next_places(found: Sequence[Mark], position: int, bare: str) -> list[Mark]:
    """Return the destinations, side by side, that come next after a mark; none if there are none."""
    places: list[Mark] = []
    for mark in found[position + 1 :]:
        if mark.kind == "destination":
            if places and not are_joined_after(places[-1], mark, bare):
                break
            places.append(mark)
        elif places:
            break
    return places


def _under_each(claim: Claim, together: Sequence[Mark]) -> list[Claim]:
    """Return a claim for each of the destinations named side by side before it."""
    printed: dict[Destination, str] = {}
    for one in together:  # "a destination of SEYCHELLES, and under SEYCHELLES" is one
        printed.setdefault(or_as_printed(one.words), one.words)
    if len(printed) <= 1:
        return [claim]
    return [replace(claim, destination=place, country_as_printed=words) for place, words in printed.items()]
