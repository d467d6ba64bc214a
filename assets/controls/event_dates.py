"""Dates of a rule beside its day of effect: filed, complied with, commented on, ended; for the whole or for parts.

Effect itself is read by :mod:`assets.federal_register.dates`. Every date is as printed: "until", "to" and "through" a
day include that day, as the eCFR's effective date notes have it for a stay (90 FR 50857: until November 9, 2026, in
force again on November 10).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from lxml import etree

from assets.controls.event_parts import PartDates, named_parts, part_dates
from assets.controls.named_documents import named_in
from assets.controls.statements import sentences
from assets.federal_register.dates import DATE, in_one_form, instruction_labels, read_date
from assets.federal_register.document import filed_date

_ENDS: Final = rf"(?:through|until|to|and\s+ending(?:\s+on)?)\s+(?:and\s+including\s+)?({DATE})"
_UNTIL: Final = re.compile(
    rf"\b(?:effective|in\s+effect|stay(?:ed|s)?|suspen(?:d(?:ed|s)?|sion)|in\s+force)\b[^.;]{{0,160}}?\b{_ENDS}"
    rf"|\bextend\w*\s+(?:through|until|to)\s+({DATE})[^.;]{{0,60}}?\b(?:suspension|stay)\b"
    rf"|\bsuspension\b[^.;]{{0,80}}?\b(?:ends?|expires?|set\s+to\s+end)\s+(?:on\s+)?({DATE})",
    re.IGNORECASE,
)
# "not effective until" tells of a beginning.
_NOT_BEFORE: Final = re.compile(r"\bnot\s+(?:(?:be|become|take|yet)\s+){0,2}effect(?:ive)?\s+until\b", re.IGNORECASE)
_INSTRUCTIONS_UNTIL: Final = re.compile(
    rf"\binstructions?\s+(?P<numbers>(?:(?!{DATE})[^.;]|\.(?=\w))*?)\b(?:is|are)\s+effective\s+from\s+{DATE}\s*,?\s+{_ENDS}",
    re.IGNORECASE,
)
_PUT_OFF: Final = re.compile(rf"\b(?:delay|postpon)\w*\b[^.;]{{0,120}}?\b(?:until|to)\s+({DATE})", re.IGNORECASE)
_LICENSE_ENDS: Final = re.compile(
    rf"\b(?:through|until|expires?(?:\s+on)?|ends?(?:\s+on)?|expiration\s+date\s+of|date\s+of)\s+({DATE})",
    re.IGNORECASE,
)
_LICENSE: Final = re.compile(r"\bgeneral\s+licenses?\b|\bTGL\b", re.IGNORECASE)
_COMPLY: Final = re.compile(r"\bcompl(?:y|iance)\b", re.IGNORECASE)
_NOT_COMPLIANCE: Final = re.compile(
    rf"\b(?:effective|prior\s+to|before\s+the\s+effective\s+date)\s+(?:on\s+)?{DATE}", re.IGNORECASE
)
_COMPLIANCE_DAY: Final = re.compile(
    rf"\b(?:until|by|no\s+later\s+than|beginning(?:\s+on)?|starting(?:\s+on)?|on\s+(?:or|and)\s+after|as\s+of|from|on"
    rf"|dates?\b[^.;]{{0,160}}?\b(?:is|are|of)|:)\s+({DATE})",
    re.IGNORECASE,
)
_EXCEPT: Final = re.compile(r"\b(?:except|other\s+than|with\s+the\s+exception)\b", re.IGNORECASE)
_VAGUE: Final = re.compile(
    r"\b(?:certain|some|several|specified|the\s+following"
    r"|selected)\b(?:\s+of)?\s+(?:\w+\s+){0,3}?(?:provisions?|changes?|requirements?|controls?|items?|amendments?)",
    re.IGNORECASE,
)
# The rule's own end: "effective January 5, 2026, through …", and in one day, where the times have been left out.
_EFFECT_ENDS: Final = re.compile(
    rf"\beffective\b[\s\w:,]{{0,40}}?{DATE}\s*,?\s+(?:and\s+)?{_ENDS}"
    rf"|\beffective\s+(?:from\s+)?(?:until|to|through)\s+(?:on\s+)?({DATE})"
    rf"|\b(?:rule|IFR|order)\b[^.;]{{0,60}}?\b(?:expires?|ceases?\s+to\s+(?:be\s+effective|have\s+effect)"
    rf"|(?:remains?\s+)?in\s+effect\s+(?:until|through))\s+(?:on\s+)?({DATE})|^\W*Expir\w+(?:\s+date)?\s*:\s*({DATE})",
    re.IGNORECASE,
)
_COMMENT: Final = re.compile(r"\bcomments?\b", re.IGNORECASE)
_COMMENT_DAY: Final = re.compile(
    rf"\b(?:by|no\s+later\s+than|on\s+or\s+before|before|until|through|to|due(?:\s+date)?(?:\s+is)?(?:\s+on)?|closes?(?:\s+on)?|ends?(?:\s+on)?|is)\s*:?\s+({DATE})",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Compliance:
    """A day from which a rule must be complied with, and of what it speaks.

    ``units`` are the sections, supplements, ECCNs or instructions it is limited to; ``is_vague`` says that
    it is limited to parts that it does not name; neither: the whole rule. ``is_exception`` is of "except that …".
    """

    day: date
    units: tuple[str, ...]
    is_vague: bool
    is_exception: bool
    sentence: str


@dataclass(frozen=True)
class EventDates:
    """Dates of a document that are not days of effect.

    ``until`` is the end of what is effective, stayed or suspended until then, ``effect_until`` that of the rule's own
    effect. ``until_by_instruction`` is keyed by the instruction's label; a label covers those below it. ``parts`` have
    days of their own. ``unread`` are sentences that speak of compliance and give no day that could be read.
    """

    filed: date | None = None
    until: date | None = None
    effect_until: date | None = None
    until_by_instruction: Mapping[str, date] = field(default_factory=dict)
    license_until: date | None = None
    compliance: Sequence[Compliance] = ()
    comments_close: date | None = None
    parts: Sequence[PartDates] = ()
    unread: Sequence[str] = ()

    def until_of(self, label: str | None) -> date | None:
        """Return the last day of the instruction with this label, where the DATES section gives it one."""
        parts = (label or "").split(".")
        for end in range(len(parts), 0, -1):
            if (day := self.until_by_instruction.get(".".join(parts[:end]))) is not None:
                return day
        return None


def event_dates(dates_text: str, root: etree._Element | None) -> EventDates:
    """Read the DATES section, and from the full text's last line the day of filing for public inspection."""
    until = None
    effect_until = None
    license_until = None
    comments = None
    by_instruction: dict[str, date] = {}
    compliance: list[Compliance] = []
    unread: list[str] = []
    for printed in sentences(dates_text):
        sentence = in_one_form(printed)
        for match in _INSTRUCTIONS_UNTIL.finditer(sentence):
            if day := read_date(match[2]):
                by_instruction |= dict.fromkeys(instruction_labels(match["numbers"]), day)
        rest = _INSTRUCTIONS_UNTIL.sub(" ", sentence)
        if _LICENSE.search(rest):
            license_until = license_until or license_ends(rest)
        elif _COMMENT.search(rest) and not _COMPLY.search(rest):
            comments = comments or _comments_close(rest)
        elif _COMPLY.search(rest):
            found = list(_compliance(rest, printed))
            compliance += found
            if not found and re.search(r"\d{4}|\bmonths?\b|\bdays?\b", _NOT_COMPLIANCE.sub(" ", rest)):
                unread.append(printed)
        else:
            until = until or (until_of(rest) if not _NOT_BEFORE.search(rest) else None)
            effect_until = effect_until or _effect_ends(rest)
    return EventDates(
        filed_date(root) if root is not None else None,
        until,
        effect_until,
        by_instruction,
        license_until,
        compliance,
        comments,
        part_dates(dates_text),
        unread,
    )


