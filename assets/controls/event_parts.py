"""Parts of a rule as sentences name them, and what a DATES section says of them: their own day, none yet, or an end.

A part is an amendatory instruction (``instruction 3``, ``instruction 7.D.ii``), or what is amended: ``§ 744.16(e)``,
``Supplement No. 4 to part 744``, ``3A090.a``. "This rule is effective March 13, 2024, except for the amendments
codified at 47 CFR 64.2011 and 64.5111, instructions 3 and 4, which are delayed indefinitely" (89 FR 9968) names two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from assets.controls.event_subjects import ECCN, paragraphs_named
from assets.controls.named_documents import named_in
from assets.controls.statements import sentences
from assets.federal_register.dates import DATE, in_one_form, instruction_labels, is_under, read_date

_INSTRUCTIONS: Final = re.compile(
    r"\binstructions?:?\s+(?P<labels>(?:(?:(?:,|\band|\bor|\bthrough|\bto)\s+)*"
    r"\d+(?:[a-z]|(?:\.\w{1,4})+)?(?![\w)])[,.]?\s*)+)",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(r"\d+(?:[a-z]|(?:\.\w{1,4})+)?")
_BRACKETS: Final = r"(?:\([A-Za-z0-9]{1,5}\))"
_SECTIONS: Final = re.compile(
    r"(?:§§?\s*|\b(?:sections?|CFR)\s+)"
    rf"(?P<list>\d+\.\d+[a-z]?{_BRACKETS}*(?:(?:,\s*and|,|\s+and|\s+or|\s+through)\s*"
    rf"(?:(?:§§?|paragraphs?)\s*)*(?:\d+\.\d+[a-z]?{_BRACKETS}*|{_BRACKETS}+))*)",
    re.IGNORECASE,
)
_SECTION: Final = re.compile(r"(\d+\.\d+[a-z]?)([^\d§]*(?:\d+\)[^\d§]*)*)")
_RANGE: Final = re.compile(r"\b(?P<part>\d+)\.(?P<first>\d+)\s+through\s+(?:§\s*)?(?P=part)\.(?P<last>\d+)\b(?!\()")
_PARAGRAPHS_OF: Final = re.compile(
    rf"\bparagraphs?\s+(?P<paragraphs>{_BRACKETS}+(?:(?:,\s*and|,|\s+and|\s+or|\s+through)\s*{_BRACKETS}+)*)"
    r"\s+(?:of|in|to)\s+(?:§\s*|sections?\s+|\d+\s+CFR\s+)(?P<section>\d+\.\d+[a-z]?)",
    re.IGNORECASE,
)
_SUPPLEMENTS: Final = re.compile(
    r"\bsupplements?\s+nos?\.?\s*(?P<numbers>\d+(?:(?:,|\s+and|,\s+and)\s+\d+)*)\s+to\s+part\s+(?P<part>\d+)",
    re.IGNORECASE,
)
_GENERAL_ORDERS: Final = re.compile(r"\bGeneral\s+Orders?\s+Nos?\.?\s*(?P<number>\d+)", re.IGNORECASE)
# "7 (§ 740.2)", "7 (supplement no. 4 to part 744)": a bracket that says where an instruction is at work.
_ASIDE: Final = re.compile(r"\((?:§|Secs?\b|[^()]*\s)[^()]*\)")
_CLAUSE: Final = re.compile(
    r";\s*(?:and\s+)?|,?\s+and\s+(?=the\s+(?:amendments?|additions?|removals?|revisions?)\b)|(?=\bexcept(?:ion)?\b)"
    r"|(?<=\s\d{4}),?\s+and\s+(?=(?:§|(?:amendatory\s+)?instructions?\b|sections?\b|supplements?\b|ECCNs?\b))",
    re.IGNORECASE,
)
_DAY_FOR: Final = re.compile(
    rf"(?P<day>{DATE})\s*,?\s+(?:for|with\s+respect\s+to|as\s+to)\s+(?P<parts>(?:(?!{DATE}).)*)", re.IGNORECASE
)
_EXCEPT: Final = re.compile(r"\b(?:except|with\s+the\s+exception)\b", re.IGNORECASE)
_EXCEPTED: Final = re.compile(r"^except", re.IGNORECASE)
_OTHER_DAY: Final = re.compile(
    r"\b(?:comments?|compl(?:y|iance)|applicab\w+|appl(?:y|ies)|general\s+licenses?|TGL)\b", re.I
)
_STAYED: Final = re.compile(r"\bsuspen(?:d|sion)|\bstay(?:ed|s)?\b", re.IGNORECASE)  # its end is not that of the text
_OF_EFFECT: Final = re.compile(r"\beffect(?:ive)?\b|\bdelayed\b|\bpostponed\b", re.IGNORECASE)
_BEGINS: Final = re.compile(
    r"\b(?:(?:effective|(?:takes?|taking)\s+effect)\b(?:\s+(?:dates?|is|are|on|as\s+of|beginning|starting|from))*"
    r"|\bnot\s+(?:(?:be|become|take|yet)\s+){0,2}(?:effective|effect)\s+until"
    rf"|(?:delayed|postponed)\s+(?:from\s+{DATE},?\s+)?(?:until|to))[\s:,]*({DATE})",
    re.IGNORECASE,
)
_ENDS: Final = re.compile(
    rf"\b(?:through|until|to|and\s+ending(?:\s+on)?|expires?(?:\s+on)?|ends?(?:\s+on)?"
    rf"|cease[sd]?\s+to\s+(?:be\s+effective|have\s+effect)(?:\s+on)?)\s+(?:and\s+including\s+)?({DATE})",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class PartDates:
    """What a DATES section says of parts of its rule.

    ``effective`` is their day of effect, ``until`` their last day, as printed; ``has_no_day`` says that they are put
    off without a day, or excepted from the rule's without another, ``is_unclear`` that it gives several days of which
    none can safely be said to be theirs.
    """

    parts: tuple[str, ...]
    sentence: str
    effective: date | None = None
    until: date | None = None
    has_no_day: bool = False
    is_unclear: bool = False


def named_parts(words: str) -> list[str]:
    """Return the parts of a rule that words name, in their order; sections are those with a point in their number."""
    words = " ".join(words.split())
    found: list[tuple[int, str]] = []
    for match in _INSTRUCTIONS.finditer(words):
        labels = _LABEL.findall(match["labels"])
        if re.search(r"\bthrough\b|\bto\b", match["labels"]):
            labels += instruction_labels(match["labels"])
        found += [(match.start(), f"instruction {label}") for label in labels]
    for match in _PARAGRAPHS_OF.finditer(words):
        found += [(match.start(), f"§ {match['section']}{name}") for _, name in paragraphs_named(match["paragraphs"])]
    rest = _PARAGRAPHS_OF.sub(lambda match: " " * len(match[0]), words)
    for match in _SECTIONS.finditer(rest):
        found += [(match.start(), name) for name in _sections(match["list"])]
    for match in _SUPPLEMENTS.finditer(words):
        numbers = re.findall(r"\d+", match["numbers"])
        found += [(match.start(), f"Supplement No. {number} to part {match['part']}") for number in numbers]
    found += [(match.start(), f"General Order No. {match['number']}") for match in _GENERAL_ORDERS.finditer(words)]
    found += [(match.start(), match[1] + match[2]) for match in ECCN.finditer(words)]
    return list(dict.fromkeys(name for _, name in sorted(found, key=lambda one: one[0])))


def part_dates(dates_text: str) -> list[PartDates]:
    """Read what a DATES section says of parts of its own rule; what it says of other documents is not its own."""
    found: list[PartDates] = []
    for printed in sentences(dates_text):
        sentence = _ASIDE.sub(" ", in_one_form(printed))
        if _STAYED.search(sentence) or (_OTHER_DAY.search(sentence) and not _OF_EFFECT.search(sentence)):
            continue
        # "effective January 5, 2026, for § 744.11, and April 1, 2026, for § 744.21"
        by_day = [(read_date(match["day"]), _acted_on(match["parts"])) for match in _DAY_FOR.finditer(sentence)]
        if len(by_day) > 1 and all(parts for _, parts in by_day) and not named_in(sentence):
            found += [PartDates(tuple(parts), printed, day) for day, parts in by_day]
            continue
        for clause in _CLAUSE.split(sentence):
            if not named_in(clause):
                found += _of_clause(clause, printed)
    return found


def excepted(printed: Iterable[str]) -> Iterator[str]:
    """Yield the sentences of a DATES section that except something from the rule's own day of effect."""
    for sentence in printed:
        told = _EXCEPT.split(in_one_form(sentence), maxsplit=1)
        is_own = len(told) > 1 and _OF_EFFECT.search(told[0]) and not named_in(told[0])
        if not is_own or not (_OF_EFFECT.search(told[1]) or re.search(DATE, told[1], re.IGNORECASE)):
            continue  # "except as provided in …" says of no other day
        if not _OTHER_DAY.search(told[1]) and not _STAYED.search(told[1]):
            yield sentence


