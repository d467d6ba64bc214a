"""Displayed numbers of inline XBRL as exact decimals.

A fact's ``format`` names how its text is to be read. Source: the Inline XBRL Transformation Registries 1 to 5
(https://www.xbrl.org/Specification/inlineXBRL-transformationRegistry/) and the SEC's own registry (``ixt-sec``).
Only the numeric rules that English, Chinese and continental filings use are here; any other is an error, not a guess.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from decimal import Context, Decimal, localcontext

_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
# Registry rules do not insist on groups of three, only that a separator stands between digits.
_DOT_DECIMAL = re.compile(r"(\d([\d, ]*\d)?)?(\.\d+)?")
_COMMA_DECIMAL = re.compile(r"(\d([\d. ]*\d)?)?(,\d+)?")
_ZERO_TEXT = re.compile(r"[-‐‑‒–—―−]|[Nn]il|[Nn]one|0+(\.0*)?")
_SPACES = re.compile(r"\s+")

_SMALL = {
    word: value
    for value, word in [
        (0, "zero"),
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
        ValueError: the text does not follow its rule, the rule is not known, or scale or sign are not valid.
    """
    # Entities of HTML stay unresolved in the tree, because no DTD is loaded.
    text = _SPACES.sub(" ", html.unescape(text)).strip()
    if format_name is None:
        if not _PLAIN.fullmatch(text):
            raise ValueError(f"{text!r} is not a plain decimal number and has no format")
        value = Decimal(text)
    else:
        rule = _RULES.get(format_name.lower().replace("-", ""))
        if rule is None:
            raise ValueError(f"the format {format_name!r} of {text!r} is not known")
        value = rule(text)
    if sign not in (None, "", "-"):
        raise ValueError(f"the sign {sign!r} is neither empty nor a minus")
    if scale is not None and not re.fullmatch(r"[+-]?\d{1,2}", scale.strip()):
        raise ValueError(f"the scale {scale!r} is not a small integer")
    with localcontext(Context(prec=80)):
        value = value.scaleb(int(scale)) if scale else value
        return -value if sign == "-" and value else value


def _dot_decimal(text: str) -> Decimal:
    if not text or not _DOT_DECIMAL.fullmatch(text):
        raise ValueError(f"{text!r} is not a number with a decimal point")
    return Decimal(re.sub(r"[,\s]", "", text))


def _comma_decimal(text: str) -> Decimal:
    if not text or not _COMMA_DECIMAL.fullmatch(text):
        raise ValueError(f"{text!r} is not a number with a decimal comma")
    return Decimal(re.sub(r"[.\s]", "", text).replace(",", "."))


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
    if words in (["no"], ["none"], ["nil"]):
        return Decimal(0)
    if len(words) == 1 and words[0].isdecimal():
        return Decimal(words[0])
    total = group = 0
    for word in words:
        if word in _SMALL:
            group += _SMALL[word]
        elif word == "hundred":
            group = (group or 1) * 100
        elif word in _LARGE:
            total, group = total + (group or 1) * _LARGE[word], 0
        else:
            raise ValueError(f"{text!r} is not a number in English words")
    if not words:
        raise ValueError("an empty text is not a number in English words")
    return Decimal(total + group)


_RULES: dict[str, Callable[[str], Decimal]] = {
    # Names without hyphens: registry 4 and later write num-dot-decimal, earlier ones numdotdecimal.
    "numdotdecimal": _dot_decimal,
    "numcommadot": _dot_decimal,
    "numspacedot": _dot_decimal,
    "numdotdecimalapos": lambda text: _dot_decimal(re.sub("['’]", "", text)),
    "numcommadecimal": _comma_decimal,
    "numdotcomma": _comma_decimal,
    "numspacecomma": _comma_decimal,
    "fixedzero": _zero,
    "zerodash": _dash,
    "numdash": _dash,
    "numwordsen": _words,
}
