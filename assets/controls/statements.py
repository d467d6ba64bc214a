"""What a document says of itself before its amendments: title, ACTION, SUMMARY, DATES and background, by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from lxml import etree

from assets.federal_register.full_text import place, text
from resources.documents import Row

Section = Literal["title", "action", "summary", "dates", "background"]

# Points that end no sentence: initials and abbreviations, and those before a small letter or a number.
_END: Final = re.compile(
    r"(?<![A-Z]\.[A-Z])(?<!\bNo)(?<!\bno)(?<!\bNos)(?<!\bnos)(?<!\bSupp)(?<!\bInc)(?<!\bLtd)(?<!\bCo)(?<!\bDoc)(?<!\bSec)"
    r"(?:\.[”\")]?)\s+(?=[A-Z•“\"(§])|\s+(?=•)"
)
_ELEMENTS: Final[tuple[tuple[str, Section], ...]] = (("SUBJECT", "title"), ("ACT", "action"), ("SUM", "summary"))
_DATES: Final = ("EFFDATE", "DATES", "EFFDATES")
_BACKGROUND_ENDS: Final = frozenset({"LSTSUB", "REGTEXT", "AMDPAR", "PART", "SIG"})
_FROM_ROW: Final[tuple[tuple[str, Section], ...]] = (
    ("title", "title"),
    ("action", "action"),
    ("abstract", "summary"),
    ("dates_text", "dates"),
)


@dataclass(frozen=True)
class Statement:
    """One sentence, the section it stands in, and where: element and source line, or JSON path of the API."""

    text: str
    section: Section
    location: str


def statements(root: etree._Element | None, document: Row) -> list[Statement]:
    """Return the sentences a document says of itself, in its order.

    Args:
        root: its parsed full text; ``None`` if that is not held, or cannot be read.
        document: its row of ``fr_documents``, which speaks where the full text does not.
    """
    found: list[Statement] = []
    if root is not None:
        found = list(_printed(root))
    held = {one.section for one in found}
    for column, section in _FROM_ROW:
        if section not in held and document[column]:
            pieces = [document[column]] if section == "title" else sentences(document[column])
            found += [Statement(one, section, f"$.{column}") for one in pieces]
    return found


def sentences(words: str) -> list[str]:
    """Split words with single spaces into sentences, each with its closing point; a bullet begins one."""
    starts = [0, *(match.end() for match in _END.finditer(words)), len(words)]
    pieces = (words[start:end].strip(" •") for start, end in pairwise(starts))
    return [piece for piece in pieces if piece]


def _printed(root: etree._Element) -> Iterator[Statement]:
    head = next(root.iter("PREAMB"), root)
    for name, section in _ELEMENTS:
        for element in head.iter(name):
            yield from _of(element, section)
    for name in _DATES:
        for element in head.iter(name):
            yield from _of(element, "dates")
    for element in next(root.iter("SUPLINF"), root).iter(etree.Element):
        if element.tag in _BACKGROUND_ENDS:
            # A correction's paragraphs stand where a rule has its amendments.
            if element.tag == "REGTEXT" or root.tag != "CORRECT":
                return
        elif element.tag in ("P", "FP") and next(element.iterancestors("PREAMB"), None) is None:
            yield from _sentences_of(element, "background")


def _of(element: etree._Element, section: Section) -> Iterator[Statement]:
    children = [child for child in element if child.tag in ("P", "FP")]
    if not children:
        children = [element]
    for child in children:
        if section == "title":
            yield Statement(text(child), section, place(child))
        else:
            yield from _sentences_of(child, section)


def _sentences_of(element: etree._Element, section: Section) -> Iterator[Statement]:
    for one in sentences(text(element)):
        yield Statement(one, section, place(element))
