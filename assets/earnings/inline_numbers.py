"""Displayed numbers of inline XBRL as exact decimals.

A fact's ``format`` names how its text is to be read. Source: the Inline XBRL Transformation Registries 1 to 5
(https://www.xbrl.org/Specification/inlineXBRL-transformationRegistry/) and the SEC's own registry (``ixt-sec``).
Only the numeric rules that English, Chinese and continental filings use are here; any other is an error, not a guess.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from decimal import Context, Decimal
from functools import cache

_EXACT = Context(prec=1_000_000)
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
# Registry rules do not insist on groups of three, only that a separator stands between digits.
_DOT_DECIMAL = re.compile(r"(\d([\d, '’]*\d)?)?(\.\d+)?", re.ASCII)
_COMMA_DECIMAL = re.compile(r"(\d([\d. '’]*\d)?)?(,\d+)?", re.ASCII)
# Lakh and crore: groups of two above the thousands.
_INDIAN = re.compile(r"(\d{1,2}([, ]\d\d)*[, ]\d{3}|\d+)(\.\d+)?", re.ASCII)
_ZERO_TEXT = re.compile(r"[-‐‑‒–—―−]|[Nn]il|[Nn]one|0+(\.0*)?")
_NOT_DIGITS = str.maketrans("", "", " ,.'’")

_SMALL = {
    word: value
    for value, word in [
        *enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1),
        *enumerate(("eleven", "twelve", "thirteen", "fourteen", "fifteen"), 11),
        *enumerate(("sixteen", "seventeen", "eighteen", "nineteen"), 16),
        *zip(range(20, 50, 10), ("twenty", "thirty", "forty"), strict=True),
        *zip(range(50, 100, 10), ("fifty", "sixty", "seventy", "eighty", "ninety"), strict=True),
    ]
}
_LARGE = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}


def number_of(text: str, *, format_name: str | None, scale: str | None, sign: str | None) -> Decimal:
    """Value of a displayed number.

    Args:
        text: the element's text; spaces around it do not matter.
        format_name: local name of the transformation rule (``num-dot-decimal``), or ``None`` for a plain decimal.
        scale: power of ten to multiply by, as written.
        sign: ``-`` where the value is negative; parentheses around the element are decoration and not part of it.

    Raises:
        ValueError: the text does not follow its rule, the rule is not known, scale or sign are not valid, or a minus
            stands both in the text and in the sign.
    """
    # Entities of HTML stay unresolved in the tree, because no DTD is loaded.
    text = " ".join((html.unescape(text) if "&" in text else text).split())
    rule = _plain if format_name is None else _rule(format_name)
    if rule is None:
        raise ValueError(f"the format {format_name!r} of {text!r} is not known")
    value = rule(text)
    if sign not in (None, "", "-"):
        raise ValueError(f"the sign {sign!r} is neither empty nor a minus")
    if sign and value.is_signed():
        raise ValueError(f"{text!r} is negative and so is its sign")
    if scale is not None:
        value = value.scaleb(_power(scale), _EXACT)
    return value.copy_negate() if sign and value else value


@cache
def _rule(format_name: str) -> Callable[[str], Decimal] | None:
    return _RULES.get(format_name.lower().replace("-", ""))


@cache
def _power(scale: str) -> int:
    if not re.fullmatch(r"[+-]?\d{1,2}", scale.strip(), re.ASCII):
        raise ValueError(f"the scale {scale!r} is not a small integer")
    return int(scale)


def _plain(text: str) -> Decimal:
    if not _PLAIN.fullmatch(text):
        raise ValueError(f"{text!r} is not a plain decimal number and has no format")
    return Decimal(text)


def _dot_decimal(text: str) -> Decimal:
    if not text or not _DOT_DECIMAL.fullmatch(text):
        raise ValueError(f"{text!r} is not a number with a decimal point")
    whole, point, places = text.partition(".")
    return Decimal(f"{whole.translate(_NOT_DIGITS)}{point}{places}")


def _indian(text: str) -> Decimal:
    if not _INDIAN.fullmatch(text):
        raise ValueError(f"{text!r} is not a number with Indian groups of digits")
    return _dot_decimal(text)


def _comma_decimal(text: str) -> Decimal:
    if not text or not _COMMA_DECIMAL.fullmatch(text):
        raise ValueError(f"{text!r} is not a number with a decimal comma")
    whole, _, places = text.partition(",")
    return Decimal(f"{whole.translate(_NOT_DIGITS)}.{places}")


def _zero(text: str) -> Decimal:
    # fixed-zero may bear any text by the registry; a number other than zero under it is a mistake worth stopping for.
    if any(digit in text for digit in "123456789"):
        raise ValueError(f"{text!r} is marked as zero")
    return Decimal(0)


def _dash(text: str) -> Decimal:
    if not _ZERO_TEXT.fullmatch(text):
        raise ValueError(f"{text!r} is not a dash for zero")
    return Decimal(0)


def _words(text: str) -> Decimal:
    words = [word for word in re.split(r"[\s-]+", text.lower().replace(",", " ")) if word not in ("", "and", "a", "an")]
    if words in (["no"], ["none"], ["nil"], ["zero"]):
        return Decimal(0)
    if len(words) == 1 and words[0].isascii() and words[0].isdecimal():
        return Decimal(words[0])
    total, smallest = 0, 10**15
    while words:
        end = next((at for at, word in enumerate(words) if word in _LARGE), len(words))
        times = _LARGE[words[end]] if end < len(words) else 1
        group = _below_thousand(words[:end]) if end else 1
        if group is None or times >= smallest:
            raise ValueError(f"{text!r} is not a number in English words")
        total, smallest, words = total + group * times, times, words[end + 1 :]
    if not total:
        raise ValueError(f"{text!r} is not a number in English words")
    return Decimal(total)


def _below_thousand(words: list[str]) -> int | None:
    """``two hundred ten``, also ``twenty five hundred``; ``None`` for words in any other order."""
    if "hundred" in words:
        at = words.index("hundred")
        above = _below_hundred(words[:at]) if at else 1
        below = _below_hundred(words[at + 1 :]) if words[at + 1 :] else 0
        return None if above is None or below is None else above * 100 + below
    return _below_hundred(words)


def _below_hundred(words: list[str]) -> int | None:
    values = [_SMALL.get(word, 0) for word in words]
    if len(values) == 2 and values[0] >= 20 and 0 < values[1] < 10:
        return sum(values)
    return values[0] if len(values) == 1 and values[0] else None


_RULES: dict[str, Callable[[str], Decimal]] = {
    # Names without hyphens: registry 4 and later write num-dot-decimal, earlier ones numdotdecimal.
    "numdotdecimal": _dot_decimal,
    "numcommadot": _dot_decimal,
    "numspacedot": _dot_decimal,
    "numdotdecimalapos": _dot_decimal,
    "numdotdecimalin": _indian,
    "numcomma": _comma_decimal,
    "numcommadecimal": _comma_decimal,
    "numcommadecimalapos": _comma_decimal,
    "numdotcomma": _comma_decimal,
    "numspacecomma": _comma_decimal,
    "fixedzero": _zero,
    "zerodash": _dash,
    "numdash": _dash,
    "numwordsen": _words,
}
