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
DATE: Final = rf"\b(?:{'|'.join(_MONTHS)})\s+\d{{1,2}},\s+\d{{4}}"
"""Expression of a date in the form that :func:`in_one_form` gives it."""
# Other ways to write a date, brought into that form before anything else is read.
_SHORT_MONTH: Final = r"jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec"
_WORDED: Final = re.compile(
    rf"\b(?P<month>{'|'.join(_MONTHS)}|(?:{_SHORT_MONTH})\b\.?)\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*(?:[,.]\s*|\s)(?P<year>\d{{4}})\b",
    re.IGNORECASE,
)
_NUMERIC: Final = re.compile(r"(?<![\d/])(?P<month>0?[1-9]|1[0-2])/(?P<day>\d{1,2})/(?P<year>\d{4})(?![\d/])")
_TIME: Final = re.compile(
    r"(?:\b(?:beginning|starting|as\s+of)\s+)?(?:\bat\s+)?\b(?:\d{1,2}(?::\d{2})?\s*[ap](?:\.\s?m\b\.?|m\b)|(?:12\s+)?(?:noon|midnight)\b)"
    r"(?:,?\s*\(?(?:E[SD]?T\b|(?:U\.?S\.?\s+)?eastern(?:\s+(?:standard|daylight))?(?:\s+time)?\b|local\s+time\b)\)?)?,?",
    re.IGNORECASE,
)
_SENTENCE_FOLLOWS: Final = re.compile(r"\s+(?!(?:on|and|except)\b)[A-Z]")
_PARTS: Final = re.compile(r"(\w+)\s+(\d{1,2}),\s+(\d{4})")

# "effective February 24, 2023", "effective on …", "Effective date: …", "effective beginning at 12:01 a.m. on …"
_LINK_WORDS: Final = (
    r"dates?|is|are|on|as of|beginning|starting|from|until|at|time|[:,—–-]"
    r"|(?:up)?on\s+(?:public\s+)?(?:display|filing|inspection)(?:(?!\beffective\b|\d)[^.;]){0,80}?\bon(?=\s)"
)
_LINK: Final = rf"(?:\s*(?:{_LINK_WORDS}))*\s*"
_EFFECTIVE_THEN_DATE: Final = re.compile(rf"\beffective\b{_LINK}({DATE})", re.IGNORECASE)
_RULE_EFFECTIVE: Final = re.compile(
    rf"\b(?:rule|amendments?|correction|order|action|regulations?)\b[^.;]{{0,80}}?\b(?:is|are|takes?|becomes?|be)\s+"
    rf"(?P<effective>effect(?:ive)?)\b(?P<between>[^.;]{{0,60}}?)({DATE})",
    re.IGNORECASE,
)
# Between "effective" and a date, these words say that the date is another one, or only a bound.
_OTHER_DATE: Final = re.compile(
    r"\b(?:comments?|compl\w+|recei\w+|published|issued|dated|due|expires?|through|until|applicab\w+|except|earlier|later|"
    r"before|after|delayed|submitted|display)\b",
    re.IGNORECASE,
)
# What stands before "effective" where it is not this document's day.
_PAST_EFFECT: Final = re.compile(
    r"\b(?:was|were|became|been|previously|originally|formerly|initially)\s+(?:\w+\s+)?$", re.IGNORECASE
)
_OTHER_RULE: Final = re.compile(
    r"\b(?:rules?|amendments?|corrections?|orders?|actions?|regulations?)\b[^;]*\b(?:published|issued|dated|delayed)\b",
    re.IGNORECASE,
)
_THIS_RULE: Final = re.compile(r"\b(?:this|these)\b(?!\s+(?:section|part))", re.IGNORECASE)
_EXCEPTED: Final = re.compile(r"\beffect(?:ive)?\b.*\bexcept\b", re.IGNORECASE | re.DOTALL)
_SENTENCE_END: Final = re.compile(r"[.;]\s")
_EFFECTIVE: Final = re.compile(
    r"\beffective\b(?!\s+dates?\b(?!\s+(?:of|for|is|are)\b))|\btakes?\s+effect\b", re.IGNORECASE
)
_CHANGED_FROM: Final = re.compile(r"\bdates?\s+from\b", re.IGNORECASE)
_OF_THIS: Final = re.compile(rf"\beffective\s+dates?\s+of\s+this\b[^.;]{{0,60}}?\b(?:is|are)\s+({DATE})", re.IGNORECASE)
# "effective October 7, 2022, for amendatory instructions 3 and 5"; "Effective on October 12, 2022, is the following
# instruction: 15"
_DATE_THEN_FOR: Final = re.compile(
    rf"(?:\beffective\b{_LINK})?({DATE})\s*,?\s+(?:(?:for|(?:is|are)\s+the\s+following)\s+)?(?:amendatory\s+)?"
    rf"instructions?\b:?\s*((?:(?!\b(?:effective|delayed)\b|{DATE})[^.;]|\.(?=\w))*?)"
    rf"(?=;|\.\s|\.$|$|,?\s+(?:and\s+)?(?:effective\s+(?:on\s+)?)?{DATE})",
    re.IGNORECASE,
)
_INSTRUCTIONS_THEN_DATE: Final = re.compile(
    rf"\binstructions?\s+((?:(?!{DATE})[^.;]|\.(?=\w))*?)\b(?:(?:is|are)\s+)?(?:delayed\s+until|effective)\b{_LINK}({DATE})",
    re.IGNORECASE,
)
# "Not effective until …" and "delayed until …" tell of a beginning.
_UNTIL: Final = re.compile(r"(?<!\bnot )(?<!\bbe )(?<!\bbecome )(?<!\byet )\beffective\s+until\s+$", re.IGNORECASE)
_NUMBERS: Final = re.compile(r"(?<![\w§.(])(\d{1,3}[a-z]?(?:\.[a-z]{1,4})*)(?![\w)]|\.\d)")
_RANGE: Final = re.compile(r"\b(\d{1,3})\s+(?:through|to)\s+(\d{1,3})\b", re.IGNORECASE)
_ASIDE: Final = re.compile(r"\([^()]*\)")
# "the amendments to supplement no. 7 (amendatory instruction 3), which are effective …"
_ASIDE_OF_INSTRUCTIONS: Final = re.compile(r"\(\s*((?:amendatory\s+)?instructions?\s[^()]*)\)", re.IGNORECASE)
_TAKES_EFFECT_THEN_DATE: Final = re.compile(rf"\btakes?\s+effect\b{_LINK}({DATE})", re.IGNORECASE)
_ON_PUBLICATION: Final = re.compile(
    r"\beffective\b[^.;]{0,60}?"
    r"(?:\[insert (?:the )?date of publication|(?:up)?on (?:the date of )?publication|immediately)",
    re.IGNORECASE,
)
_DAYS_AFTER: Final = re.compile(
    r"\beffective\b[^.;]{0,60}?\[insert (?:the )?date (\d{1,3}) days (?:after|from)[^\]]*publication", re.IGNORECASE
)
_INSTRUCTION_OWN: Final = re.compile(rf"^\s*(?:\w+\.\s*)?effective\b{_LINK}({DATE})", re.IGNORECASE)


