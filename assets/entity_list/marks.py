"""The words of an instruction on a list that matter: what is done, to which names, under which destinations.

Not every name in quotation marks is an entry's, and not every destination is the one an entry stands under: an alias,
an entry that is named to say where another one goes, a country in an aside are told apart here, by the words around.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Final, Literal, NamedTuple

from assets.entity_list.destinations import destination, mentions, or_as_printed
from assets.entity_list.entity_cell import names_a_place, read_entity
from assets.federal_register.full_text import lower_case
from assets.federal_register.instructions import QUOTED

UNREAD_VERBS: Final = frozenset({"redesignate", "reserve", "delay", "suspend", "stay", "lift", "withdraw"})
"""Verbs of instructions that do something to entries which is not read as a change."""
_FRAME_VERBS: Final = frozenset({"amend", "continue", "set_out"})
# For words in lower case; no blank begins it, of which a masked instruction has many.
_COUNT: Final = re.compile(
    r"(?=\w)(?<!footnote )(?<!footnotes )\b"
    r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\w+teen|twenty(?:-\w+)?|\w+ty(?:-\w+)?|\d+)\s+"
    r"(?:(?!(?:to|of|from|in|for|the)\s)[\w’'-]+\s+){0,2}?(?:entr(?:y|ies)|entit(?:y|ies)|persons?|companies|company|individuals?)\b"
)
_PASSIVE: Final = re.compile(r"\b(?:is|are|be|being|been)\s+(?:(?:hereby|also|\w+ly)\s+)?$", re.IGNORECASE)
# Verbs outside of the vocabulary of instructions: what they do is not known.
_OTHER_VERB: Final = re.compile(
    r"\bby\s+(?:\w+ly\s+)?(?P<active>(?!following|including|beginning)[a-z]+ing)\b"
    r"|\band\s+(?P<joined>(?!following|including|beginning)[a-z]+ing)\s+(?=the\b|an?\b|both\b|entr|“)"
    r"|”,?\s+(?:is|are)\s+(?:hereby\s+|also\s+)?(?P<passive>(?!located|listed|based|known|named)[a-z]+(?:ed|en))\b"
)
_RESTORES: Final = ("restor", "reinst")
_KNOWN_AS: Final = (
    r"(?:a\.?\s?k\.?\s?a\b\.?|f\.?\s?k\.?\s?a\b\.?|d\.?\s?b\.?\s?a\b\.?"
    r"|(?:also|formerly)\s+known\s+as|doing\s+business\s+as)"
)
_IS_ALIAS: Final = re.compile(_KNOWN_AS)  # in small letters: a company may be called AKA
_AFTER_KNOWN_AS: Final = re.compile(rf"{_KNOWN_AS}\s*,?\s*(?:the\s+)?$", re.IGNORECASE)
_AS_PART: Final = re.compile(
    r"\s+columns?\b|\s*,?\s+as\s+(?:an?|the|one|its|another)\s+(?:\w+\s+){0,2}?(?:alias|address|name|subsidiary|affiliate|subordinate)",
    re.IGNORECASE,
)
# "an entry for “A” after the entry for “B”"; "the following entries for “A”" is another matter.
_BESIDE: Final = re.compile(
    r"\b(?P<how>after|before|between|(?<!the )following|preceding|above|below)\s+(?:the\s+)?(?:existing\s+)?"
    r"(?:entr(?:y|ies)\s+)?(?:for\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
_AND: Final = re.compile(r"\s*,?\s*and\s+(?:the\s+)?(?:entry\s+)?(?:for\s+)?", re.IGNORECASE)
_IN: Final = re.compile(r"”\s+in\s+(?:the\s+)?[“\"‘]*$", re.IGNORECASE)
# "one Hong Kong entity" is said of the entity.
_OF_ENTITY: Final = re.compile(r"\s+(?:entit|entr|person|compan|individual)", re.IGNORECASE)
_LONGEST_ASIDE: Final = 400  # letters from a bracket to what stands in it
_LEAD: Final = 90  # letters before a word in which is said what it is
# Where a destination stands that entries are under: these words lead to it, or it opens the sentence.
_PLACE: Final = re.compile(
    r"(?:\b(?:under|within|from|to|into|destinations?|countr(?:y|ies)|headings?|entr(?:y|ies)\s+for)\s+"
    r"(?:(?:under|of|for|the|existing|new|same|destinations?|headings?|country|entitled|titled|reading)\s+)*"
    r"|\b(?:entr(?:y|ies)|entit(?:y|ies)|persons?)\s+in\s+(?:the\s+)?|^\s*(?:(?:in|for|the|country|of)\s+)*|[,;:]\s*(?:and\s+)?(?:in|for)\s+(?:the\s+)?)[“\"‘]*$",
    re.IGNORECASE,
)
_HEADING: Final = re.compile(
    r"\b(?:headings?(?:\s+(?:for|of|entitled|reading))?|(?<!under )(?<!in the )(?<!in )entr(?:y|ies)\s+for"
    r"|(?:add|remov|delet|strik|eliminat|insert|revis|mov)ing(?:\s+the)?(?:\s+destinations?(?:\s+of)?)?)\s+(?:the\s+)?[“\"‘]*$",
    re.IGNORECASE,
)
_LOCATED: Final = re.compile(
    r"\b(?:located|based|situated|resident|registered|incorporated|headquartered|operating|addresse?s?|offices?|branch(?:es)?)"
    r"\s+(?:in|at|of)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_JOINED: Final = re.compile(
    r"\s*(?:,\s*and\b|,|\band\b|&)\s*(?:under\s+)?(?:the\s+)?(?:destinations?\s+of\s+)?(?:the\s+)?", re.IGNORECASE
)
_JOINED_AFTER: Final = re.compile(rf"{_JOINED.pattern}|\s*,\s*(?:the\s+)?", re.IGNORECASE)
# A destination that is not in our table, by its capitals.
_UNKNOWN: Final = re.compile(
    r"\b(?:[Uu]nder|UNDER|headings?|destinations?\s+of)\s+(?:(?:the|of|for|destinations?|headings?|country)\s+)*"
    r"(?P<printed>(?!(?:Supp|Sect|Part|Categ|Entit|Unver|Milit|ECCN|Colum|EAR|Licen|Paragr|Instr|UVL|MEU|Footn)\w*)"
    r"[A-Z][\w’'-]+(?:,?\s+(?:of\s+|and\s+(?:the\s+)?)?[A-Z][\w’'-]+)*)"
)

Kind = Literal["verb", "destination", "name", "count", "part", "beside", "aside"]
"""``part`` is quoted words that are a part of an entry, such as an alias; ``beside`` a name that says where another one
goes; ``aside`` a destination that nothing says to be the one that entries are under."""


class Mark(NamedTuple):
    """A word or words of an instruction: from where to where, what they are, and which."""

    start: int
    end: int
    kind: Kind
    words: str
    is_passive: bool = False
    is_heading: bool = False


@lru_cache(maxsize=256)
def marks(body: str, bare: str, verb_places: tuple[tuple[int, str], ...]) -> tuple[Mark, ...]:
    """Return verbs, destinations, quoted names and counts of entries in the order of the sentence.

    Args:
        body: the instruction without its number.
        bare: the same with its quoted words blanked out.
        verb_places: where in it each verb stands.
    """
    lower = lower_case(bare)
    found = list(_verbs(bare, lower, verb_places))
    found += [Mark(match.start(), match.end(), "count", match[0]) for match in _COUNT.finditer(lower)]
    quoted = list(_quoted(body, bare))
    found += [mark for mark in quoted if mark.kind != "destination"]
    places = [Mark(start, end, "destination", printed) for start, end, printed in mentions(bare)]
    places += [mark for mark in quoted if mark.kind == "destination"]
    places += _unknown_places(bare, places)
    places.sort(key=attrgetter("start"))
    found += _told_apart(places, bare, [mark for mark in quoted if mark.kind == "name"])
    return tuple(sorted(found, key=attrgetter("start")))


def are_joined(one: Mark, other: Mark, bare: str) -> bool:
    """Whether two destinations stand side by side ("under China and Hong Kong")."""
    return _JOINED.fullmatch(bare, one.end, other.start) is not None


def are_joined_after(one: Mark, other: Mark, bare: str) -> bool:
    """Whether two destinations stand side by side behind the names they are of."""
    return _JOINED_AFTER.fullmatch(bare, one.end, other.start) is not None


def _verbs(bare: str, lower: str, verb_places: Sequence[tuple[int, str]]) -> Iterator[Mark]:
    known = {at for at, _ in verb_places}
    for at, verb in verb_places:
        if verb in _FRAME_VERBS or (verb == "reserve" and lower[:at].endswith("removing and ")):
            continue
        again = verb == "add" and (lower[max(0, at - 3) : at] == "re-" or lower.startswith(_RESTORES, at))
        passive = _PASSIVE.search(bare, max(0, at - _LEAD), at) is not None
        yield Mark(at, at, "verb", "re-add" if again else verb, is_passive=passive)
    for match in _OTHER_VERB.finditer(lower):
        kind = str(match.lastgroup)
        if match.start(kind) not in known and match.start(kind) - len("re-") not in known:
            yield Mark(match.start(kind), match.start(kind), "verb", match[kind], is_passive=kind == "passive")


def _quoted(body: str, bare: str) -> Iterator[Mark]:
    """Yield quoted words: a destination, an entry's name, or what only belongs to one."""
    before: Mark | None = None
    how = ""
    for match in QUOTED.finditer(body):
        marks_at_ends = 2 if match[0].startswith("‘‘") else 1
        words = match[0][marks_at_ends:-marks_at_ends].strip(" ,;")
        start, end = match.span()
        if not words:
            continue
        lead = bare[max(0, start - _LEAD) : start]
        kind: Kind = "name"
        if destination(words) is not None:
            kind = "destination"
        elif _is_part(words, lead, bare, end, before):
            kind = "part"
        elif beside := _BESIDE.search(lead):
            kind, how = "beside", beside["how"].lower()
        elif (
            before is not None
            and before.kind == "beside"
            and how == "between"
            and _AND.fullmatch(bare, before.end, start)
        ):
            kind = "beside"
        before = Mark(start, end, kind, words)
        yield before


