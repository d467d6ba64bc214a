"""The revenue a company expects, from the sentence that says so.

Companies word it in many ways: a figure with a tolerance (plus or minus 2%, +/- $300 million, ± 2 percent), a range
(between, from ... to, with the unit once or twice), or one figure alone. What is not understood to its end is not read:
a figure without the tolerance behind it would pass for an exact promise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

CURRENCIES = {"$": "USD", "US$": "USD", "NT$": "TWD", "€": "EUR"}
UNITS = {"thousand": 10**3, "million": 10**6, "billion": 10**9}

_SIGN = r"US\$|NT\$|\$|€"
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_UNIT = "thousand|million|billion"


def amount(name: str) -> str:
    """Pattern of an amount with its currency and unit, as the groups ``name``, ``name_sign`` and ``name_unit``."""
    return rf"(?P<{name}_sign>{_SIGN})\s?(?P<{name}>{_NUMBER})\s(?P<{name}_unit>{_UNIT})\b"


_ORDINAL_QUARTER = r"(?:first|second|third|fourth)[- ]quarter"
_PERIOD = rf"(?:\s(?:for|in)\s(?:the\s|its\s)?{_ORDINAL_QUARTER}(?:\sof)?(?:\sfiscal)?(?:\syear)?(?:\s20\d\d)?,?)?"
_LINK = (
    r"(?:\s(?:guidance|outlook|is|are|currently|expected|forecast|forecasted|anticipated|projected|to|will|be|of|in|the|a"
    r"|range|between|from|at|approximately|about|around|roughly))+"
)
_TO = r"\s?(?:to|and|-|‐|‑|–|—)\s?"
_PLUS_MINUS = r",?\s?\(?(?:plus or minus|plus/minus|\+\s?/\s?[-‐‑–−]|±)\s?"
_PERCENT = r"(?P<percent>\d+(?:\.\d+)?|one|two|three|four|five|ten)(?:\s?%|\spercent\b)"
_STATED = re.compile(
    rf"\brevenues?{_PERIOD}{_LINK}{_PERIOD}\s(?:{amount('value')}(?:{_PLUS_MINUS}(?:{_PERCENT}|{amount('margin')})\)?"
    rf"|{_TO}{amount('high')})?"
    rf"|(?P<low_sign>{_SIGN})\s?(?P<low>{_NUMBER}){_TO}(?:{_SIGN})?\s?(?P<top>{_NUMBER})\s(?P<top_unit>{_UNIT})\b)",
    re.IGNORECASE,
)
_WORDS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "ten": "10"}
# What goes on like this belongs to the figure.
_GOES_ON = re.compile(
    r"\s?[,(]?\s?(?:plus|minus|give or take|[-+±‐‑–−—]|to\b|and\s(?:US|NT)?[$€]|or\s|more\b|less\b|lower\b|higher\b)",
    re.IGNORECASE,
)
_EXPECTING = re.compile(
    r"\b(?:expect(?:s|ed|ing)?|forecast(?:s|ed|ing)?|anticipat(?:es?|ed|ing)|project(?:s|ed|ing)|guidance|outlook"
    r"|will|to be)\b",
    re.IGNORECASE,
)
_ANY_AMOUNT = re.compile(rf"\brevenues?\b.{{0,80}}?(?:{_SIGN})\s?\d", re.IGNORECASE)

# Words that may stand before the revenue of the whole; any other makes it the revenue of a part, or of another year.
_QUALIFIES = {"net", "total", "quarterly", "consolidated", "record", "gaap"}
_WHOLE = {
    *("expect", "expects", "expecting", "forecast", "forecasts", "forecasting", "anticipate", "anticipates"),
    *("anticipating", "projects", "project", "projecting", "reported", "reports", "announced", "posted", "was", "had"),
    *(
        "that",
        "for",
        "of",
        "our",
        "its",
        "the",
        "company",
        "company's",
        "quarter",
        "quarter's",
        "and",
        "with",
        "generated",
    ),
}
_LONGER = re.compile(
    r"\bfull[- ](?:fiscal[- ])?year|\bannual|\bhalf\b|\bmonths\b|\byear[- ]to[- ]date|\byear ended\b"
    r"|(?<!quarter of )(?<!quarter )\b(?:for|in) (?:the )?(?:fiscal )?(?:year(?! ago)|20\d\d)\b"
    r"|(?<!quarter of )(?<!quarter )\bfiscal (?:year )?20\d\d\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Guidance:
    """Revenue expected, in whole units of ``currency``.

    Attributes:
        value: the figure itself, or the middle of a range.
        low: the least that is expected.
        high: the most.
        tolerance: as printed, of a figure with a tolerance.
        rounded_to: what the last printed digit counts.
        currency: ISO 4217 code.
    """

    value: int
    low: int
    high: int
    tolerance: str | None
    rounded_to: int
    currency: str


def is_whole(before: str) -> bool:
    """Whether the revenue that follows these words is the whole company's, not a segment's or a product's."""
    words = before.replace("’", "'").casefold().split()
    while words and words[-1].strip("(") in _QUALIFIES:
        words.pop()
    return not words or words[-1] in _WHOLE or words[-1][-1] in ",:;)—–" or bool(re.fullmatch(r"20\d\d", words[-1]))