@dataclass(frozen=True)
class Effect:
    """Days of effect: of the document as a whole, and of single instructions where the document names them.

    ``by_instruction`` is keyed by the instruction's label as printed (``5``, ``7.a``); a label covers those below it.
    ``is_of_parts`` says that only instructions have days: ``first`` is their earliest, and not that of any other.
    ``others`` are further days of effect that the section names without the numbers of the instructions they are for:
    what takes effect on them is not known, and :meth:`of` does not say them.
    """

    first: date | None = None
    by_instruction: Mapping[str, date] = field(default_factory=dict)
    is_of_parts: bool = False
    others: tuple[date, ...] = ()

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
    match = _PARTS.search(_plain(words))
    if match is None or match[1].lower() not in _MONTHS:
        return None
    try:
        return date(int(match[3]), _MONTHS.index(match[1].lower()) + 1, int(match[2]))
    except ValueError:
        return None


def effect(dates_text: str, publication_date: date) -> Effect:
    """Read a DATES section.

    The document's day of effect is the earliest date that the section calls effective for no instruction in particular;
    where it speaks of no such effect, the earliest of the instructions' own; where it does and the date cannot be read,
    none. The usual placeholders for the day of publication are resolved with ``publication_date``. Compliance and
    comment dates are not days of effect, nor are those of other rules or of what is excepted from the effect.
    """
    own: dict[str, date] = {}
    # Sections and supplements in brackets only say where an instruction is at work; its number says which one it is.
    dates_text = _ASIDE_OF_INSTRUCTIONS.sub(r"\1", _without_times(dates_text))
    dates_text = _plain(_ASIDE.sub("", dates_text))
    rest = dates_text
    for pattern, numbers_at, date_at in ((_INSTRUCTIONS_THEN_DATE, 1, 2), (_DATE_THEN_FOR, 2, 1)):
        for match in pattern.finditer(dates_text):
            if _is_end(dates_text, match.start(date_at)):
                continue
            day = read_date(match[date_at])
            labels = _labels(match[numbers_at])
            if day is not None and labels:
                own |= dict.fromkeys(labels, day)
                rest = rest.replace(match[0], " ")
    days = _days(rest, publication_date)
    others = {*days, *_excepted_days(rest)}
    first = min(days, default=None)
    if first is None and own and not _speaks_of_effect(rest):
        return Effect(min(own.values()), own, is_of_parts=True, others=tuple(sorted(others - set(own.values()))))
    return Effect(first, own, others=tuple(sorted(others - {first, *own.values()})))


