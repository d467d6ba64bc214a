"""What a correction of a document says of its words: “X” should read “Y”, on which page, under which destination.

The sentences are those of the Federal Register's corrections (see :mod:`assets.federal_register.corrections`). They do
not give an entry's text, only the words that stand wrong in it; :mod:`assets.entity_list.corrected_entries` finds them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from assets.entity_list.destinations import Destination, destination, mentions, or_as_printed
from assets.entity_list.marks import quoted_name
from assets.federal_register.dates import read_date
from assets.federal_register.instructions import QUOTED, Instruction, masked

_BE: Final = r"(?:is|are)\s+(?:hereby\s+)?"
# What stands between the wrong words and the right ones. "To" and "with" need a verb before.
_BECOMES: Final = re.compile(
    r"[\s.,;]*(?:\([^()“”]*\)\s*)?(?:in\s+(?:both|all|each|every)\s+\w+,?\s*)?"
    rf"(?:should\s+(?:have\s+)?(?:read|be|been|appear)|{_BE}(?:corrected|revised|changed)\s+to(?:\s+(?:read|be|say))?"
    rf"|{_BE}replaced\s+(?:with|by)|(?:is\s+|are\s+)?to\s+read|(?P<loose>to|with|by"
    r"|and\s+(?P<place>in\s+(?:its|their)\s+(?:place|stead),?\s+)?(?:add|insert)(?:ing)?))"
    r"(?:\s+as(?:\s+follows)?)?[\s:,]*(?:the\s+(?:words?|phrase|name)\s+)?",
    re.IGNORECASE,
)
_LEAD: Final = re.compile(r"\b(?:correct|chang|replac|revis)(?:e|es|ing)?\b[^.;“”]*$", re.IGNORECASE)
_IN_PLACE: Final = re.compile(r"\b(?:remov|delet)(?:e|es|ing)\b[^.;“”]*$", re.IGNORECASE)
_PLACE_AFTER: Final = re.compile(r"\s*,?\s*in\s+(?:its|their)\s+(?:place|stead)\b", re.IGNORECASE)
_ENTRY_FOR: Final = re.compile(
    r"\bentr(?:y|ies)\s+(?:for\s+|of\s+|entitled\s+|titled\s+)?(?:the\s+\w+\s+)?,?\s*$", re.IGNORECASE
)
_PAGE: Final = re.compile(r"\bpages?\s+(?P<page>\d{1,3}(?:,\d{3})+|\d+)", re.IGNORECASE)
_OF_THE_DATES: Final = re.compile(r"\bDATES\b|\b[Ee]ffective\s+[Dd]ates?\b")
_SAME: Final = re.compile(r"\bthe\s+same\s+(?:page|table|column|entry|row)\b", re.IGNORECASE)


@dataclass(frozen=True)
class TextCorrection:
    """Words that stand wrong in the document corrected.

    Attributes:
        instruction: the correction.
        before, after: the wrong words and the right ones, as quoted.
        words: the part of the sentence that says so, as printed.
        page: on which page they stand; ``None`` where none is named.
        destination, country_as_printed: under which destination, if one is named.
        entry_name: in the entry of which name, if one is quoted.
    """

    instruction: Instruction
    before: str
    after: str
    words: str
    page: int | None
    destination: Destination | None
    country_as_printed: str | None
    entry_name: str | None


def read_text_corrections(
    instruction: Instruction, above: Sequence[Instruction], before: int | None
) -> list[TextCorrection]:
    """Read which words an instruction corrects; none where it corrects something else, such as a whole entry.

    Args:
        instruction: the instruction, of a document that corrects another one.
        above: those it stands under, outermost first; page and destination are inherited from them.
        before: the page of the correction before, which "on the same page" means.
    """
    body = instruction.body
    bare = masked(body)
    quoted = list(QUOTED.finditer(body))
    found: list[TextCorrection] = []
    start = 0
    for position, (wrong, right) in enumerate(pairwise(quoted)):
        if wrong.start() < start or not _becomes(bare, wrong, right):
            continue
        following = quoted[position + 2].start() if position + 2 < len(quoted) else len(body)
        place = None
        name = None
        for match in quoted:
            if start <= match.start() < wrong.start():
                words = _words(match)
                if destination(words) is not None:
                    place = words
                elif _ENTRY_FOR.search(bare, start, match.start()):
                    name = quoted_name(words)
        place = (
            _last_mention(bare[start : wrong.start()])
            or place
            or _last_mention(bare[: wrong.start()])
            or _inherited(above)
        )
        if name is None and found:
            name = found[-1].entry_name if _SAME.search(bare, start, wrong.start()) else None
        found.append(
            TextCorrection(
                instruction=instruction,
                before=_words(wrong),
                after=_words(right),
                words=body[start:following].strip(" ,;"),
                page=_page(bare[: wrong.start()], above, before),
                destination=or_as_printed(place) if place else None,
                country_as_printed=place,
                entry_name=name,
            )
        )
        start = right.end()
    return found


def corrects_a_day(instruction: Instruction) -> bool:
    """Whether an instruction corrects the day of effect that a document printed, in its DATES section or elsewhere."""
    return instruction.corrects is not None and _OF_THE_DATES.search(instruction.masked) is not None


def read_day_corrections(instruction: Instruction) -> list[TextCorrection]:
    """Read the days of effect that a correction puts right: the dates in the wrong words and in the right ones.

    None if not all that it quotes are dates: it may set out the whole section, or speak of another one.
    """
    found = read_text_corrections(instruction, (), None)
    return found if all(read_date(one.before) and read_date(one.after) for one in found) else []


def page_of(instruction: Instruction, above: Sequence[Instruction], before: int | None) -> int | None:
    """Return the last page that a correction names."""
    return _page(instruction.masked, above, before)


def _becomes(bare: str, wrong: re.Match[str], right: re.Match[str]) -> bool:
    between = _BECOMES.fullmatch(bare, wrong.end(), right.start())
    if between is None:
        return False
    if between["loose"] is None:
        return True
    lead = bare[: wrong.start()]
    if between["loose"].lower().startswith("and"):
        said = between["place"] is not None or _PLACE_AFTER.match(bare, right.end()) is not None
        return said and _IN_PLACE.search(lead) is not None
    return _LEAD.search(lead) is not None


def _words(match: re.Match[str]) -> str:
    marks = 2 if match[0].startswith("‘‘") else 1
    return match[0][marks:-marks].strip()


def _last_mention(bare: str) -> str | None:
    return next((printed for _, _, printed in reversed(list(mentions(bare)))), None)


def _inherited(above: Sequence[Instruction]) -> str | None:
    return next((place for one in reversed(above) if (place := _last_mention(one.masked))), None)


def _page(bare: str, above: Sequence[Instruction], before: int | None) -> int | None:
    pages = list(_PAGE.finditer(bare))
    if not pages and _SAME.search(bare) is None:
        pages = [match for one in above for match in _PAGE.finditer(one.masked)]
    elif not pages:
        return before
    return int(pages[-1]["page"].replace(",", "")) if pages else None