def _is_part(words: str, lead: str, bare: str, end: int, before: Mark | None) -> bool:
    if _IS_ALIAS.match(words) or _AFTER_KNOWN_AS.search(lead) or _AS_PART.match(bare, end):
        return True
    # “Alpha Technology Co.” (“Alpha”): what stands in brackets behind a name belongs to it.
    if before is None or before.kind not in ("name", "part") or "(" not in bare:
        return False
    opened = bare.rfind("(", max(0, end - _LONGEST_ASIDE), end)
    if opened == -1 or ")" in bare[opened:end]:
        return False
    return not bare[before.end : opened].strip(" ,") or (before.kind == "part" and opened < before.start)


def _unknown_places(bare: str, known: Sequence[Mark]) -> Iterator[Mark]:
    starts = {mark.start for mark in known}
    for match in _UNKNOWN.finditer(bare):
        start, end = match.span("printed")
        if not any(start <= one < end for one in starts):
            yield Mark(start, end, "destination", match["printed"].rstrip(" ,"))


def _told_apart(places: Sequence[Mark], bare: str, names: Sequence[Mark]) -> Iterator[Mark]:
    """Yield the destinations that entries stand under; others as asides, none for those in brackets."""
    before: Mark | None = None
    ends_of_names = {mark.end for mark in names}
    for place in places:
        lead = bare[max(0, place.start - _LEAD) : place.start]
        opened = bare.rfind("(", 0, place.start)
        if opened != -1 and ")" not in bare[opened : place.start]:
            # “Alpha” (China) says where Alpha stands, unless the sentence has said it before.
            closes = bare.find(")", place.end)
            alone = not bare[opened + 1 : place.start].strip(" “the") and not bare[place.end : closes].strip(" ”")
            follows = any(not bare[end:opened].strip() for end in ends_of_names if end <= opened)
            if alone and follows and (before is None or bare.rfind("(", 0, before.start) != -1):
                before = place
                yield place
            elif alone and follows:
                yield place._replace(kind="aside")
            continue
        joined = before is not None and (are_joined(before, place, bare) or are_joined_after(before, place, bare))
        behind_name = before is None and _IN.search(lead) is not None
        if joined or behind_name or _PLACE.search(lead) or _HEADING.search(lead):
            before = place._replace(is_heading=_HEADING.search(lead) is not None)
            yield before
        elif not (_LOCATED.search(lead) or _OF_ENTITY.match(bare, place.end)):
            yield place._replace(kind="aside")


def same_place(one: Mark, other: Mark) -> bool:
    """Whether two marks are the same destination, in whatever words."""
    return or_as_printed(one.words) == or_as_printed(other.words)


def quoted_name(quoted: str) -> str:
    """Return the name of an entry in quoted words: all of them, unless other names or an address follow it."""
    cell = read_entity([quoted])
    if len(cell.addresses) == 1 and destination(cell.addresses[0]) is not None:
        return quoted  # "Huawei OpenLab, Singapore"
    if cell.aliases or not cell.addresses or any(map(names_a_place, cell.addresses)):
        return cell.name
    return quoted.rstrip(".") if quoted.count(".") == 1 else quoted