def covers(part: str, label: str | None, subject: str, unit: str) -> bool:
    """Whether a part is an instruction or one above it, or its subject or the whole of which that is a paragraph."""
    if part.startswith("instruction "):
        return is_under(label, part.removeprefix("instruction "))
    if part.startswith("Supplement"):
        return part.lower() in (subject.lower(), unit.lower())
    return subject == part or is_paragraph(subject, part)


def is_paragraph(subject: str, whole: str) -> bool:
    """Whether a subject is a paragraph of another: ``§ 744.23(a)(2)`` of ``§ 744.23(a)``, ``3A090.a`` of ``3A090``."""
    return subject.startswith((f"{whole}(", f"{whole}."))


def _sections(words: str) -> Iterator[str]:
    for section in _SECTION.finditer(_RANGE.sub(_every, words)):
        paragraphs = [name for _, name in paragraphs_named(section[2].strip())] if "(" in section[2] else [""]
        yield from (f"§ {section[1]}{name}" for name in paragraphs)


def _every(match: re.Match[str]) -> str:
    """Write out a range of sections of one part: ``744.2 through 744.4``."""
    first, last = int(match["first"]), int(match["last"])
    return ", ".join(f"{match['part']}.{number}" for number in range(first, min(last, first + 200) + 1))


def _of_clause(clause: str, printed: str) -> Sequence[PartDates]:
    parts = _acted_on(clause)
    if not parts or _OTHER_DAY.search(clause):
        return []
    begins = _BEGINS.search(clause)
    effective = read_date(begins[1]) if begins else None
    ends = _ENDS.search(clause, begins.end() if begins else 0)
    until = read_date(ends[1]) if ends else None
    speaks = _OF_EFFECT.search(clause) or _EXCEPTED.search(clause)
    days = {read_date(day) for day in re.findall(DATE, clause, re.IGNORECASE)} - {effective, until}
    if days and not re.search(r"\bfrom\b", clause):
        return [PartDates(tuple(parts), printed, is_unclear=True)]
    if effective is None and until is None and not speaks:
        return []
    return [PartDates(tuple(parts), printed, effective, until, effective is None and until is None)]


def _acted_on(words: str) -> list[str]:
    """Return the parts that words name; beside instructions, sections only say where those are at work."""
    parts = named_parts(words)
    return [part for part in parts if part.startswith("instruction ")] or parts
