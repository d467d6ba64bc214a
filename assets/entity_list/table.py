"""List tables of a rule: the rows of its GPOTABLEs, put together into entries.

A table of the Entity List has five columns (country, entity, license requirement, license review policy, Federal
Register citation), one of the Unverified or the Military End-User List three (country, entity, citation). The country
stands in a row of its own (``ENT I="01"``) and holds for the rows below; an entry's row has an empty first cell; a row
with an entity cell only continues the entry above; rows of asterisks stand for what is not amended.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from lxml import etree

from assets.entity_list.citations import is_placeholder
from assets.entity_list.destinations import Destination, destination, or_as_printed
from assets.entity_list.lists import ENTITY_LIST, ControlList
from assets.federal_register.full_text import SOURCE, footnote_marks, lines, place, text, tidy
from resources.documents import SourceError

_STARS: Final = re.compile(r"[\s*•]*")
_SIGNS: Final = "*•"  # the first letter of tidy words that are nothing else; the empty word is in it, too
_TITLES: Final = re.compile(r"country|entity|listed\s+person(?:\s+and\s+address)?", re.IGNORECASE)
RESERVED: Final = re.compile(r"\[?\s*reserved\s*\]?\.?", re.IGNORECASE)
CONTINUED: Final = re.compile(r"\s*[—-]\s*continued$", re.IGNORECASE)
_HEADING: Final = "01"  # the mark (I) of a cell that heads the rows below
# How the last three cells begin or what they hold; the words of one column do not do for another.
_SHAPES: Final = (
    re.compile(r"(?:for\s+)?(?:all|any)\s+(?:other\s+)?items\b|for\s+items\b|items\s+subject\b", re.IGNORECASE),
    re.compile(
        r"(?:license\s+)?(?:policy|presumption|review\s+policy)\s+of\b|(?:reviewed\s+(?:on|under)\s+)?(?:a\s+)?case-by-case",
        re.IGNORECASE,
    ),
    re.compile(r"\d{2,3}\s*FR\b|(?:\d{2,3}\s*FR\s*)?\[\s*insert\b", re.IGNORECASE),
)
_IN_ORDER: Final = list(range(len(_SHAPES)))
_POLICY_BY_SECTION: Final = re.compile(r"see\s+§", re.IGNORECASE)


@dataclass
class TableEntry:
    """One entry as the table prints it. Cells have single spaces; footnote marks are taken out into ``footnotes``."""

    destination: Destination
    country_as_printed: str
    lines: list[str]
    license_requirement: str | None
    license_review_policy: str | None
    citation: str | None
    footnotes: list[str]
    element: etree._Element = field(repr=False)

    @property
    def citation_is_placeholder(self) -> bool:
        """Whether the page was not known yet when the rule was set (``[INSERT FR PAGE NUMBER …]``)."""
        return is_placeholder(self.citation or "")

    @property
    def text(self) -> str:
        """The entity cell, one printed line to a line."""
        return "\n".join(self.lines)


def read_tables(
    tables: Iterable[etree._Element], *, document: str, of: ControlList = ENTITY_LIST
) -> tuple[list[TableEntry], list[SourceError]]:
    """Read tables of a list that follow each other; a country holds until the next one, across tables.

    Returns:
        The entries in order, and the rows that fit none of the layouts, each as a problem.
    """
    reader = _TableReader(document, of.columns)
    for table in tables:
        for row in table.iter("ROW"):
            reader.take(row)
    return reader.entries, reader.problems


def is_list_table(table: etree._Element) -> bool:
    """Whether a table has a list's columns in its head, or the Entity List's five and destinations for headings."""
    head = [text(heading) for heading in table.iter("CHED")]
    rows = [[text(cell) for cell in row.findall("ENT")] for row in table.iter("ROW")]
    head += [cell for row in rows if row and _TITLES.fullmatch(row[0]) for cell in row]
    words = " | ".join(head)
    if all(
        re.search(rf"\b{column}", words, re.IGNORECASE) for column in ("country", "entity", r"license\s+requirement")
    ) or re.search(r"\blisted\s+person", words, re.IGNORECASE):
        return True
    widest = max((len(row) for row in rows), default=0)
    width = len(ENTITY_LIST.columns)
    is_wide = table.get("COLS", "").strip() == str(width) or widest == width
    return is_wide and any(row and destination(CONTINUED.sub("", row[0])) is not None for row in rows)


@lru_cache(maxsize=512)
def _shape(cell: str) -> int | None:
    """Return the column that a cell's words belong to; many entries of a rule have the same."""
    return next((column for column, shape in enumerate(_SHAPES) if shape.match(cell)), None)


