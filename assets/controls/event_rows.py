"""A document under reading, and its rows of ``restriction_events`` and problems as they are found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from lxml import etree

from assets.controls.event_dates import EventDates, event_dates
from assets.controls.event_parts import covers
from assets.controls.statements import Statement, statements
from assets.federal_register.dates import Effect
from assets.federal_register.document import first_known, read_preamble
from assets.federal_register.full_text import AMENDING_ROOTS, SOURCE
from assets.federal_register.instructions import Instruction, read_instructions
from resources.documents import Row, SourceError

_SENTENCE_LETTERS: Final = 4000


@dataclass(frozen=True)
class Document:
    """A document under reading: its row of ``fr_documents``, its full text, and what is read from that."""

    row: Row
    root: etree._Element | None
    statements: list[Statement]
    dates: EventDates
    instructions: list[Instruction]

    @property
    def number(self) -> str:
        """The document's number."""
        return str(self.row["document_number"])

    @property
    def known_from(self) -> date:
        """First day on which the world could know it."""
        return first_known(self.dates.filed, self.row["publication_date"])

    @property
    def is_proposed(self) -> bool:
        """Whether it stands among the proposed rules."""
        return self.row["document_type"] == "Proposed Rule" or (self.root is not None and self.root.tag == "PRORULE")

    @cached_property
    def printed_effect(self) -> Effect:
        """Its days of effect as its full text prints them."""
        return read_preamble(self.root, self.row["publication_date"]).effect if self.root is not None else Effect()

    def is_without_day(self, label: str | None) -> bool:
        """Whether DATES gives days to other instructions only."""
        effect = self.printed_effect
        return effect.is_of_parts and not any(
            covers(f"instruction {other}", label, "", "") for other in effect.by_instruction
        )

    @cached_property
    def effect(self) -> tuple[date | None, str | None]:
        """Its day of effect as a whole, and where that was read; none of a proposed rule."""
        if self.is_proposed:
            return None, None
        if self.printed_effect.first is not None:
            return self.printed_effect.first, "dates_text"
        if self.row["document_type"] == "Notice":  # the API gives meetings' days, too
            return None, None
        return self.row["effective_date"], self.row["effective_date_source"]

    def first(self, section: str) -> Statement:
        """Return its first sentence in a section; without one, its first of all."""
        return next((one for one in self.statements if one.section == section), self.statements[0])


def read_document(root: etree._Element | None, row: Row) -> Document:
    """Read what a document says of itself and its instructions.

    Args:
        root: its parsed full text; ``None`` if that is not held.
        row: its row of ``fr_documents``.
    """
    said = statements(root, row)
    dates_text = " ".join(one.text for one in said if one.section == "dates")
    instructions: list[Instruction] = []
    if root is not None and root.tag in AMENDING_ROOTS | {"PRORULE"}:
        instructions = read_instructions(root, read_preamble(root, row["publication_date"]).effect)
    return Document(row, root, said, event_dates(dates_text, root), instructions)


class EventRows:
    """Rows, problems and figures of one document, as they are found."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.rows: list[Row] = []
        self.problems: list[SourceError] = []
        self.metrics: Counter[str] = Counter()

    def new(self, kind: str, statement: Statement, effective: date | None, source: str | None) -> Row:
        """Return a row of the document as a whole, with all its dates; it is added by the caller."""
        document = self.document
        row = document.row
        closes = document.dates.comments_close or row["comments_close_date"]
        return {
            "document_number": document.number,
            "publication_date": row["publication_date"],
            "month": f"{row['publication_date']:%Y-%m}",
            "event_index": 0,
            "source": SOURCE,
            "kind": kind,
            "subject_type": "document",
            "subject": document.number,
            "unit": None,
            "destinations": [],
            "items": [],
            "end_uses": [],
            "filed_date": document.dates.filed,
            "known_from": document.known_from,
            "effective_date": effective,
            "effective_date_source": source if effective is not None else None,
            "effective_before_publication": effective is not None and effective < row["publication_date"],
            "effective_until": None,
            "compliance_date": None,
            "comments_close_date": closes,
            "affects_documents": [],
            "affects_citations": [],
            "entries": None,
            "amendment_index": None,
            "amendment_label": None,
            "companies": [],
            "amount_usd": None,
            "amount_sentence": None,
            "scope": None,
            "sentence": statement.text[:_SENTENCE_LETTERS],
            "location": statement.location,
            "citation": row["citation"],
            "title": row["title"],
            "url": row["html_url"],
            "source_sha256": row["xml_sha256"] if document.root is not None else None,
            "needs_review": False,
            "review_reason": None,
        }

    def marked(self, row: Row, place: str, reason: str) -> None:
        """Mark a row for review and report why, once for the document."""
        self.review(row, reason)
        if not any(problem.reason == reason for problem in self.problems):
            self.problem(place, reason)

    @staticmethod
    def review(row: Row, reason: str) -> None:
        """Mark a row for review."""
        row["needs_review"] = True
        if reason not in (row["review_reason"] or ""):
            row["review_reason"] = "; ".join(filter(None, [row["review_reason"], reason]))

    def problem(self, place: str, reason: str) -> None:
        """Report a problem of the document."""
        self.problems.append(SourceError(SOURCE, self.document.number, place, reason))


def unique(values: Iterable[str | None]) -> list[str]:
    """Return values that are there, each once, in their order."""
    return list(dict.fromkeys(value for value in values if value))
