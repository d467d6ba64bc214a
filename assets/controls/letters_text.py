"""The sentences of a filing, each with the place it stands at.

A filing is HTML or inline XBRL: paragraphs are ``div`` or ``p``, often broken at the end of a printed page. Hidden
parts (the inline XBRL header, ``display:none``) are no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree, html

from assets.sentences import split
from resources.documents import SourceError

SOURCE = "sec"

_BLOCKS: Final = frozenset("address article blockquote body dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p section table td th title tr ul".split())  # noqa: SIM905, E501  # fmt: skip
_UNSEEN: Final = frozenset({"script", "style", "ix:header"})
_HIDDEN: Final = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_ITEM: Final = re.compile(r"^item\s+(\d+\.\d{2}|\d{1,2}[a-c]?)\b", re.IGNORECASE)
_END: Final = re.compile(r"[.;:!?][\"”’')]*$")
_PAGE_BREAK_BLOCKS: Final = 4
_SHORTEST_BROKEN: Final = 60


@dataclass(frozen=True)
class Sentence:
    """A sentence with white space single; ``block`` numbers its paragraph, ``place`` says where that stands."""

    text: str
    block: int
    place: str


@dataclass
class _Block:
    text: str
    element: str
    item: str


def sentences(body: bytes, *, document: str) -> list[Sentence]:
    """Read the sentences of a filing's document.

    Args:
        body: the document as received.
        document: its address, for messages.

    Raises:
        SourceError: the body is empty or cannot be read as HTML.
    """
    if not body.strip():
        raise SourceError(SOURCE, document, "", "the body is empty")
    try:
        root = html.fromstring(body, parser=html.HTMLParser(encoding=_encoding(body), huge_tree=True))
    except (etree.LxmlError, ValueError) as error:
        raise SourceError(SOURCE, document, "", f"cannot be read as HTML: {error}", remedy="fetch it again") from error
    found = []
    for number, block in enumerate(_joined(_blocks(root))):
        for index, text in enumerate(split(block.text), 1):
            place = f"{block.item}{block.element}, paragraph {number + 1}, sentence {index}"
            found.append(Sentence(text, number, place))
    return found


def _encoding(body: bytes) -> str:
    """EDGAR takes ASCII, UTF-8 and what Windows writes; a declaration in the document is not to be relied on."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _blocks(root: Any) -> Iterator[_Block]:
    """Yield paragraphs in the document's order, with the item of the report they stand under."""
    item, words, place = "", [""], ""

    def flush() -> Iterator[_Block]:
        nonlocal item
        text = " ".join("".join(words).split())
        words.clear()
        if text:
            if (found := _ITEM.match(text)) is not None:
                item = f"Item {found[1].upper()}, "
            yield _Block(text, place, item)

    walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walker:
        if event == "start":
            if element.tag in _UNSEEN or _HIDDEN.search(element.get("style") or ""):
                walker.skip_subtree()
                continue
            if element.tag in _BLOCKS:
                yield from flush()
                place = f"{element.tag} line {element.sourceline}"
            elif element.tag == "br":
                words.append(" ")
            words.append(element.text or "")
        else:
            if event == "end" and element.tag in _BLOCKS:
                yield from flush()
            words.append(element.tail or "")
    yield from flush()


def _joined(blocks: Iterator[_Block]) -> list[_Block]:
    """Paragraphs with those made one that the end of a printed page breaks."""
    joined: list[_Block] = []
    broken: _Block | None = None
    since = 0
    for block in blocks:
        if broken is not None and since <= _PAGE_BREAK_BLOCKS and block.text[0].islower():
            broken.text = f"{broken.text} {block.text}"
            broken = None if _END.search(block.text) else broken
            since = 0
            continue
        joined.append(block)
        since += 1
        if len(block.text) >= _SHORTEST_BROKEN:
            broken, since = (None, 0) if _END.search(block.text) else (block, 0)
    return joined
