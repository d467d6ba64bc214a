"""Dates as the Federal Register prints them, and what a DATES section says of the days of effect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

_MONTHS: Final = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
_DATE: Final = rf"(?:{'|'.join(_MONTHS)})\s+\d{{1,2}},\s+\d{{4}}"
_ANY_DATE: Final = re.compile(_DATE, re.IGNORECASE)
_PARTS: Final = re.compile(r"(\w+)\s+(\d{1,2}),\s+(\d{4})")

# "effective February 24, 2023", "effective on …", "Effective date: …", "effective beginning at 12:01 a.m. on …"
_LINK_WORDS: Final = (
    r"dates?|is|are|was|on|as of|beginning|starting|from|until|at|12:01|a\.m\.|p\.m\.|eastern|time|[:,—–-]"
)
_LINK: Final = rf"(?:\s*(?:{_LINK_WORDS}))*\s*"
_EFFECTIVE_THEN_DATE: Final = re.compile(rf"\beffective\b{_LINK}({_DATE})", re.IGNORECASE)
_RULE_EFFECTIVE: Final = re.compile(
    rf"\b(?:rule|amendments?|correction|order|action|regulations?)\b[^.;]{{0,80}}?\b(?:is|are|takes?|becomes?|be)\s+"
    rf"(?:effect(?:ive)?)\b[^.;]{{0,60}}?({_DATE})",
    re.IGNORECASE,
)
_OF_THIS: Final = re.compile(
    rf"\beffective\s+dates?\s+of\s+this\b[^.;]{{0,60}}?\b(?:is|are)\s+({_DATE})", re.IGNORECASE
)
# "effective October 7, 2022, for amendatory instructions 3 and 5"; "Effective on October 12, 2022, is the following
# instruction: 15"
_DATE_THEN_FOR: Final = re.compile(
    rf"(?:\beffective\b{_LINK})?({_DATE})\s*,?\s+(?:for|(?:is|are)\s+the\s+following)\s+(?:amendatory\s+)?"
    r"instructions?\b:?\s*([^.;]*?)(?=;|\.\s|\.$|$)",
    re.IGNORECASE,
)
_INSTRUCTIONS_THEN_DATE: Final = re.compile(
    rf"\binstructions?\s+((?:(?!{_DATE})[^.;]|\.(?=\w))*?)\b(?:(?:is|are)\s+)?(?:delayed\s+until|effective)\b{_LINK}({_DATE})",
    re.IGNORECASE,
)
_NUMBERS: Final = re.compile(r"(?<![\w§.(])(\d{1,3}[a-z]?(?:\.[a-z]{1,4})*)(?![\w)]|\.\d)")
_RANGE: Final = re.compile(r"\b(\d{1,3})\s+(?:through|to)\s+(\d{1,3})\b", re.IGNORECASE)
_ASIDE: Final = re.compile(r"\([^()]*\)")
_ON_PUBLICATION: Final = re.compile(
    r"\beffective\b[^.;]{0,60}?"
    r"(?:\[insert (?:the )?date of publication|(?:up)?on (?:the date of )?publication|immediately)",
    re.IGNORECASE,
)
_DAYS_AFTER: Final = re.compile(
    r"\beffective\b[^.;]{0,60}?\[insert (?:the )?date (\d{1,3}) days (?:after|from)[^\]]*publication", re.IGNORECASE
)
_INSTRUCTION_OWN: Final = re.compile(rf"^\s*(?:\w+\.\s*)?effective\b{_LINK}({_DATE})", re.IGNORECASE)


@dataclass(frozen=True)
class Effect:
    """Days of effect: of the document as a whole, and of single instructions where the document names them.

    ``by_instruction`` is keyed by the instruction's label as printed (``5``, ``7.a``); a label covers those below it.
    """

    first: date | None = None
    by_instruction: Mapping[str, date] = field(default_factory=dict)

    def of(self, label: str | None) -> date | None:
        """Return the day of effect of the instruction with this label."""
        parts = (label or "").split(".")
        for end in range(len(parts), 0, -1):
            day = self.by_instruction.get(".".join(parts[:end]))
            if day is not None:
                return day
        return self.first


def read_date(words: str) -> date | None:
    """Return the date that words such as ``February 24, 2023`` name; ``None`` if they name none that exists."""
    match = _PARTS.search(words)
    if match is None or match[1].lower() not in _MONTHS:
        return None
    try:
        return date(int(match[3]), _MONTHS.index(match[1].lower()) + 1, int(match[2]))
    except ValueError:
        return None


def effect(dates_text: str, publication_date: date) -> Effect:
    """Read a DATES section.

    The document's day of effect is the earliest date that the section calls effective for no instruction in particular;
    where it calls none so, the earliest of the instructions' own. The usual placeholders for the day of publication are
    resolved with ``publication_date``. Compliance and comment dates are not days of effect.
    """
    own: dict[str, date] = {}
    # Sections and supplements in brackets only say where an instruction is at work.
    dates_text = _ASIDE.sub("", dates_text)
    rest = dates_text
    for pattern, numbers_at, date_at in ((_INSTRUCTIONS_THEN_DATE, 1, 2), (_DATE_THEN_FOR, 2, 1)):
        for match in pattern.finditer(dates_text):
            day = read_date(match[date_at])
            labels = _labels(match[numbers_at])
            if day is not None and labels:
                own |= dict.fromkeys(labels, day)
                rest = rest.replace(match[0], " ")
    first = _first(rest, publication_date)
    if first is None and own:
        first = min(own.values())
    return Effect(first, own)


def own_effective_date(instruction: str) -> date | None:
    """Return the date of an instruction that begins with its own (``7b. Effective July 18, 2015, § …``)."""
    match = _INSTRUCTION_OWN.search(instruction)
    return read_date(match[1]) if match else None


def _first(words: str, publication_date: date) -> date | None:
    found = [day for match in _EFFECTIVE_THEN_DATE.finditer(words) if (day := read_date(match[1]))]
    found += [day for match in _OF_THIS.finditer(words) if (day := read_date(match[1]))]
    found = found or [day for match in _RULE_EFFECTIVE.finditer(words) if (day := read_date(match[1]))]
    if match := _DAYS_AFTER.search(words):
        found.append(publication_date + timedelta(days=int(match[1])))
    elif _ON_PUBLICATION.search(words):
        found.append(publication_date)
    return min(found, default=None)


def _labels(words: str) -> list[str]:
    """Return the instruction numbers in words."""
    labels = _NUMBERS.findall(words)
    for match in _RANGE.finditer(words):
        low, high = int(match[1]), int(match[2])
        labels += [str(number) for number in range(low, high + 1)] if high - low < 200 else []
    return list(dict.fromkeys(labels))