def until_of(words: str) -> date | None:
    """Return the last day that words give for what is effective, stayed or suspended until then."""
    match = _UNTIL.search(in_one_form(words))
    return read_date(next(filter(None, match.groups()))) if match else None


def _effect_ends(sentence: str) -> date | None:
    """Return the last day of the rule itself: not of what is excepted, of a part, or of another document."""
    own = _EXCEPT.split(sentence, maxsplit=1)[0]
    match = _EFFECT_ENDS.search(own)
    if match is None or _NOT_BEFORE.search(own) or named_parts(own) or named_in(own):
        return None
    return read_date(next(filter(None, match.groups())))


def put_off_to(words: str) -> date | None:
    """Return the new day that words give for what they delay."""
    match = _PUT_OFF.search(in_one_form(words))
    return read_date(match[1]) if match else None


def license_ends(words: str) -> date | None:
    """Return the last day of a general license that words tell of: the latest of those they name."""
    days = (read_date(match[1]) for match in _LICENSE_ENDS.finditer(in_one_form(words)))
    return max((day for day in days if day is not None), default=None)


def is_general_license(words: str) -> bool:
    """Whether words speak of a (temporary) general license."""
    return _LICENSE.search(words) is not None


def _comments_close(sentence: str) -> date | None:
    days = (read_date(match[1]) for match in _COMMENT_DAY.finditer(sentence))
    return next((day for day in days if day is not None), None)


def _compliance(sentence: str, printed: str) -> Iterable[Compliance]:
    told = _NOT_COMPLIANCE.sub(" ", sentence)
    parts = _EXCEPT.split(told, maxsplit=1)
    for number, part in enumerate(parts):
        match = _COMPLIANCE_DAY.search(part)
        day = read_date(match[1]) if match else None
        if day is not None:
            units = tuple(named_parts(part))
            yield Compliance(day, units, not units and bool(_VAGUE.search(part)), number > 0, printed)
