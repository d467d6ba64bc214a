"""The license requirement cell of a list entry: which items need a license, and what is excepted.

A cell names the items (``For all items subject to the EAR``, ``For items on the CCL …``) and then, in any order, the
sections of the EAR it rests on, a condition, exceptions and remarks. It is read piece by piece from its beginning; a
cell with a piece that is none of these is not understood, and nothing of it is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

# Supplement No. 4 to part 744, footnotes 1 and 3 to 5: the section under which foreign-produced items are subject to
# the EAR for an entity with that mark. Footnote 2 excludes disclosures for cybersecurity and triggers no such rule.
FOREIGN_DIRECT_PRODUCT_RULES: Final[dict[str, str]] = {
    "1": "734.9(e)(1)",
    "3": "734.9(g)",
    "4": "734.9(e)(2)",
    "5": "734.9(e)(3)",
}

Scope = Literal["all_items", "listed_items"]


@dataclass(frozen=True)
class LicenseRequirement:
    """What a license requirement cell says.

    Attributes:
        scope: ``all_items`` (subject to the EAR) or ``listed_items``.
        items: for listed items what names them: ECCNs, ``CCL``, ``EAR99``, supplements; nothing is expanded.
        condition: the words that narrow the scope or one of the items (``when used in projects specified in …``).
        exceptions: items or transactions that need no license under the entry, in the words of the cell.
        license_exceptions: symbols of the License Exceptions that may be used (``GOV``).
        license_exception_terms: on what terms, in the words of the cell (``under § 740.11(b)(2) and (e)``).
        extends_worldwide: whether the requirement holds wherever the entity is located.
        sections: sections of the EAR on which the requirement rests (``744.11``, ``734.9(g)``), each once, in order.
            Sections named in exceptions and in the terms of License Exceptions are not among them.
        notes: sentences that define a term of the cell.
        understood: whether the whole cell was read. If not, all other fields are empty.
    """

    scope: Scope | None = None
    items: tuple[str, ...] = ()
    condition: str | None = None
    exceptions: tuple[str, ...] = ()
    license_exceptions: tuple[str, ...] = ()
    license_exception_terms: str | None = None
    extends_worldwide: bool = False
    sections: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    understood: bool = False


# Section numbers have at most two digits; "744.2l" is a misprint of "744.21".
_SECTION: Final = re.compile(
    r"(?P<section>7[3-7]\d\.[1-9][\dl]?)(?![\dl.])"
    r"(?P<levels>(?: ?\((?:[a-z]{1,5}|[A-Z]|\d{1,2})\)){1,6}|[a-k](?![a-z]))?"
)
_LEVEL: Final = re.compile(r"\(\w+\)")
_BARE_LEVELS: Final = re.compile(r"(?:\((?:[a-z]{1,5}|[A-Z]|\d{1,2})\)){1,6}")
# What may stand between cited sections and after them. A single digit is a footnote mark glued to the text.
_FILLER: Final = re.compile(
    r"[\s,;.)(§&]|(?:and|or|part|of the EAR|of this part)(?![a-z])|[1-9](?!\w|\.\d)|[1-9](?=7[3-7]\d\.)", re.IGNORECASE
)
_CITATION: Final = re.compile(r"[(\[]? ?(?:see?\b ?(?:also )?(?:part ?)?(?=§|7\d\d\.)|§)", re.IGNORECASE)

_HEAD: Final = re.compile(
    r"(?:for )?(?:(?:all|any) )?(?:other )?items?,? (?:that are )?subject to (?:the )?EAR(?![A-Za-z]|99)", re.IGNORECASE
)
_LISTED_HEAD: Final = re.compile(r"(?:for )?(?:(?:all|any) )?(?=items? |ECCN|CCL|EAR99|\d[A-E]\d{3})", re.IGNORECASE)
_SUPPLEMENT: Final = r"supplement no\. ?\d{1,2} to (?:this )?part(?: \d{3})?"
_UNIT: Final = re.compile(
    r"[,;]? ?(?:and |or )?(?:for )?(?:all |any )?(?:other )?(?:items? )?(?:subject to the EAR )?(?:that are )?"
    r"(?:(?:listed|described|specified|controlled|classified|designated|identified) )?(?:(?:on|in|under|as|by) )?"
    r"(?:the )?(?:(?:Export Control Classification Numbers?|ECCNs?):? (?:\(ECCNs?\) )?)?"
    rf"(?P<target>CCL|Commerce Control List(?: \(CCL\))?|EAR99|{_SUPPLEMENT}|category \d(?: part \d)?|"
    r"\d[A-E]\d{3}(?:\.\w{1,3}){0,6})(?!\w)(?: items?(?!\w))?(?: of the EAR(?!\w))?",
    re.IGNORECASE,
)
_FROM_SUPPLEMENT: Final = re.compile(rf"(?:EAR99 items )?listed in {_SUPPLEMENT}", re.IGNORECASE)
_CONDITION: Final = re.compile(
    r"(?=(?:when|where|if|having|destined|used|controlled|classified|described|designated|listed|specified|"
    r"that (?:is|are)|to be used|for use|for [^.;()]{1,60} reasons?)\b)",
    re.IGNORECASE,
)
_EXCEPT: Final = re.compile(
    r"(?:except(?:ing)?|apart from|other than|excluding|with the exception of)(?: ?[1-9](?= for\b))?(?: for\b)?:? ",
    re.IGNORECASE,
)
_MAY_USE: Final = re.compile(
    r"(?:This|These) license requirements? may be overcome by License Exceptions? "
    r"(?P<symbols>[A-Z]{3}(?:(?:,| and| or) [A-Z]{3}){0,9})(?![A-Za-z])"
)
_WORLDWIDE: Final = re.compile(
    r"The license requirements? under this entry also extends? to any export, reexport,? (?:and|or) transfer "
    r"\(in-country\) to the entity wherever located(?: worldwide)?",
    re.IGNORECASE,
)
_NOTE: Final = re.compile(r"(?=\w+ does not include )", re.IGNORECASE)
_NEXT: Final = (
    r"[(\[]see? ?§{0,2} ?7(?:34|36|44|46)\.|(?:\.\)? ?|\) ?)(?:(?:this|these|the) license requirements?\b|see ?§|"
    r"\w{1,30} does not include\b)"
)
# Where words of a condition or of an exception end. Sections of other parts than those of the requirement belong to
# the words: "a “standards organization” (see § 772.1)".
_END: Final = re.compile(_NEXT, re.IGNORECASE)
_END_OF_CONDITION: Final = re.compile(rf"{_NEXT}|,? (?:except|apart from)\b", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"[\s,;.)\]]|[1-9](?!\w|\.\d)|of the EAR(?!\w)", re.IGNORECASE)
_OF_ANOTHER_COLUMN: Final = re.compile(
    r"\b(?:presumption|policy of|case-by|review|\d{2,3} FR \d)\b|\d/\d{1,2}/\d\d", re.IGNORECASE
)
# "… EAR99. Another sentence"; not "U.S. Government" and "No. 11".
NEXT_SENTENCE: Final = re.compile(r"[a-z0-9)]{2}\. (?=[A-Z])")
_OF_THE_EAR: Final = " of the EAR"


@cache
def read_requirement(words: str | None) -> LicenseRequirement:
    """Read a license requirement cell; footnote marks may be taken out or still glued to the text.

    Never raises. A cell that is empty or that is not wholly read has ``understood`` false and no other values.
    """
    plain = re.sub(r"\bEAR 99\b", "EAR99", " ".join((words or "").split()))
    reader = _Reader(plain)
    return reader.result() if plain and reader.read() else LicenseRequirement()


def cited_sections(words: str, at: int) -> tuple[int, tuple[str, ...]]:
    """Read the citation of sections that begins at a place (``See §§ 744.2(d) and 744.3(d) of this part``).

    Args:
        words: text with single spaces; footnote marks and misprints of numbers are allowed for.
        at: where the citation begins: at its bracket, ``See`` or section sign.

    Returns:
        Where it ends, and its sections in order. No sections: there is no citation, and the end is ``at``.
    """
    introduction = _CITATION.match(words, at)
    end, sections = _sections(words, introduction.end()) if introduction else (at, ())
    return (end, sections) if sections else (at, ())


def citation_starts(words: str) -> list[int]:
    """Return the places where a citation introduced by ``See`` may begin."""
    return [match.start() for match in re.finditer(r"[(\[]?\bsee?\b ?(?:also )?(?=§|7\d\d\.)", words, re.IGNORECASE)]


def _sections(words: str, at: int) -> tuple[int, tuple[str, ...]]:
    sections: list[str] = []
    levels: list[str] = []
    section = ""
    while at < len(words):
        if match := _SECTION.match(words, at):
            section = match["section"].replace("l", "1")
            printed = (match["levels"] or "").replace(" ", "")
            levels = _LEVEL.findall(printed) or ([f"({printed})"] if printed else [])
            sections.append(section + "".join(levels))
        elif section and (match := _BARE_LEVELS.match(words, at)):
            # "§ 740.11(b)(2) and (e)", "§ 746.8(a)(3) and (4)": a letter replaces the first level, a number the second.
            kept = levels[:1] if match[0][1].isdigit() else []
            levels = [*kept, *_LEVEL.findall(match[0])]
            sections.append(section + "".join(levels))
        elif not (match := _FILLER.match(words, at)):
            break
        at = match.end()
    return at, tuple(sections)


class _Reader:
    def __init__(self, words: str) -> None:
        self._words = words
        self._at = 0
        self._scope: Scope = "all_items"
        self._items: list[str] = []
        self._conditions: list[str] = []
        self._exceptions: list[str] = []
        self._symbols: list[str] = []
        self._terms: str | None = None
        self._worldwide = False
        self._sections: list[str] = []
        self._notes: list[str] = []

    def read(self) -> bool:
        """Read the whole cell; say whether that was possible."""
        if not self._head():
            return False
        while self._at < len(self._words):
            if match := _BETWEEN.match(self._words, self._at):
                self._at = match.end()
            elif not (self._citation() or self._remark() or self._limit()):
                return False
        return True

    def result(self) -> LicenseRequirement:
        return LicenseRequirement(
            scope=self._scope,
            items=tuple(dict.fromkeys(self._items)),
            condition="; ".join(self._conditions) or None,
            exceptions=tuple(self._exceptions),
            license_exceptions=tuple(self._symbols),
            license_exception_terms=self._terms,
            extends_worldwide=self._worldwide,
            sections=tuple(dict.fromkeys(self._sections)),
            notes=tuple(self._notes),
            understood=True,
        )

    def _head(self) -> bool:
        if head := _HEAD.match(self._words):
            self._at = head.end()
            if re.match(r" (?:that are )?(?:listed|described|specified|identified)\b", self._words[self._at :]):
                self._listing()
            return True
        if head := _LISTED_HEAD.match(self._words):
            self._at = head.end()
            return self._listing()
        return False

    def _listing(self) -> bool:
        start = self._at
        while unit := _UNIT.match(self._words, self._at):
            target = unit["target"]
            self._items.append("CCL" if target.lower().startswith(("ccl", "commerce")) else target)
            self._at = unit.end()
        if not self._items:
            return False
        self._scope = "listed_items"
        listed = _FROM_SUPPLEMENT.search(self._words, start, self._at)
        if listed and len(self._items) > 1:
            # Which of the items the supplement narrows is a matter of the words: they are kept.
            self._conditions.append(listed[0])
        return True

    def _citation(self) -> bool:
        end, sections = cited_sections(self._words, self._at)
        self._sections += sections
        self._at = end
        return bool(sections)

    def _remark(self) -> bool:
        if match := _WORLDWIDE.match(self._words, self._at):
            self._worldwide = True
            self._at = match.end()
        elif match := _MAY_USE.match(self._words, self._at):
            self._symbols += re.findall(r"\b[A-Z]{3}\b", match["symbols"])
            self._at = match.end()
            terms = self._until(_END)
            self._terms = terms or None
            return not terms or (terms.startswith(("under ", "when ", "for ", "if ", "in ")) and _is_one_clause(terms))
        elif _NOTE.match(self._words, self._at):
            note = self._until(_END)
            self._notes.append(note)
            return _is_one_clause(note)
        else:
            return False
        return True

    def _limit(self) -> bool:
        if match := _EXCEPT.match(self._words, self._at):
            self._at = match.end()
            printed = self._until(_END)
            pieces = [piece.strip(" —–,;") for piece in re.split(r"; ?(?:and|or)\b", printed)]
            self._exceptions += [piece for piece in pieces if piece]
        elif _CONDITION.match(self._words, self._at):
            printed = self._until(_END_OF_CONDITION)
            self._conditions.append(printed.removesuffix(_OF_THE_EAR))
            # The sections a condition names are those the requirement rests on.
            at = printed.find("§")
            while at >= 0:
                end, sections = _sections(printed, at + 1)
                self._sections += sections
                at = printed.find("§", end)
        else:
            return False
        return bool(printed) and _is_one_clause(printed)

    def _until(self, end: re.Pattern[str]) -> str:
        """Take the words up to the next piece of the cell."""
        match = end.search(self._words, self._at)
        stop = match.start() if match else len(self._words)
        printed = self._words[self._at : stop].strip(" ,;")
        self._at = stop
        return printed.removesuffix(".").strip(" ,;")


def _is_one_clause(words: str) -> bool:
    return _OF_ANOTHER_COLUMN.search(words) is None and NEXT_SENTENCE.search(words) is None
