"""List tables of a rule: the rows of its GPOTABLEs, put together into entries.

A table has five columns (country, entity, license requirement, license review policy, Federal Register citation). The
country stands in a row of its own (``ENT I="01"``) and holds for the rows below; an entry's row has an empty first
cell; a row with an entity cell only continues the entry above; rows of asterisks stand for what is not amended.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from assets.entity_list.destinations import Destination, destination, or_as_printed
from assets.federal_register.full_text import SOURCE, footnote_marks, lines, place, text
from resources.documents import SourceError

COLUMNS: Final = ("country", "entity", "license requirement", "license review policy", "Federal Register citation")
_STARS: Final = re.compile(r"[\s*•]*")
_TITLES: Final = re.compile(r"country|entity", re.IGNORECASE)
_CONTINUED: Final = re.compile(r"\s*[—-]\s*continued$", re.IGNORECASE)
_PLACEHOLDER: Final = re.compile(r"\[\s*insert\b", re.IGNORECASE)


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
        return _PLACEHOLDER.search(self.citation or "") is not None

    @property
    def text(self) -> str:
        """The entity cell, one printed line to a line."""
        return "\n".join(self.lines)


def read_tables(tables: Iterable[etree._Element], *, document: str) -> tuple[list[TableEntry], list[SourceError]]:
    """Read list tables that follow each other; a country holds until the next one, across tables.

    Returns:
        The entries in order, and the rows that fit none of the layouts, each as a problem.
    """
    reader = _TableReader(document)
    for table in tables:
        for row in table.iter("ROW"):
            reader.take(row)
    return reader.entries, reader.problems


class _TableReader:
    def __init__(self, document: str) -> None:
        self.entries: list[TableEntry] = []
        self.problems: list[SourceError] = []
        self._document = document
        self._printed: str | None = None
        self._destination: Destination | None = None
        self._continues = False

    def take(self, row: etree._Element) -> None:
        elements = row.findall("ENT")
        cells = ["" if _STARS.fullmatch(cell) else cell for cell in map(text, elements)]
        if not any(cells):
            # Asterisks stand for entries in between: what comes after them does not continue what was before.
            self._continues = self._continues and not any(element.text and "*" in element.text for element in elements)
            return
        if _TITLES.fullmatch(cells[0]):
            return
        if cells[0]:
            self._country(cells[0], row)
        if not any(cells[1:]):
            return
        if len(cells) > len(COLUMNS):
            self._problem(row, f"{len(cells)} cells instead of {len(COLUMNS)}: {' | '.join(cells):.200}")
        elif not cells[1]:
            self._problem(row, f"a row without an entity: {' | '.join(cells):.200}")
        elif any(cells[2:]):
            self._entry(elements, cells[2:], row)
        elif self._continues:
            self.entries[-1].lines.extend(lines(elements[1]))
        else:
            self._problem(row, f"neither a whole entry nor the continuation of one: {cells[1]:.200}")

    def _country(self, printed: str, row: etree._Element) -> None:
        words = _CONTINUED.sub("", printed)
        self._printed, self._destination = words, or_as_printed(words)
        self._continues = words != printed and self._continues
        if destination(words) is None:
            self._problem(row, f"a destination that is not in our table: {printed:.100}")

    def _entry(self, elements: list[etree._Element], cells: list[str], row: etree._Element) -> None:
        entity = lines(elements[1])
        if self._destination is None or self._printed is None:
            self._problem(row, f"an entry before any country: {entity[0]:.200}")
            return
        requirement, policy, citation = (*cells, "", "", "")[:3]
        missing = [name for name, cell in zip(COLUMNS[2:], (requirement, policy, citation), strict=True) if not cell]
        if missing:
            self._problem(row, f"no {' and no '.join(missing)} for {entity[0]:.200}")
        raised = [mark for element in elements[1:4] for mark in element.iter("SU")]
        self.entries.append(
            TableEntry(
                destination=self._destination,
                country_as_printed=self._printed,
                lines=entity,
                license_requirement=requirement or None,
                license_review_policy=policy or None,
                citation=citation or None,
                footnotes=list(dict.fromkeys(number for mark in raised for number in footnote_marks(mark))),
                element=row,
            )
        )
        self._continues = True

    def _problem(self, row: etree._Element, reason: str) -> None:
        self.problems.append(SourceError(SOURCE, self._document, place(row), reason))
