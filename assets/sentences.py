"""A paragraph of English prose in its sentences."""

from __future__ import annotations

import re
from typing import Final

# A full stop after these ends a word, not a sentence.
_ABBREVIATED: Final = re.compile(
    r"(?:\b(?:[A-Z]|Inc|Corp|Ltd|Co|No|Nos|Mr|Ms|Mrs|Dr|vs|cf|approx|Fed|Reg|Sec|Art|Supp|St|e\.g|i\.e|[A-Z]\.[A-Z]))\.$"
)
# After "U.S." these words begin a sentence; others go on with it.
_BEGINS: Final = re.compile(
    r"(?:A|An|As|At|During|For|However|If|In|It|On|Our|Since|The|These|This|To|We|While|Additionally|Although)\b"
)
_BREAK: Final = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“‘(]?[A-Z0-9])|(?<=;)\s+(?=(?:and\s+)?[A-Z“])")


def split(text: str) -> list[str]:
    """Split a paragraph into sentences."""
    parts: list[str] = []
    start = 0
    for match in _BREAK.finditer(text):
        before, after = text[start : match.start()], text[match.end() :]
        if before.endswith(".") and _ABBREVIATED.search(before) and not (_closes(before) and _BEGINS.match(after)):
            continue
        parts.append(text[start : match.end()].strip())
        start = match.end()
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def _closes(before: str) -> bool:
    """Whether an abbreviation may also be the last word of a sentence."""
    return before.endswith(("U.S.", "D.C.", "Inc.", "Corp.", "Ltd.", "Co."))
