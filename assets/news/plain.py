"""Text without markup."""

from __future__ import annotations

import html
import re

from bs4 import BeautifulSoup
from bs4.element import CData, NavigableString, PageElement, PreformattedString, Tag

_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        """
    address article aside blockquote br caption dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header
    hr li main nav ol p pre section table tbody td tfoot th thead tr ul
""",
    )
)
_UNREAD = frozenset(["script", "style", "noscript", "template", "iframe", "svg", "head", "object"])
_BLANK = re.compile(r"[\s\u00a0\u200b\ufeff]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MARKUP = re.compile(r"<[a-zA-Z/!]")


def plain_text(markup: str) -> str:
    """Text of an HTML fragment: paragraphs and other blocks on their own lines, inline elements joined as they stand.

    Scripts, styles, comments and embedded pages are left out. White space within a line is one blank.
    """
    if not _MARKUP.search(markup):
        return lines_of(html.unescape(markup))
    pieces: list[str] = []
    _collect(BeautifulSoup(markup, "lxml"), pieces)
    return lines_of("".join(pieces))


def lines_of(text: str) -> str:
    """Collapse white space within lines, and drop empty lines and control characters."""
    lines = (_BLANK.sub(" ", line).strip() for line in _CONTROL.sub("", text).splitlines())
    return "\n".join(line for line in lines if line)


def one_line(text: str) -> str:
    """Collapse all white space: for titles and names."""
    return lines_of(text).replace("\n", " ")


def _collect(root: Tag, pieces: list[str]) -> None:
    # A stack and not recursion: some feeds nest deeper than Python's limit.
    stack: list[PageElement | str] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            if not isinstance(node, NavigableString):
                pieces.append(node)
            elif isinstance(node, CData) or not isinstance(node, PreformattedString):
                pieces.append(_BLANK.sub(" ", node))
        elif isinstance(node, Tag) and node.name not in _UNREAD:
            if node.name in _BLOCKS:
                pieces.append("\n")
                stack.append("\n")
            stack.extend(reversed(node.contents))
