"""Documents as other documents name them: by number, citation, title and day; and which of those held they are.

A document is named by its number ("In FR Doc. 2022-12345"), by citation ("(87 FR 62186, October 13, 2022)"), or by
title and day ("On January 16, 2025, BIS published … “…” (January 16 IFR)"), and later by the short name that the
sentence gives it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from assets.federal_register.dates import DATE, in_one_form, read_date
from assets.federal_register.full_text import document_number, plain_dashes
from resources.documents import Row

_CITATION: Final = re.compile(r"\b(\d{2,3})\s+FR\s+(\d{1,6})\b")
_NUMBER: Final = re.compile(
    r"\b(?:FR\s+Doc(?:ument)?\.?|(?:rule"
    r"|notice)\s+document)\s+(?:No\.?\s*)?(?P<number>(?:[CRX]\d+-)?[A-Z]?\d{1,4}-\d{1,6})\b",
    re.IGNORECASE,
)
_TITLE: Final = re.compile(r"[“\"]([A-Z][^“”\"]{24,500})[”\"]")
# The short name that follows a document: (January 16 IFR), (hereinafter, the “October 7 IFR”), (February 24th rule).
_SHORT_NAME: Final = re.compile(
    r"\((?:herein(?:after|),?\s*)?(?:(?:referred\s+to\s+as|or)\s+)?(?:the\s+)?[“\"]?"
    r"(?P<name>(?!R[Ii]N\b)(?:[\w/&.-]+\s+){1,5}(?:IFR|[Rr]ule|FR|[Oo]rder|[Nn]otice))[”\"]?\)"
)
_PUBLISHED: Final = re.compile(
    rf"\bOn\s+(?P<before>{DATE})[^.;]{{0,120}}?\b(?P<how>published|issued|released|posted|amended)\b"
    rf"|\b(?P<how2>published|appeared|issued|released)\b(?:(?!{DATE}|\b(?:is|are|as\s+of|effective|until|through)\b)"
    rf"[^.;“\"]){{0,80}}?\s(?:\w+day,\s+)?(?P<after>{DATE})"
    rf"|\b(?:issue\s+of|Federal\s+Register\s+of)\s+(?:\w+day,\s+)?(?P<issue>{DATE})",
    re.IGNORECASE,
)
# A rule named by its day alone.
_RULE_OF_A_DAY: Final = re.compile(
    rf"\b(?:interim\s+final\s+)?rules?\s+(?:\(IFRs?\)\s+)?of\s+(?P<day>{DATE})"
    r"|\b(?:published|released|issued)\s+(?:in\s+the\s+Federal\s+Register\s+)?(?:an?|the"
    r"|two)\s+(?:\w+\s+){0,3}?rules?\b"
    r"|\brules?\s+(?:that\s+was\s+)?published\b",
    re.IGNORECASE,
)
CITED: Final = re.compile(rf"{_CITATION.pattern}|{_NUMBER.pattern}", re.IGNORECASE)
"""A document's citation or number."""
MAY_NAME: Final = re.compile(r"FR\b|[“\"]|\brules?\b")  # the others are most, and reading dates takes time
_INTERIM: Final = re.compile(r"\binterim\s+final\b|\bIFRs?\b", re.IGNORECASE)
_DATE_BY_CITATION: Final = re.compile(rf"^,?\s*\(?(?:\s*at\s*)?({DATE})", re.IGNORECASE)
_DATE_BEFORE_CITATION: Final = re.compile(rf"({DATE}),?\s*(?:\(|at\s+)$", re.IGNORECASE)
_LONG_TITLE: Final = 40
_RELEASED_BEFORE: Final = timedelta(days=30)


@dataclass(frozen=True)
class Named:
    """An earlier document as a sentence names it; what it does not say is empty.

    ``is_publication`` says that the day is the one of publication, not of release; ``is_interim`` that it is called an
    interim final rule.
    """

    number: str | None = None
    citation: str | None = None
    title: str | None = None
    day: date | None = None
    is_publication: bool = False
    short_name: str | None = None
    is_interim: bool = False

    @property
    def is_day_alone(self) -> bool:
        """Whether nothing but a day names it."""
        return self.number is None and self.citation is None and self.title is None

    @property
    def words(self) -> str:
        """The document as named, for a message."""
        return ", ".join(filter(None, [self.number, self.citation, self.title, f"{self.day}" if self.day else None]))


