"""Rules that delay the day on which another rule's amendments take effect."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from assets.federal_register.dates import read_date
from assets.federal_register.full_text import plain_dashes
from assets.federal_register.instructions import Instruction

_PART: Final = "15 CFR 744"
_DELAYED: Final = re.compile(
    r"\bdelay(?:ed|s|ing)\b(?:[^;]{0,120}?\b(?:until|to)\s+(?P<day>\w+\.?\s+\d{1,2},\s+\d{4})|\s+indefinitely\b)"
    r"|\b(?:is|are|be)\s+(?:hereby\s+)?withdrawn\b",
    re.IGNORECASE,
)
_DOCUMENT: Final = re.compile(
    r"\bFR\s+Doc(?:ument)?\.?\s+(?:No\.?\s+)?(?P<number>[A-Z]?\d{1,4}-\d{1,6})", re.IGNORECASE
)
_CITATION: Final = re.compile(r"\b\d{2,3}\s+FR\s+\d{1,6}\b")
_BEFORE: Final = 600  # letters before the delay in which the rule is named


@dataclass(frozen=True)
class Delay:
    """A delay: the rule delayed (its document number, or else its citation), until when, and the words.

    ``until`` is ``None`` for a delay without an end and for a withdrawal: the rule takes effect on no known day.
    """

    document: str
    until: date | None
    words: str


def read_delays(dates_text: str, cfr_references: Sequence[str], instructions: Sequence[Instruction]) -> list[Delay]:
    """Read from a DATES section which rules on part 744 it delays or withdraws before they take effect.

    Args:
        dates_text: the section's words.
        cfr_references: the parts that the document concerns; a document on other parts delays nothing here.
        instructions: its amendatory instructions; one on part 744 tells that the document concerns it, too.
    """
    if _PART not in cfr_references and not any(one.cfr_part == "744" for one in instructions):
        return []
    delays = []
    start = 0
    for match in _DELAYED.finditer(dates_text):
        before = plain_dashes(dates_text[max(start, match.start() - _BEFORE) : match.end()])
        start = match.end()
        named = _DOCUMENT.search(before)
        cited = _CITATION.search(before)
        until = read_date(match["day"]) if match["day"] else None
        if named is None and cited is None:
            continue
        document = named["number"] if named else " ".join(cited[0].split()) if cited else ""
        delays.append(Delay(document, until, dates_text[max(0, match.start() - _BEFORE) : match.end()]))
    return delays
