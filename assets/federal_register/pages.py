"""The printed pages of a document, from its page marks (PRTPAGE, which begins a page)."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

Pages = tuple[int, int]
"""First and last page."""


def pages_of(root: etree._Element) -> Mapping[etree._Element, Pages]:
    """Return the pages that the table rows and instructions of a parsed document stand on; none without a page mark.

    A row with a page mark in it stands on both pages: the markup has the mark at the row's head even where the row
    itself began on the page before.
    """
    found: dict[etree._Element, Pages] = {}
    before_first: list[etree._Element] = []
    page: int | None = None
    for element in root.iter("PRTPAGE", "ROW", "AMDPAR"):
        if element.tag == "PRTPAGE":
            number = element.get("P", "")
            if not number.isdigit():
                continue
            if page is None:
                found |= dict.fromkeys(before_first, (int(number) - 1, int(number) - 1))
            page = int(number)
            holder = next(element.iterancestors("ROW", "AMDPAR"), None)
            if holder is not None:
                found[holder] = (found.get(holder, (page - 1, page))[0], page)
        elif page is None:
            before_first.append(element)
        else:
            found[element] = (page, page)
    return found
