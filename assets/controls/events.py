"""The table ``restriction_events`` from the Federal Register: what each document did to a control, by its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from assets.controls.document_events import DocumentEvents, find_relations
from assets.controls.event_rows import EventRows, read_document
from assets.controls.instruction_events import InstructionEvents
from assets.controls.named_documents import KnownDocuments
from assets.federal_register.full_text import parse
from resources.documents import Parsed, Row, SourceError


def restriction_events(body: bytes | None, document: Row, known: KnownDocuments) -> Parsed:
    """Read what a document did to controls.

    Args:
        body: its full text as received; ``None`` if it is not held.
        document: its row of ``fr_documents``.
        known: the documents held, of all months, to which its citations lead.

    Returns:
        Rows of ``restriction_events``: one for each act of an instruction on one subject, then those about the document
        as a whole. Frames ("is amended as follows:") and instructions that only say where the text stands have none:
        those under or beside them are their events. Problems: instructions not understood, with their list; a citation
        that leads to no document or to another than it says; a rule without DATES section; an effect before the
        document could be known; two dates that disagree. The row is kept and marked ``needs_review``.

        ``metrics``: ``instructions``, ``instructions explained``, ``instructions not understood``, ``relations``,
        ``relations not resolved``, ``effective before publication``.

    Raises:
        SourceError: the body cannot be read (see :func:`assets.federal_register.full_text.parse`).
    """
    root = parse(body, document=document["document_number"]) if body is not None else None
    rows = EventRows(read_document(root, document))
    found = find_relations(rows, known)
    InstructionEvents(rows, found, known).read()
    DocumentEvents(rows, found).read()
    for index, row in enumerate(rows.rows, start=1):
        row["event_index"] = index
        effective = row["effective_date"]
        row["effective_before_publication"] = effective is not None and effective < row["publication_date"]
    return Parsed(rows.rows, rows.problems, dict(rows.metrics))


def merged(parts: Iterable[Parsed]) -> Parsed:
    """Put what several documents gave together; figures are added up."""
    rows: list[Row] = []
    problems: list[SourceError] = []
    metrics: Counter[str] = Counter()
    for part in parts:
        rows += part.rows
        problems += part.problems
        metrics.update(part.metrics)
    return Parsed(rows, problems, dict(metrics))