def _one_line(lines: list[str]) -> str:
    return lines[0] if len(lines) == 1 else tidy(" ".join(lines))


class _TableReader:
    def __init__(self, document: str, columns: tuple[str, ...]) -> None:
        self._columns = columns
        self.entries: list[TableEntry] = []
        self.problems: list[SourceError] = []
        self._document = document
        self._printed: str | None = None
        self._destination: Destination | None = None
        self._continues = False

    def take(self, row: etree._Element) -> None:
        elements = list(row.iterchildren("ENT"))
        entity = lines(elements[1]) if len(elements) > 1 else []
        words = [text(element) if column != 1 else _one_line(entity) for column, element in enumerate(elements)]
        cells = ["" if cell[:1] in _SIGNS and _STARS.fullmatch(cell) else cell for cell in words]
        if not any(cells):
            # Asterisks stand for entries in between: what comes after them does not continue what was before.
            self._continues = self._continues and not any(element.text and "*" in element.text for element in elements)
            return
        if cells[0]:
            if _TITLES.fullmatch(cells[0]):
                return
            alone = not any(cells[1:]) and elements[0].get("I") == _HEADING
            if not alone and destination(CONTINUED.sub("", cells[0])) is None:
                # Without its empty first cell an entry's row looks like a destination's; what follows is not its own.
                self._continues = False
                self._problem(row, f"neither a destination nor an empty cell comes first: {' | '.join(cells):.200}")
                return
            self._country(cells[0], row)
        if all(RESERVED.fullmatch(cell) for cell in cells[1:] if cell):  # or nothing stands there
            return
        if len(cells) > len(self._columns):
            self._problem(row, f"{len(cells)} cells instead of {len(self._columns)}: {' | '.join(cells):.200}")
        elif not cells[1]:
            self._problem(row, f"a row without an entity: {' | '.join(cells):.200}")
        elif any(cells[2:]):
            self._entry(elements, entity, cells[2:], row)
        elif self._continues:
            self.entries[-1].lines.extend(entity)
        else:
            self._problem(row, f"neither a whole entry nor the continuation of one: {cells[1]:.200}")

    def _country(self, printed: str, row: etree._Element) -> None:
        words = CONTINUED.sub("", printed)
        self._printed, self._destination = words, or_as_printed(words)
        self._continues = words != printed and self._continues
        if destination(words) is None:
            self._problem(row, f"a destination that is not in our table: {printed:.100}")

    def _entry(self, elements: list[etree._Element], entity: list[str], cells: list[str], row: etree._Element) -> None:
        if self._destination is None or self._printed is None:
            self._problem(row, f"an entry before any country: {entity[0]:.200}")
            return
        licensed = len(self._columns) == len(ENTITY_LIST.columns)
        last = self._by_shape(cells, row) if licensed else cells
        missing = [name for name, cell in zip(self._columns[2:], last, strict=True) if not cell] if "" in last else []
        requirement, policy, citation = last if licensed else ("", "", *last)
        if missing:
            self._problem(row, f"no {' and no '.join(missing)} for {entity[0]:.200}")
        raised = [mark for element in elements[1:4] if len(element) for mark in element.iter("SU")]
        marks = dict.fromkeys([number for mark in raised for number in footnote_marks(mark)]) if raised else ()
        self.entries.append(
            TableEntry(
                destination=self._destination,
                country_as_printed=self._printed,
                lines=entity,
                license_requirement=requirement or None,
                license_review_policy=policy or None,
                citation=citation or None,
                footnotes=list(marks),
                element=row,
            )
        )
        self._continues = True

    def _by_shape(self, cells: list[str], row: etree._Element) -> list[str]:
        """Return requirement, policy and citation: as they stand, or by their wording where a cell is out of place."""
        width = len(self._columns) - 2
        shapes = [_shape(cell) for cell in cells]
        if shapes == _IN_ORDER:  # nearly always
            return cells
        if len(cells) == width and all(shape in (None, column) for column, shape in enumerate(shapes)):
            return cells
        placed = [""] * width
        for column, (cell, shape) in enumerate(zip(cells, shapes, strict=True)):
            at = shape
            if shape is None and _POLICY_BY_SECTION.match(cell):
                at = 1
            elif shape is None and len(cells) == width and column not in shapes:
                at = column
            if at is not None and not placed[at]:
                placed[at] = cell
        self._problem(row, f"cells are missing or stand in other columns than their words belong to: {cells!r:.300}")
        return placed

    def _problem(self, row: etree._Element, reason: str) -> None:
        self.problems.append(SourceError(SOURCE, self._document, place(row), reason))