@dataclass(frozen=True)
class Resolved:
    """The document that :class:`Named` is, or why it cannot be told, with both values where they disagree."""

    number: str | None
    citation: str | None
    trouble: str | None = None
    candidates: tuple[str, ...] = ()


class KnownDocuments:
    """The documents held, found by number, citation or title.

    Args:
        documents: rows of ``fr_documents``, of all months.
    """

    def __init__(self, documents: Iterable[Row]) -> None:
        self._by_number: dict[str, list[Row]] = defaultdict(list)
        self._by_citation: dict[str, list[Row]] = defaultdict(list)
        self._by_title: dict[str, list[Row]] = defaultdict(list)
        self._by_day: dict[date, list[Row]] = defaultdict(list)
        self._by_effect: dict[date, list[Row]] = defaultdict(list)
        for row in documents:
            self._by_number[row["document_number"]].append(row)
            if row["citation"]:
                self._by_citation[row["citation"]].append(row)
            self._by_title[title_key(row["title"])].append(row)
            self._by_day[row["publication_date"]].append(row)
            if row["effective_date"] is not None:
                self._by_effect[row["effective_date"]].append(row)

    def resolve(self, named: Named, of: Row) -> Resolved:
        """Return the document named in ``of``; it is older, or of the same day."""
        found, how = self._find(named, of)
        if len(found) != 1:
            many = ", ".join(sorted(row["document_number"] for row in found))
            why = f"may be {many}" if found else "is not among the documents held"
            candidates = tuple(row["document_number"] for row in found)
            return Resolved(named.number, named.citation, f"{named.words or 'the document'} {why}", candidates)
        row = found[0]
        trouble = None
        if named.is_publication and named.day is not None and named.day != row["publication_date"]:
            trouble = (
                f"{named.words} is {row['document_number']} by {how}, which was published on {row['publication_date']}"
            )
        elif how == "number" and named.citation and row["citation"] and not _within(named.citation, row["citation"]):
            trouble = f"{named.words} is {row['document_number']} by number, whose citation is {row['citation']}"
        elif how == "day":
            trouble = f"{named.words} is {row['document_number']} by its day alone"
            return Resolved(row["document_number"], row["citation"], trouble, (row["document_number"],))
        return Resolved(row["document_number"], row["citation"] or named.citation, trouble)

    def titles_within(self, title: str, before: date) -> list[Row]:
        """Return documents whose long title stands within another, published until that day."""
        own = title_key(title)
        found = [
            rows[0]
            for key, rows in self._by_title.items()
            if len(rows) == 1 and len(key) >= _LONG_TITLE and f" {key} " in f" {own} " and key != own
            if rows[0]["publication_date"] <= before
        ]
        return [
            row
            for row in found
            if not any(row is not other and title_key(row["title"]) in title_key(other["title"]) for other in found)
        ]

    def _find(self, named: Named, of: Row) -> tuple[list[Row], str]:
        if named.number is not None:
            return self._older(self._by_number[named.number], of), "number"
        if named.citation is not None and (rows := self._older(self._by_citation[named.citation], of)):
            return rows, "citation"
        if named.title is not None and (rows := self._by_its_title(named, of)):
            return rows, "title"
        if named.is_day_alone and named.day is not None:
            rows = self._older(self._by_day[named.day], of)
            if not rows and not named.is_publication:
                rows = self._older(self._by_effect[named.day], of)
            own = title_key(of["title"])
            if same := [row for row in rows if f" {title_key(row['title'])} " in f" {own} "]:
                return same, "title"
            rules = [row for row in rows if row["document_type"] == "Rule"]
            interim = [row for row in rules if "interim" in (row["action"] or "").lower()]
            return (interim if named.is_interim else rules), "day"
        return [], ""

    def _by_its_title(self, named: Named, of: Row) -> list[Row]:
        """Find by title; a sentence may leave the title's last parts out."""
        key = title_key(named.title or "")
        rows = self._older(self._by_title[key], of)
        if not rows:
            longer = (
                rows for title, rows in self._by_title.items() if title.startswith(key) and len(key) >= _LONG_TITLE
            )
            rows = self._older([row for some in longer for row in some], of)
        if named.day is None or len(rows) < 2:
            return rows
        on_day = [row for row in rows if row["publication_date"] == named.day]
        if on_day or named.is_publication:
            return on_day
        return [row for row in rows if timedelta(0) <= row["publication_date"] - named.day <= _RELEASED_BEFORE]

    @staticmethod
    def _older(rows: Iterable[Row], of: Row) -> list[Row]:
        return [
            row
            for row in rows
            if row["publication_date"] <= of["publication_date"] and row["document_number"] != of["document_number"]
        ]


