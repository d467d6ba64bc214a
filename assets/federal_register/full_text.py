"""The full text of a Federal Register document as XML: parsed safely, and its words taken out faithfully.

The markup is that of the publishers' guide "Federal Register XML" (Government Publishing Office): elements such as
``AMDPAR``, ``GPOTABLE`` and ``PRTPAGE``, no namespace, white space without meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Final

from lxml import etree

from resources.documents import SourceError

SOURCE: Final = "federal_register"

DOCUMENT_ROOTS: Final = frozenset({"RULE", "PRORULE", "NOTICE", "PRESDOCU", "CORRECT"})
"""Root elements of a document; a daily issue (``FEDREG``) holds many of them and is not a document."""

AMENDING_ROOTS: Final = frozenset({"RULE", "CORRECT"})
"""Documents that change the CFR; a proposed rule has the same instructions and changes nothing."""

_REFETCH: Final = "fetch the full text again; if it comes the same, report it to the Federal Register"
_DASHES: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
DOCUMENT_NUMBER: Final = r"^(?:[CRX]\d+-)?(?:[A-Z]?\d{1,4})-\d{1,6}$"
"""What a document number looks like; a correction bears a prefix of its own. The contracts expect the same."""
# Within libxml2's own limits on depth and text size: no document of the register or the eCFR comes near them.
# The option collect_ids stays as it is: turned off, it makes libxml2 read an external DTD, whatever load_dtd says.
_PARSER: Final = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
)
_FILED_AS: Final = re.compile(r"FR\s+Doc\.?\s*(?:No\.?\s*)?([A-Z]?\w*(?:-\w+)+)", re.IGNORECASE)
_FOOTNOTE_MARKS: Final = re.compile(r"\d{1,3}(?:[\s,]+\d{1,3})*")
_FOOTNOTE_NUMBER: Final = re.compile(r"\d+")
# Before a closing mark, or after an opening one; that the expression begins with the space itself makes it fast.
# An apostrophe may begin a word (Ras al ’Ain): it closes one only where no letters but those of a genitive follow.
_LOOSE_SPACE: Final = re.compile(r" (?:(?=[,.;:)\]”]|’(?!\w)|’s\b)|(?<=[(\[“‘] ))")
_FACES: Final = ("02", "03", "04")
_BLOCKS: Final = frozenset({"LI", "P", "FP", "HD"})
_LONGEST_CELL: Final = 400  # letters of words worth to remember
_BREAK: Final = "\x1e"  # not a character XML allows
# What a pattern that ignores case takes for these letters; the first is the one whose lower case is two signs.
_LIKE_ASCII: Final = (("İ", "i"), ("ı", "i"), ("ſ", "s"))
_SKIPPED: Final = frozenset({"PRTPAGE", "FTREF", "GPH", "MATH"})


def parse(body: bytes, *, document: str) -> etree._Element:
    """Parse the full text of one document and return its root element.

    Entities and external references are never resolved: a body that declares entities is refused.

    Args:
        body: the bytes as received.
        document: its document number, for messages; a body filed under another number is refused.

    Raises:
        SourceError: the body is empty, an HTML page, not well formed (with the line), declares or uses entities, is not
            a Federal Register document, or is another document than the one asked for.
    """
    refused = partial(_refused, document)
    refuse_page(body, refused)
    if b"<!ENTITY" in body:
        raise _refused(document, _line_of(body, b"<!ENTITY"), "declares entities, which are not resolved")
    root = xml_root(body, refused)
    if root.getroottree().docinfo.internalDTD is not None:
        _refuse_entities(root, document)
    if root.tag not in DOCUMENT_ROOTS:
        raise _refused(
            document, f"line {root.sourceline}", f"the root is {root.tag}, not one of {sorted(DOCUMENT_ROOTS)}"
        )
    _check_number(root, document)
    return root


def refuse_page(body: bytes, refused: Callable[[str, str], SourceError]) -> None:
    """Raise the error that ``refused`` makes of a place and a reason, if a body is empty or an HTML page."""
    if not body.strip():
        raise refused("", "the body is empty")
    head = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")):
        raise refused("line 1", "an HTML page instead of XML")


def xml_root(body: bytes, refused: Callable[[str, str], SourceError]) -> etree._Element:
    """Return the root of a body that must be XML; entities and external references are never resolved.

    Raises:
        SourceError: what ``refused`` makes of a place and a reason, if the body is not well formed (with the line).
    """
    try:
        return etree.fromstring(body, _PARSER)
    except etree.XMLSyntaxError as error:
        raise refused(f"line {error.lineno or 1}", f"not well-formed XML: {error.msg}") from error
    except ValueError as error:
        raise refused("line 1", f"not readable as XML: {error}") from error


def text(element: etree._Element | None) -> str:
    """Return the words of an element with single spaces; page marks and footnote references are left out.

    Pretty-printing breaks lines around inline elements: a space it puts before a closing mark or after an opening one
    is taken out again, and an ordinal's raised letters (``3<SU>rd</SU>``) join their number. ``""`` for no element.
    """
    if element is None:
        return ""
    return tidy(" ".join(_pieces(element)) if len(element) else element.text or "")


def lines(element: etree._Element) -> list[str]:
    """Return the words of an element line by line: each ``LI`` or paragraph in it is a line of its own."""
    pieces = _pieces(element) if len(element) else (element.text or "",)
    return [line for piece in pieces if (line := tidy(piece))]


def _pieces(element: etree._Element) -> list[str]:
    return _all_words(element).split(_BREAK)


def tidy(words: str) -> str:
    """Return words with single spaces, none of them inside of brackets, quotation marks or before punctuation."""
    return _tidy_cell(words) if len(words) <= _LONGEST_CELL else _tidy(words)


def _tidy(words: str) -> str:
    return _LOOSE_SPACE.sub("", " ".join(words.split()))


# The cells of a table say the same over and over.
_tidy_cell = lru_cache(maxsize=1024)(_tidy)


def place(element: etree._Element) -> str:
    """Return where an element stands: its name and source line."""
    return f"{element.tag} line {element.sourceline}"


def lower_case(words: str) -> str:
    """Return words in lower case, every letter in its old place, for patterns that are to ignore case.

    A pattern in lower case is found twice as fast as the same one told to ignore case.
    """
    if not words.isascii():
        for letter, like in _LIKE_ASCII:
            words = words.replace(letter, like)
    return words.lower()


def plain_dashes(words: str) -> str:
    """Return words with every kind of dash as a hyphen; the register changed dashes in document numbers in 2024."""
    return words.translate(_DASHES)


def document_number(words: str) -> str | None:
    """Return a document number with plain hyphens and without blanks; ``None`` if the words are none."""
    number = "".join(plain_dashes(words).split())
    return number if re.fullmatch(DOCUMENT_NUMBER, number) else None


def _collect(element: etree._Element, pieces: list[str]) -> None:
    pieces.append(element.text or "")
    for child in element:
        tail = child.tail or ""
        if child.tag in _SKIPPED:
            pieces.append(" ")
        elif child.tag == "SU":
            _collect_raised(child, pieces)
        elif child.tag in _BLOCKS:
            pieces.append(_BREAK)
            _collect(child, pieces)
            pieces.append(_BREAK)
        else:
            words = _all_words(child)
            # Words set in another face (E T="02", "03", "04") are words of their own, even if printed against a letter;
            # raised and lowered signs (T="51", "52") are not.
            apart = child.tag == "E" and child.get("T") in _FACES
            if apart and pieces[-1][-1:].isalpha() and words[:1].isalnum():
                pieces.append(" ")
            pieces.append(words)
            if apart and (words[-1:].isalnum() or words[-1:] in ",;:)") and tail[:1].isalpha():
                tail = f" {tail}"
        pieces.append(tail)


def _all_words(element: etree._Element) -> str:
    if not len(element):
        return element.text or ""
    pieces: list[str] = []
    _collect(element, pieces)
    return "".join(pieces)


def _collect_raised(element: etree._Element, pieces: list[str]) -> None:
    raised = _raised(element)
    if _FOOTNOTE_MARKS.fullmatch(raised):
        return
    pieces[-1] = pieces[-1].rstrip()
    pieces.append(raised)


def _raised(element: etree._Element) -> str:
    return ("".join(element.itertext()) if len(element) else element.text or "").strip()


def footnote_marks(raised: etree._Element) -> list[str]:
    """Return the footnote numbers in a ``SU`` element; none if it holds an ordinal's letters (9th) or another sign."""
    marks = _raised(raised)
    return _FOOTNOTE_NUMBER.findall(marks) if _FOOTNOTE_MARKS.fullmatch(marks) else []


def _refuse_entities(root: etree._Element, document: str) -> None:
    for node in root.iter(etree.Entity):
        raise _refused(document, f"line {node.sourceline}", f"uses the entity {node.text}, which is not resolved")
    internal = root.getroottree().docinfo.internalDTD
    if internal is not None and any(True for _ in internal.iterentities()):
        raise _refused(document, "line 1", "declares entities, which are not resolved")


def _check_number(root: etree._Element, document: str) -> None:
    filed = [match[1] for el in root.iter("FRDOC") if (match := _FILED_AS.search(plain_dashes(text(el))))]
    if filed and not any(_bare(number) == _bare(document) for number in filed):
        raise _refused(document, "FRDOC", f"the body is document {', '.join(filed)}, not the one asked for")


def _bare(number: str) -> str:
    """Return a document number without a correction's prefix, with plain hyphens, in one case."""
    return re.sub(r"^[CRX]\d+-", "", plain_dashes(number).upper())


def _line_of(body: bytes, mark: bytes) -> str:
    line = body[: body.index(mark)].count(b"\n") + 1
    return f"line {line}"


def _refused(document: str, where: str, reason: str) -> SourceError:
    return SourceError(SOURCE, document, where, reason, remedy=_REFETCH)