def is_longer(text: str) -> bool:
    """Whether a text speaks of more than a quarter: a year, a half, nine months."""
    return _LONGER.search(text) is not None


def guidance_of(sentence: str) -> Guidance | str | None:
    """Read the revenue a sentence expects of the whole company.

    Returns:
        The figures; why they cannot be read, where the sentence gives amounts of revenue in a way not understood;
        ``None`` where it expects no revenue of the whole company, or that of a longer time.
    """
    if _EXPECTING.search(sentence) is None:
        return None
    whole = [
        found for found in re.finditer(r"\brevenues?\b", sentence, re.IGNORECASE) if is_whole(sentence[: found.start()])
    ]
    for found in whole:
        stated = _STATED.match(sentence, found.start())
        if stated is None or not _EXPECTING.search(sentence[: stated.start("value" if stated["value"] else "low")]):
            continue
        if is_longer(sentence[: stated.end()]):
            return None
        if _GOES_ON.match(sentence, stated.end()):
            return f"what follows {stated[0]!r} is not understood"
        return _read(stated)
    if any(_ANY_AMOUNT.match(sentence, found.start()) for found in whole) and not is_longer(sentence):
        return "its amounts are not understood"
    return None


def _read(stated: re.Match[str]) -> Guidance | str:
    if stated["low"]:
        unit = stated["top_unit"]
        low, high = _whole(stated["low"], unit), _whole(stated["top"], unit)
        digits, sign = stated["low"], stated["low_sign"]
    else:
        digits, sign, unit = stated["value"], stated["value_sign"], stated["value_unit"]
        low = high = _whole(digits, unit)
    value, tolerance = low, None
    if stated["high"]:
        high = _whole(stated["high"], stated["high_unit"])
    if high != low:
        value = (low + high) // 2
    elif stated["percent"]:
        percent = _WORDS.get(stated["percent"].casefold(), stated["percent"])
        margin, tolerance = int(Decimal(value) * Decimal(percent) / 100), f"{percent}%"
        low, high = value - margin, value + margin
    elif stated["margin"]:
        margin = _whole(stated["margin"], stated["margin_unit"])
        tolerance = f"{stated['margin_sign']}{stated['margin']} {stated['margin_unit']}"
        low, high = value - margin, value + margin
    if not 0 < low <= high < 2 * low:
        return f"{stated[0]!r} is no range of one figure"
    return Guidance(value, low, high, tolerance, rounding(digits, unit), CURRENCIES[sign.upper()])


def _whole(digits: str, unit: str) -> int:
    value = Decimal(digits.replace(",", "")) * UNITS[unit.casefold()]
    return int(value)


def rounding(digits: str, unit: str) -> int:
    """What the last printed digit of an amount counts."""
    decimals = len(digits.partition(".")[2])
    return UNITS[unit.casefold()] // int(10**decimals)
