"""Corrections of documents: which document is corrected, and which paragraphs are the corrections.

Two kinds of document correct another one: the Office of the Federal Register's own, for errors of printing (1 CFR
18.15), which bears ``C1-`` before the other's number; and the agency's, for errors in what it filed (Document Drafting
Handbook, "Correction documents"). Both name the document in a sentence ("In rule document 2022-12345, appearing on
pages …", "In FR Doc. 2022-12345 …, the following corrections are made:") and number their corrections, marked up as
instructions (AMDPAR) or as plain paragraphs. A correcting amendment changes the CFR as any rule does, and is not one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

from assets.federal_register.dates import read_date
from assets.federal_register.document import citation
from assets.federal_register.full_text import document_number, plain_dashes, text

_OWN_NUMBER: Final = re.compile(r"\bC\d+-(?P<number>[A-Z]?\d{1,4}-\d{1,6})\b")
_NAMED: Final = re.compile(
    r"\b(?:rule\s+document|FR\s+Doc(?:ument)?\.?)\s*(?:No\.?\s*)?(?P<number>[A-Z]?\d{1,4}\s*-\s*\d{1,6})\b",
    re.IGNORECASE,
)
# How the sentence that names the document may begin, and what it must say of it; others only tell of a document.
_BEGINNINGS: Final = ("In ", "The ", "Accordingly", "Correction", "FR Doc")
_ANNOUNCES: Final = re.compile(
    r"\bfollowing\s+(?:\w+\s+){0,2}corrections?\b|\b(?:is|are)\s+(?:hereby\s+)?corrected\b|\bshould\s+(?:have\s+)?read\b",
    re.IGNORECASE,
)
_READS: Final = re.compile(r"\bcorrected\s+to\s+(?:read|be)\b|\bshould\s+(?:have\s+)?read\b", re.IGNORECASE)
_PAGE: Final = re.compile(r"\bpages?\s+(?P<page>\d{1,3}(?:,\d{3})+|\d+)")
_CITED: Final = re.compile(r"\b(\d{2,3})\s+FR\s+(\d{1,6})\b")
_QUOTED: Final = re.compile(r"“[^”]*”")
_NUMBER: Final = re.compile(r"(?P<number>\d{1,3})\.\s+|\(?[a-z]{1,4}[.)]\s+")
_AT_PAGE: Final = re.compile(
    r"(?:(?:beginning|starting)\s+)?on\s+(?:the\s+same\s+)?pages?\b|in\s+(?:the\s+same\s+table|amendatory\s+instruction)\b",
    re.IGNORECASE,
)
_CORRECTS: Final = re.compile(
    r"\bshould\s+(?:have\s+)?(?:read|appear)|\b(?:is|are)\s+(?:hereby\s+)?corrected\b"
    r"|(?<!the )\bcorrect(?:ing)?\s+(?:the\b|“)",
    re.IGNORECASE,
)
_DOES: Final = re.compile(r"\b(?:remov|delet|add|insert|replac|revis|chang|correct|amend)\w*\b", re.IGNORECASE)


@dataclass(frozen=True)
class CorrectedDocument:
    """The document corrected: its number, and volume and first page (``87 FR 100``), where they are said."""

    number: str | None
    citation: str | None


@dataclass(frozen=True)
class Correction:
    """What one paragraph corrects: the document, and the heading it stands under ("" for none)."""

    of: CorrectedDocument
    heading: str


def own_correction_of(number: str) -> str | None:
    """Return the number of the document that the Register's own correction with this number corrects."""
    match = _OWN_NUMBER.fullmatch(number)
    return match["number"] if match else None


def read_corrections(root: etree._Element) -> dict[etree._Element, Correction]:
    """Return the paragraphs and instructions of a parsed document that correct another one, in order; mostly none."""
    filed = next((match for el in root.iter("FRDOC") if (match := _OWN_NUMBER.search(plain_dashes(text(el))))), None)
    own = CorrectedDocument(filed["number"] if filed else None, None)
    # Without the sentence that names the document, only the Register's own corrections can be told.
    of = own if filed is not None or root.tag == "CORRECT" else None
    found: dict[etree._Element, Correction] = {}
    heading = ""
    last = 0
    for element in root.iter("HD", "SECTNO", "P", "FP", "AMDPAR", "SIG"):
        if element.tag == "SIG":
            of = of if filed is not None else None
        elif element.tag in ("HD", "SECTNO"):
            heading = text(element) if of is not None else ""
        elif of is not None or _may_name(element):
            words = text(element)
            named = _named(words)
            if named is not None:
                of, last = named, 0
                if _READS.search(_unquoted(words)):
                    found[element] = Correction(named, heading)
            elif of is not None and (
                (filed is not None and element.tag == "AMDPAR") or _is_correction(element, words, last)
            ):
                match = _NUMBER.match(words)
                last = int(match["number"]) if match and match["number"] else last
                found[element] = Correction(of, heading)
            elif element.tag == "AMDPAR" and filed is None:
                of = None  # an agency's document may correct one rule and amend the CFR besides
    return found


def _may_name(element: etree._Element) -> bool:
    """Look at the first letters only: nearly all paragraphs of nearly all documents end here."""
    return (element.text or "").lstrip().startswith(_BEGINNINGS)


def _named(words: str) -> CorrectedDocument | None:
    """Return the document that a sentence sets out to correct."""
    plain = plain_dashes(words)
    match = _NAMED.search(plain)
    if match is None or not plain.startswith(_BEGINNINGS) or not _ANNOUNCES.search(_unquoted(plain)):
        return None
    cited = _CITED.search(plain)
    if cited is not None:
        return CorrectedDocument(document_number(match["number"]), f"{cited[1]} FR {cited[2]}")
    issue, page = read_date(plain), _PAGE.search(plain)
    first = int(page["page"].replace(",", "")) if page else None
    known = citation(issue, first) if issue is not None and first is not None else None
    return CorrectedDocument(document_number(match["number"]), known)


def _is_correction(element: etree._Element, words: str, last: int) -> bool:
    """Whether a plain paragraph is a correction, and not text that one of them sets out."""
    if next(element.iterancestors("EXTRACT", "FTNT"), None) is not None:
        return False
    words = _unquoted(words)
    match = _NUMBER.match(words)
    body = words[match.end() :] if match else words
    if _AT_PAGE.match(body) or _CORRECTS.search(body):
        return True
    is_next = match is not None and (
        match["number"] == str(last + 1) or (not match["number"] and element.tag == "AMDPAR")
    )
    return is_next and _DOES.search(body) is not None


def _unquoted(words: str) -> str:
    return _QUOTED.sub("“”", words)