def named_in(sentence: str) -> list[Named]:
    """Return the documents a sentence names, in its order."""
    words = in_one_form(plain_dashes(sentence))
    anchors = sorted(
        [
            (match.start(), match.end(), "number", document_number(match["number"]) or "")
            for match in _NUMBER.finditer(words)
        ]
        + [(match.start(), match.end(), "citation", f"{match[1]} FR {match[2]}") for match in _CITATION.finditer(words)]
        + [
            (match.start(), match.end(), "title", match[1].strip(" ,."))
            for match in _TITLE.finditer(words)
            if _is_title(match[1])
        ]
    )
    day, is_publication = _day_told(words)
    named: list[Named] = []
    ends: list[int] = []
    for start, end, what, value in anchors:
        own = _DATE_BY_CITATION.match(words[end : end + 40]) if what == "citation" else None
        own_day = read_date(own[1]) if own else None
        before = _DATE_BEFORE_CITATION.search(words[max(0, start - 60) : start]) if what == "citation" else None
        told_day = (read_date(before[1]) if before else None) or day
        near = named and start - ends[-1] < 160 and getattr(named[-1], what) is None
        joined = (
            near and "citation" in (what, "citation" if named[-1].citation else "") and named[-1].short_name is None
        )
        joined = joined and not re.search(r"\band\b", words[ends[-1] : start])
        if joined:
            last = replace(named[-1], **{what: value})
            named[-1] = replace(last, day=own_day, is_publication=True) if own_day else last
            ends[-1] = end
        else:
            fields = {what: value}
            of_issue = own_day is not None or is_publication
            named.append(Named(**fields, day=own_day or told_day, is_publication=of_issue))
            ends.append(end)
        if short := _SHORT_NAME.search(words[end : end + 160]):
            following = [other for other in anchors if other[0] >= end]
            if not following or end + short.start() < following[0][0]:
                named[-1] = replace(named[-1], short_name=short["name"])
    if not named and (match := _RULE_OF_A_DAY.search(words)):
        day = read_date(match["day"]) if match["day"] else day
        if day is not None:
            short = _SHORT_NAME.search(words)
            interim = _INTERIM.search(match[0]) is not None
            named.append(
                Named(
                    day=day,
                    is_publication=is_publication and not match["day"],
                    short_name=short["name"] if short else None,
                    is_interim=interim,
                )
            )
    return named


def _day_told(words: str) -> tuple[date | None, bool]:
    """Return the day a sentence gives for a document, and whether it is the one of publication."""
    match = _PUBLISHED.search(words)
    if match is None:
        return None, False
    how = (match["how"] or match["how2"] or "published").lower()
    day = read_date(match["before"] or match["after"] or match["issue"])
    return day, how in ("published", "appeared") and day is not None


def _is_title(words: str) -> bool:
    """Whether quoted words are a document's title: most of its longer words begin with a capital."""
    longer = [word for word in re.findall(r"[A-Za-z][\w-]+", words) if len(word) > 3]
    return len(longer) > 2 and sum(word[0].isupper() for word in longer) * 2 > len(longer)


def title_key(title: str) -> str:
    """Return a title's words and numbers in small letters, by which titles are compared."""
    return " ".join(re.findall(r"[a-z0-9]+", plain_dashes(title).lower()))


def _within(cited: str, first: str) -> bool:
    """Whether a cited page can be one of a document that begins on another."""
    volume, page = cited.split(" FR ")
    of, begins = first.split(" FR ")
    return volume == of and 0 <= int(page) - int(begins) <= 300
