"""Rules that delay, stay or withdraw another rule before it takes effect: all of it, or some of its changes.

Such a sentence names the document and either the whole of it ("the effective date of the rule published … at 88 FR 100
is delayed until …") or a part: amendatory instructions by number, or entries by name or destination. A part that is
named in another way is reported, never taken for the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from assets.entity_list.destinations import Destination, destination, mentions, or_as_printed
from assets.entity_list.marks import quoted_name
from assets.federal_register.dates import DATE, in_one_form, instruction_labels, read_date
from assets.federal_register.full_text import plain_dashes
from assets.federal_register.instructions import QUOTED, Instruction, masked

_PART: Final = "15 CFR 744"
_OUT: Final = (
    r"(?:delay(?:ed|s|ing)|stay(?:ed|s|ing)|postpon(?:ed|es|ing)|suspend(?:ed|s|ing)|deferr(?:ed|ing)|defers)\b"
)
_WITHDRAWN: Final = r"\b(?:is|are|be)\s+(?:hereby\s+)?withdrawn\b"
_END: Final = re.compile(
    rf"\b{_OUT}(?:(?:(?!\b{_OUT})[^;]){{0,160}}?\b(?:until|to)\s+(?P<day>{DATE})|\s+indefinitely\b"
    rf"|\s+until\s+further\s+notice\b)|{_WITHDRAWN}",
    re.IGNORECASE,
)
_DELAYS: Final = re.compile(rf"\b{_OUT}|{_WITHDRAWN}", re.IGNORECASE)
_DELAYING: Final = frozenset({"delay", "stay", "suspend", "withdraw"})
_SENTENCE: Final = re.compile(r"(?:;\s+|(?<!\bDoc)(?<!\bNo)(?<!\bNos)(?<!\b[A-Z])\.\s+(?=[A-Z“(]))")
_DOCUMENT: Final = re.compile(
    r"\bFR\s+Doc(?:ument)?\.?\s+(?:No\.?\s+)?(?P<number>[A-Z]?\d{1,4}-\d{1,6})", re.IGNORECASE
)
_CITATION: Final = re.compile(r"\b\d{2,3}\s+FR\s+\d{1,6}\b")
# "and delayed on March 1, 2024, at 89 FR 200 (FR Doc. 2024-2)" tells of a document of before.
_BEFORE: Final = re.compile(
    r",?\s*(?:and|as)?\s*(?:\w+\s+)?\b(?:delayed|corrected|amended|extended|stayed|suspended|postponed)\s+"
    r"(?:(?:on|by|at|in)\s+)(?:(?!\b(?:is|are)\b)[^;])*?\d+\s+FR\s+\d+\b(?:\s*\([^()]*\))?,?",
    re.IGNORECASE,
)
_SEVERAL: Final = re.compile(r"\b(?:rules|documents|are)\b", re.IGNORECASE)
_ANOTHER_DATE: Final = re.compile(r"\b(?:compliance|applicability|comments?)\b", re.IGNORECASE)
_OF_A_RULE: Final = re.compile(r"\brule\b.{0,60}\bpublished\b", re.IGNORECASE)
_INSTRUCTIONS: Final = re.compile(
    r"\binstructions?\s+(?:nos?\.\s*)?(?P<labels>\d{1,3}[\w.]*(?:(?:\s*,\s*and\s+|\s*,\s*|\s+and\s+|\s+through\s+|\s+to\s+)"
    r"(?:instructions?\s+)?\d{1,3}[\w.]*)*)(?P<deeper>\s?\()?",
    re.IGNORECASE,
)
_INSTRUCTION: Final = re.compile(r"\binstructions?\b", re.IGNORECASE)
_LABEL: Final = re.compile(r"\d{1,3}[a-z]?(?:\.[a-z]{1,4})*")
_ENTRY: Final = re.compile(
    r"\b(?:entr(?:y|ies)|entit(?:y|ies)|persons?|additions?|removals?|revisions?|listings?)\b", re.IGNORECASE
)
_CHANGES_OF: Final = re.compile(
    r"\b(?:amendments?|changes?)\s+(?:to|of)\b|\bsupp(?:lements?\b|\.)|\bsections?\b|§", re.I
)
_TO_A_UNIT: Final = re.compile(r"\b(?:to|of|in)\s+(?:supp(?:lements?\b|\.)|sections?\b|§)", re.IGNORECASE)
_UNCLEAR: Final = re.compile(
    r"\b(?:certain|only|some|portions?|parts?\s+of\s+the|paragraphs?|provisions?|headings?|with\s+respect\s+to|insofar|"
    r"as\s+(?:to|applied)|except|other\s+than|excluding|apart\s+from|but\s+not|not)\b",
    re.IGNORECASE,
)
_THE_WHOLE: Final = re.compile(r"\b(?:rule|rules|document|FR)\b", re.IGNORECASE)
_UNDER: Final = re.compile(r"\b(?:under|destinations?\s+of)\s+(?:the\s+)?$", re.IGNORECASE)
_TITLED: Final = re.compile(r"\b(?:en)?titled\s*,?\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Delay:
    """A delay of a document's changes.

    Attributes:
        document: the rule delayed, its document number or else its citation.
        until: until when; ``None`` for a delay without an end and for a withdrawal: it takes effect on no known day.
        words: the sentence.
        instructions: the numbers of its instructions that are delayed, each with those below it; none for all of them.
        destination: the destination whose entries are delayed; ``None`` for all.
        country_as_printed: that in the document's words.
        entry_name: the entry that is delayed; ``None`` for all.
        instruction: the instruction that says so; ``None`` where the DATES section does.
    """

    document: str
    until: date | None
    words: str
    instructions: tuple[str, ...] = ()
    destination: Destination | None = None
    country_as_printed: str | None = None
    entry_name: str | None = None
    instruction: Instruction | None = field(default=None, compare=False)


@dataclass(frozen=True)
class DelaysRead:
    """The delays of a document, and the sentences on delays that are not understood: where, and why."""

    delays: tuple[Delay, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()


def read_delays(dates_text: str, cfr_references: Sequence[str], instructions: Sequence[Instruction]) -> DelaysRead:
    """Read which rules on part 744 a document delays, stays or withdraws before they take effect.

    Args:
        dates_text: the words of its DATES section.
        cfr_references: the parts that the document concerns; a document on other parts delays nothing here.
        instructions: its amendatory instructions; one on part 744 tells that the document concerns it, too, and one
            that names another document may delay it.
    """
    if _PART not in cfr_references and not any(one.cfr_part == "744" for one in instructions):
        return DelaysRead()
    delays: dict[Delay, None] = {}
    unread: list[tuple[str, str]] = []
    sources: list[tuple[str, Instruction | None]] = [(dates_text, None)]
    sources += [(one.body, one) for one in instructions if _DELAYING & set(one.verbs) and _names_a_document(one.masked)]
    for words, said_by in sources:
        for sentence in sentences(in_one_form(plain_dashes(words))):
            try:
                delays |= dict.fromkeys(_of_sentence(sentence, said_by))
            except _UnclearError as reason:
                unread.append((said_by.location if said_by else "DATES", f"{reason}: {sentence:.300}"))
    return DelaysRead(tuple(delays), tuple(unread))


class _UnclearError(Exception):
    """A sentence on a delay that does not say plainly what is delayed, or until when."""


def _names_a_document(words: str) -> bool:
    return _DOCUMENT.search(plain_dashes(words)) is not None or _CITATION.search(words) is not None


def sentences(words: str) -> Iterator[str]:
    """Yield sentences; points within quotation marks end none."""
    bare = masked(words)
    start = 0
    for match in _SENTENCE.finditer(bare):
        yield words[start : match.start() + 1]
        start = match.end()
    yield words[start:]


def tells_of_delay(bare: str) -> bool:
    """Whether a sentence, its quoted words blanked out, says that something is delayed, stayed or withdrawn."""
    return _DELAYS.search(bare) is not None


def labels_named(bare: str) -> tuple[str, ...]:
    """Return the numbers of the instructions that words name; none where they are not plainly numbers."""
    try:
        return _labels(bare)
    except _UnclearError:
        return ()


def _of_sentence(sentence: str, said_by: Instruction | None) -> list[Delay]:
    """Read the delays of a sentence; each with what stands before its end, the last with what follows it, too."""
    bare = masked(sentence)
    if not tells_of_delay(bare) or (_ANOTHER_DATE.search(bare) and "effective" not in bare.lower()):
        return []
    ends = list(_END.finditer(bare))
    if not ends:
        if _documents(bare) or _OF_A_RULE.search(bare):
            raise _UnclearError("a delay whose end is not read")
        return []
    found: list[Delay] = []
    start = 0
    documents: list[str] = []
    for end in ends:
        until = len(sentence) if end is ends[-1] else end.end()
        part, bare_part = sentence[start:until], bare[start:until]
        start = until
        documents = _documents(bare_part) or documents
        if not documents:
            if _OF_A_RULE.search(bare_part):
                raise _UnclearError("a delay of a rule that is named by neither number nor page")
            continue
        if len(documents) > 1 and not _SEVERAL.search(bare_part):
            raise _UnclearError("a delay that names several documents")
        day = read_date(end["day"]) if end["day"] else None
        parts = list(_parts(part, bare_part))
        if len(documents) > 1 and parts != [_Part()]:
            raise _UnclearError("a delay of parts of several documents")
        for document in documents:
            found += [
                Delay(document, day, sentence, one.instructions, one.destination, one.printed, one.entry, said_by)
                for one in parts
            ]
    return found


def _documents(bare: str) -> list[str]:
    """Return the documents that a sentence delays: by number, or by citation where it has no numbers."""
    told = _BEFORE.sub(" ", bare)
    numbers = [match["number"] for match in _DOCUMENT.finditer(told)]
    return list(dict.fromkeys(numbers or [" ".join(match[0].split()) for match in _CITATION.finditer(told)]))


@dataclass(frozen=True)
class _Part:
    instructions: tuple[str, ...] = ()
    destination: Destination | None = None
    printed: str | None = None
    entry: str | None = None


def _parts(words: str, bare: str) -> Iterator[_Part]:
    """Yield what of a document is delayed; one empty part for the whole of it.

    Raises:
        _UnclearError: a part is meant, and neither instructions nor entries say which.
    """
    if _UNCLEAR.search(bare):
        raise _UnclearError("which part of the rule is delayed is not read")
    labels = _labels(bare)
    names, places = _entries(words, bare)
    whole = _THE_WHOLE.search(bare)
    subject = bare[: whole.start()] if whole else bare
    if _ENTRY.search(subject) and not names and not places:
        raise _UnclearError("which entries are delayed is not read")
    if (_CHANGES_OF.search(subject) or _TO_A_UNIT.search(bare)) and not (labels or names or places):
        raise _UnclearError("which of the rule's amendments are delayed is not read")
    if len({or_as_printed(place) for place in places}) > 1 and names:
        raise _UnclearError("which entry is delayed under which destination is not read")
    for place in places or (None,):
        for name in names or (None,):
            yield _Part(labels, or_as_printed(place) if place else None, place, name)


def _labels(bare: str) -> tuple[str, ...]:
    """Return the numbers of the instructions that a sentence names."""
    labels: list[str] = []
    for match in _INSTRUCTIONS.finditer(bare):
        labels += (named := instruction_labels(match["labels"]))
        if match["deeper"] or not named or not all(_LABEL.fullmatch(label) for label in named):
            raise _UnclearError("which instructions are delayed is not read")
    if _INSTRUCTION.search(_INSTRUCTIONS.sub(" ", bare)):
        raise _UnclearError("which instructions are delayed is not read")
    return tuple(dict.fromkeys(labels))


def _entries(words: str, bare: str) -> tuple[list[str], list[str]]:
    """Return the names of entries and the destinations that a sentence names."""
    names: list[str] = []
    places = [printed for start, _, printed in mentions(bare) if _UNDER.search(bare[:start])]
    for match in QUOTED.finditer(words):
        quoted, lead = match[0].strip('“”‘’" ,;'), bare[: match.start()]
        if destination(quoted) is not None:
            places.append(quoted)
        elif _ENTRY.search(lead):
            names.append(quoted_name(quoted))
        elif not _TITLED.search(lead):
            raise _UnclearError(f"what “{quoted:.60}” is in it is not read")
    return names, list(dict.fromkeys(places))
