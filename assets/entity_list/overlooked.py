"""What looks like a change of a list and hangs on no instruction that names one: a rule must not get lost.

Mostly the part is mistyped (``REGTEXT PART="774"``), or an instruction names a list in a way that is not known.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from lxml import etree

from assets.entity_list.claim import Reading
from assets.entity_list.claims import read_claims
from assets.entity_list.lists import ENTITY_LIST, LISTS, lists_among, names_a_list
from assets.entity_list.table import is_list_table
from assets.federal_register.full_text import SOURCE, place, text
from assets.federal_register.instructions import Instruction, above, announces_corrections
from resources.documents import SourceError

_PART: Final = "744"
_TITLE: Final = 15
# Supplement No. 7 to part 748 is the other list of the EAR that names companies under destinations.
_OTHER_UNIT: Final = re.compile(
    r"supplement\s+no\.\s+(?:7\s+to\s+part\s+748|(?P<of_part>\d+)\s+to\s+part\s+744)", re.IGNORECASE
)
_OF_A_LIST: Final = re.compile(r"\d\s*FR\b|\bFederal\s+Register\b|\blisted\s+person\b", re.IGNORECASE)


def overlooked(
    root: etree._Element,
    instructions: Sequence[Instruction],
    read: Collection[int],
    claimed: Collection[etree._Element],
    document: str,
) -> list[SourceError]:
    """Report tables and instructions that look like a list's and were not read as one's.

    Args:
        root: the document's root element.
        instructions: all of its instructions.
        read: indexes of those that were read as a list's.
        claimed: the tables that were.
        document: its number.
    """
    problems = _tables(root, instructions, claimed, document)
    for one in instructions:
        if one.index in read or one.cfr_title not in (_TITLE, None) or _of_another_list(one):
            continue
        reading = read_claims(one, above(one, instructions)) if _may_claim(one) else Reading()
        claims = reading.claims
        named = [claim for claim in claims if claim.name and claim.destination]
        if named:
            lists = "several lists are" if lists_among(one.units) else "no list is"
            reason = f"{named[0].verb} {named[0].name} under a destination, but {lists} named: {one.text:.200}"
            problems.append(SourceError(SOURCE, document, one.location, reason))
        elif lists_among(one.units) and (claims or reading.doubts):
            reason = f"it names several lists: which it does what to is not read: {one.text:.200}"
            problems.append(SourceError(SOURCE, document, one.location, reason))
        elif one.cfr_part != _PART and names_a_list(one.masked) and any(claim.name for claim in claims):
            reason = f"a list of part {_PART} is named in an amendment of part {one.cfr_part}: {one.text:.200}"
            problems.append(SourceError(SOURCE, document, one.location, reason))
    return problems


def _may_claim(one: Instruction) -> bool:
    """Look first whether it quotes anything or is on lists: most instructions of most rules end here."""
    return bool(lists_among(one.units)) or "“" in one.body or "‘‘" in one.body or '"' in one.body


def _of_another_list(one: Instruction) -> bool:
    found = [_OTHER_UNIT.fullmatch(unit) for unit in one.units]
    of_lists = {str(of.supplement) for of in LISTS}
    return bool(found) and all(match is not None and match["of_part"] not in of_lists for match in found)


def _tables(
    root: etree._Element, instructions: Sequence[Instruction], claimed: Collection[etree._Element], document: str
) -> list[SourceError]:
    problems: list[SourceError] = []
    elements = {one.element for one in instructions}
    instructed = root.tag == "CORRECT"
    for element in root.iter("AMDPAR", "P", "FP", "GPOTABLE"):
        # A correction may have its instructions in plain paragraphs.
        instructed = instructed or element in elements or announces_corrections(element)
        if element.tag != "GPOTABLE" or element in claimed or not is_list_table(element):
            continue
        amended = next(element.iterancestors("REGTEXT"), None)
        # Outside of amended text only what follows an instruction changes anything; before, the preamble explains.
        if _is_of_part(element, amended) if amended is not None else instructed:
            reason = f"a table like the {ENTITY_LIST.name}'s that no instruction on a list of part {_PART} leads to"
            problems.append(SourceError(SOURCE, document, place(element), reason))
    return problems


def _is_of_part(table: etree._Element, amended: etree._Element) -> bool:
    """Whether amended text is part 744's, or by its table seems to be, whatever part it says."""
    if amended.get("PART", "").strip() == _PART:
        return True
    return amended.get("TITLE", "").strip() in (str(_TITLE), "") and _OF_A_LIST.search(text(table)) is not None
