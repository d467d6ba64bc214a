"""Which list an instruction on several means, where only its tables say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lxml import etree

from assets.entity_list.lists import ControlList, lists_among, lists_named
from assets.federal_register.full_text import text
from assets.federal_register.instructions import Instruction

# What these do no table shows, so that a table's heading does not say of which list it is.
_WITHOUT_TABLE: Final = frozenset({"remove", "move"})


def told_by_tables(root: etree._Element, instructions: Sequence[Instruction]) -> list[Instruction]:
    """Return instructions, those on several lists as on one where all tables that follow are headed as that one's.

    Args:
        root: the document's root element.
        instructions: all of its instructions.
    """
    unclear = {one.top for one in instructions if len(lists_among(one.units)) > 1}
    if not unclear:
        return list(instructions)
    headed = _headed(root, {one.element: one.top for one in instructions})
    told = {top: lists.pop() for top, lists in headed.items() if top in unclear and len(lists) == 1}
    for one in instructions:
        if len(lists_among(one.units)) > 1 and _WITHOUT_TABLE & set(one.verbs):
            told.pop(one.top, None)
    return [
        replace(one, units=(f"Supplement No. {of.supplement} to part 744",))
        if (of := told.get(one.top)) is not None and len(lists_among(one.units)) > 1 and of in lists_among(one.units)
        else one
        for one in instructions
    ]


def _headed(root: etree._Element, tops: dict[etree._Element, int]) -> dict[int, set[ControlList | None]]:
    """Return of which lists the tables after each numbered instruction are, by the heading above; ``None`` for none."""
    found: dict[int, set[ControlList | None]] = {}
    top: int | None = None
    heading: ControlList | None = None
    for element in root.iter("AMDPAR", "P", "FP", "HD", "GPOTABLE"):
        if element in tops:
            top, heading = tops[element], None
        elif element.tag == "HD":
            named = lists_named(text(element))
            heading = named[0] if len(named) == 1 else None
        elif element.tag == "GPOTABLE" and top is not None:
            found.setdefault(top, set()).add(heading)
    return found
