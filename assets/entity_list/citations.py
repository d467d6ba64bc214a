"""Citations of an entry: the Federal Register documents that listed and revised it, in order, with their days."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Final

from assets.federal_register.dates import read_date

_FIRST: Final = re.compile(r"\d{1,3}\s+FR\b")
_NEXT: Final = re.compile(r"\b\d{1,3}\s+FR\b")
_PLACEHOLDER: Final = re.compile(r"\[\s*insert\b", re.IGNORECASE)
_NUMERIC: Final = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?![\d/])")


def citations(cell: str | None) -> list[str]:
    """Split a citation cell (``82 FR 2883, 1/10/17. 85 FR 36720, 6/18/20.``) into its citations, in order."""
    words = " ".join((cell or "").split())
    first = _FIRST.search(words)
    if first is None:
        return []
    # From each beginning to the next: an expression for a whole citation would look for the next one at every letter.
    begins = [first.start(), *(match.start() for match in _NEXT.finditer(words, first.end()))]
    return [words[begin:end].strip(" ,;.") for begin, end in pairwise([*begins, len(words)])]


def is_placeholder(citation: str) -> bool:
    """Whether the page was not known yet when the rule was set (``88 FR [INSERT FR PAGE NUMBER …]``)."""
    return _PLACEHOLDER.search(citation) is not None


@lru_cache(maxsize=4096)
def citation_day(citation: str) -> date | None:
    """Return the day of publication in a citation (``82 FR 2883, 1/10/17``; ``82 FR 16732, April 6, 2017``).

    ``None`` where it names none that exists. The register began in 1936, this list in 1997: two digits are of our time.
    """
    if match := _NUMERIC.search(citation):
        month, day, year = (int(part) for part in match.groups())
        try:
            return date(year if year > 99 else 2000 + year if year < 90 else 1900 + year, month, day)
        except ValueError:
            return None
    return read_date(citation)


def citation_days(cited: list[str]) -> list[date]:
    """Return the days of publication in citations, in their order; those without a readable one are left out."""
    return [day for one in cited if (day := citation_day(one)) is not None]