def in_one_form(words: str) -> str:
    """Return words with single spaces, every date as ``February 24, 2023``, and without times of the day."""
    return _plain(_without_times(words))


def instruction_labels(words: str) -> list[str]:
    """Return the numbers of instructions in words such as ``3, 5 through 7, and 9.a``."""
    return _labels(words)


def is_under(label: str | None, number: str) -> bool:
    """Whether an instruction is the one with this number, or one below it: ``7.a`` is under ``7``."""
    return label is not None and (label == number or label.startswith(f"{number}."))


def own_effective_date(instruction: str) -> date | None:
    """Return the date of an instruction that begins with its own (``7b. Effective July 18, 2015, § …``)."""
    if "effect" not in instruction.lower():
        return None
    match = _INSTRUCTION_OWN.search(_plain(_without_times(instruction)))
    return read_date(match[1]) if match else None


def _days(words: str, publication_date: date) -> list[date]:
    """Return the days that words call effective for no instruction in particular."""
    found = [
        day
        for match in _EFFECTIVE_THEN_DATE.finditer(words)
        if not _is_end(words, match.start(1))
        and not _is_of_another(words, match.start())
        and not _CHANGED_FROM.search(match[0])
        and (day := read_date(match[1]))
    ]
    found += [day for match in _OF_THIS.finditer(words) if (day := read_date(match[1]))]
    found = found or [
        day
        for match in _RULE_EFFECTIVE.finditer(words)
        if not _is_of_another(words, match.start("effective"))
        and not _OTHER_DATE.search(match["between"])
        and (day := read_date(match[3]))
    ]
    after = next((match for match in _DAYS_AFTER.finditer(words) if not _is_of_another(words, match.start())), None)
    if after is not None:
        found.append(publication_date + timedelta(days=int(after[1])))
    elif any(not _is_of_another(words, match.start()) for match in _ON_PUBLICATION.finditer(words)):
        found.append(publication_date)
    return found


def _excepted_days(words: str) -> list[date]:
    """Return the days on which takes effect what is excepted from the effect, or said to begin by another verb."""
    found = []
    for match in (*_EFFECTIVE_THEN_DATE.finditer(words), *_TAKES_EFFECT_THEN_DATE.finditer(words)):
        before = _sentence_before(words, match.start())
        if _PAST_EFFECT.search(before) or _is_end(words, match.start(1)) or _CHANGED_FROM.search(match[0]):
            continue
        is_told = _EXCEPTED.search(before) or not _is_of_another(words, match.start())
        if is_told and (day := read_date(match[1])):
            found.append(day)
    return found


def _is_end(words: str, at: int) -> bool:
    """Whether the date at this place is the last day of effect (``effective until …``), not one it begins on."""
    return _UNTIL.search(words, 0, at) is not None


def _is_of_another(words: str, at: int) -> bool:
    """Whether the "effective" at this place is told of the past, of another rule, or of what is excepted."""
    before = _sentence_before(words, at)
    if _PAST_EFFECT.search(before) or _EXCEPTED.search(before):
        return True
    return _OTHER_RULE.search(before) is not None and _THIS_RULE.search(before) is None


def _sentence_before(words: str, at: int) -> str:
    ends = [match.end() for match in _SENTENCE_END.finditer(words, 0, at)]
    return words[ends[-1] if ends else 0 : at]


def _speaks_of_effect(words: str) -> bool:
    return any(not _is_of_another(words, match.start()) for match in _EFFECTIVE.finditer(words))


def _without_times(words: str) -> str:
    """Leave out times of the day: their points are no ends of sentences."""

    def blank(match: re.Match[str]) -> str:
        ends_sentence = match[0].endswith(".") and _SENTENCE_FOLLOWS.match(words, match.end())
        return "." if ends_sentence else " "

    return " ".join(_TIME.sub(blank, words).split())


def _plain(words: str) -> str:
    """Return words with every date in one form, ``February 24, 2023``."""
    words = _NUMERIC.sub(lambda match: _written(_MONTHS[int(match["month"]) - 1], match), words)
    return _WORDED.sub(lambda match: _written(_full_month(match["month"]), match), words)


def _full_month(month: str) -> str:
    return next(name for name in _MONTHS if name.startswith(month.lower().rstrip(".")[:3]))


def _written(month: str, match: re.Match[str]) -> str:
    return f"{month.title()} {int(match['day'])}, {match['year']}"


def _labels(words: str) -> list[str]:
    """Return the instruction numbers in words."""
    labels = _NUMBERS.findall(words)
    for match in _RANGE.finditer(words):
        low, high = int(match[1]), int(match[2])
        labels += [str(number) for number in range(low, high + 1)] if high - low < 200 else []
    return list(dict.fromkeys(labels))
