"""What a document gives: rows, or an error that names the source, the document and the place in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

Row = dict[str, Any]
"""One row of a table, keyed by the column names of the table's contract."""


class SourceError(Exception):
    """A document (or a part of it) that cannot be read safely.

    Raised where nothing of the document can be used, collected in :class:`Parsed` where the rest of it can.
    Either way it becomes a row of the table ``quarantine``.

    Attributes:
        source: who published it: ``federal_register``, ``ecfr``, ``screening_list``, ``sec``, ``epoch``,
            ``fred``, ``newsroom``, ``news``; ``curated`` for our own reviewed files.
        document: its address or number, as the source names it.
        place: where in the document (element and line, JSON path, row), or ``""`` for the whole.
        reason: what is wrong, with the offending text where it is short.
        remedy: what an engineer can do about it.
        is_index: the document lists others (a search page, a filer's index, a feed), so that its loss
            can hide any number of documents; the night is not published with such a loss.
    """

    def __init__(
        self, source: str, document: str, place: str, reason: str, *, remedy: str = "", is_index: bool = False
    ) -> None:
        super().__init__(source, document, place, reason)
        self.source = source
        self.document = document
        self.place = place
        self.reason = reason
        self.remedy = remedy
        self.is_index = is_index

    def __str__(self) -> str:
        """Render source, document, place and remedy on one line."""
        place = f" at {self.place}" if self.place else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return " ".join(f"{self.source}: {self.document}{place}: {self.reason}{remedy}".split())


class TransientSourceError(SourceError):
    """The source did not answer this time: the same request may succeed later, so the run may be retried."""


@dataclass(frozen=True)
class Parsed:
    """Rows read from one document, and the parts of it that could not be read.

    ``metrics`` are figures about the whole that an engineer follows from night to night.
    """

    rows: list[Row] = field(default_factory=list)
    problems: list[SourceError] = field(default_factory=list)
    metrics: dict[str, float] = field(default_factory=dict)


def read_json(body: bytes, refused: Callable[[str, str], SourceError]) -> Any:
    """Read a body that must be JSON.

    Args:
        body: as received.
        refused: makes the error of this source from a place and a reason.

    Raises:
        SourceError: the body is empty, a page instead of JSON, or not JSON (with line and column).
    """
    head = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head:
        raise refused("", "the body is empty")
    if head.startswith(b"<"):
        raise refused("", "an HTML or XML page instead of JSON")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise refused(f"line {error.lineno} column {error.colno}", f"not JSON: {error.msg}") from error
