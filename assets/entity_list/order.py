"""The order in which documents change a list on one day: that of the Federal Register.

The earlier issue comes first; within an issue the page on which a document begins decides, and its number where a page
is not known. Volumes, pages and numbers count: 88 FR 9999 stands before 88 FR 10001, 2023-9999 before 2023-10001. A
correction stands right behind the rule that it corrects, wherever its own number would put it. Within a document the
order of its instructions holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from resources.documents import Row

Place = tuple[date, tuple[bool, int, int], tuple[tuple[int, str], ...]]
"""Where a document stands in the register: issue; volume and page, those without last; number."""

_CITED: Final = re.compile(r"(\d+)\s+FR\s+(\d[\d,]*)")
_PIECES: Final = re.compile(r"\d+|[A-Za-z]+")
_YEAR_OF_TWO_DIGITS: Final = re.compile(r"(?<![\d-])\d{2}(?=-\d)")


class RegisterOrder:
    """Puts documents and their changes in order.

    Args:
        citation_of: citations (``89 FR 100``) by document number; a document without one has its number only.
    """

    def __init__(self, citation_of: Mapping[str, str]) -> None:
        self._citation_of = citation_of

    def document(self, published: date, number: str) -> Place:
        """Place of a document."""
        return published, _page(self._citation_of.get(number, "")), _counted(number)

    def within(self, row: Row) -> tuple[Place, int]:
        """Place of a row of ``entity_list_changes``, as the documents print them."""
        return self.document(row["publication_date"], row["document_number"]), row["change_index"]

    def of_effect(self, change: Row) -> tuple[Place, bool, Place, int]:
        """Place of a change among those that take effect on one day.

        A correction that acts with its rule names it in ``rule_published`` and ``rule_number``.
        """
        own, index = self.within(change)
        corrects = "rule_number" in change
        rule = self.document(change["rule_published"], change["rule_number"]) if corrects else own
        return rule, corrects, own, index


@lru_cache(maxsize=4096)
def _page(citation: str) -> tuple[bool, int, int]:
    match = _CITED.match(citation)
    return (False, int(match[1]), int(match[2].replace(",", ""))) if match else (True, 0, 0)


@lru_cache(maxsize=4096)
def _counted(number: str) -> tuple[tuple[int, str], ...]:
    """A document number as numbers (``2023-10001``, ``E9-9999``, ``99-31234`` of 1999), letters behind digits."""
    whole = _YEAR_OF_TWO_DIGITS.sub(lambda year: f"{'19' if year[0] >= '90' else '20'}{year[0]}", number)
    # Letters have no value as numbers and come last: a correction's C1 behind the years.
    return tuple((int(piece), "") if piece.isdigit() else (10**9, piece) for piece in _PIECES.findall(whole))
