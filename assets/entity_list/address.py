"""The destination in which an address lies: the one that ends it, before or behind a postal code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from assets.entity_list.destinations import Destination, destination, mentions

# A destination, what may follow it and a postal code fit into the last part of an address; only that is looked at.
_TAIL: Final = 120
_CODE: Final = r"(?=[\w-]{0,9}\d)[\w-]{1,10}"
# What may stand behind the destination: "SAR", a postal code ("China, 100102", "Germany D-65451", "UK EC1Y 1AA").
_ENDINGS: Final = re.compile(
    r"[\s.,;:()\[\]’'”\"–-]*"
    r"(?:(?:S\.?A\.?R|P\.?D\.?R|(?:[Zz]ip|[Pp]ostal|[Pp]ost)(?: ?[Cc]ode)?|P\.? ?O\.? ?Box)\b[\s.,:;)-]*)?"
    rf"(?:{_CODE}[\s.,;:)-]*(?:(?:{_CODE}|[A-Z]{{2,4}})[\s.,;:)-]*){{0,2}}|[A-Z]{{2,4}} {_CODE}[\s.,;:)-]*)?"
)
# "(See alternate addresses under Pakistan)", "(For alternate addresses, see Kyrgyzstan and Turkey.)"
_NOTE: Final = re.compile(r"\((?:see|for alternate)\b[^()]*(?:\([^()]*\)[^()]*)?\)?[\s.)]*\Z", re.IGNORECASE)
# Regions that carry the name of a destination and are not in it.
_OTHER_PLACE: Final = re.compile(r"(?:inner|northern|new)\s$", re.IGNORECASE)
# Parts of the United Kingdom, and short forms, that stand in addresses but are no destinations of the list.
_OF_UNITED_KINGDOM: Final = re.compile(r"(?<![\w.])(?:England|Scotland|Northern Ireland|Great Britain|UK)(?!\w)")
_IN_ITS_PARTS: Final = ("land", "UK", "Britain")  # one of them is in each; a look for it is cheap
# "Hong Kong, China", "Crimea 98107, Ukraine": the destination of the EAR is the one that stands first.
_WITHIN: Final = {
    "Hong Kong": ("China",),
    "Macau": ("China",),
    "Taiwan": ("China",),
    "Crimea Region of Ukraine": ("Ukraine", "Russia"),
}
# Destinations of their own that entries under another one may lie in.
_TERRITORIES: Final = {"Virgin Islands, British": "United Kingdom", "Cayman Islands": "United Kingdom"}
_ENCLOSED: Final = re.compile(
    r"[\s.,();-]*(?:S\.?A\.?R\b[\s.,)]*)?(?:\d{5,6}[\s,]*)?(?:and\s)?(?:of\s)?(?:the\s)?(?:Autonomous\s)?(?:People['’]s\s)?"
    r"(?:Republic\sof\s)?",
    re.IGNORECASE,
)


def address_destination(address: str) -> Destination | None:
    """Return the destination that ends an address; ``None`` if none in the table does.

    Only the last 120 characters are looked at. Notes in brackets that point to other entries are not part of it.
    """
    # An address that lost the last period of "U.A.E." still ends in it.
    tail = f"{_tail(address)}."
    named = sorted(_named(tail))
    if not named or not _ENDINGS.fullmatch(tail, named[-1][1]):
        return None
    _, _, last = named[-1]
    if len(named) > 1:
        _, end, before = named[-2]
        if last.name in _WITHIN.get(before.name, ()) and _ENCLOSED.fullmatch(tail, end, named[-1][0]):
            return before
    return last


def address_country(address: str) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of the destination that ends an address.

    ``None`` if none in the table does, or if it has no code (Crimea region of Ukraine): see `address_destination`.
    """
    found = address_destination(address)
    return found.code if found else None


def lies_within(place: str, destination_name: str) -> bool:
    """Say whether an address in one destination is no surprise under another (Hong Kong under China)."""
    return destination_name in _WITHIN.get(place, ()) or _TERRITORIES.get(place) == destination_name


def _tail(address: str) -> str:
    words = _NOTE.sub("", address).rstrip()
    if len(words) <= _TAIL:
        return words
    # Not from the middle of a word: "…xIndia".
    tail = words[-_TAIL:]
    cut = re.search(r"[\s,;]", tail)
    return tail[cut.start() :] if cut else ""


def _named(tail: str) -> Iterator[tuple[int, int, Destination]]:
    for start, end, printed in mentions(tail):
        found = destination(printed)
        if found is not None and not _OTHER_PLACE.search(tail[max(start - 9, 0) : start]):
            yield start, end, found
    if not any(part in tail for part in _IN_ITS_PARTS):
        return
    united_kingdom = destination("United Kingdom")
    if united_kingdom is not None:
        for match in _OF_UNITED_KINGDOM.finditer(tail):
            yield match.start(), match.end(), united_kingdom
