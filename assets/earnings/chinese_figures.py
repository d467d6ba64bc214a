"""Amounts and periods as companies in China and the press about them print them.

An amount counts in 万 (10^4) and 亿 (10^8), in Chinese or English words, and often does not say whose 元 it is. A
period may be cumulative: 前三季度 are nine months, 三季度 is a quarter. Texts that leave open which is meant (三季报,
the third quarter's report, states both) or that only approximate (近4亿) are refused: a wrong reading is worse than
none.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

_SCALES: Final = {
    "十": 10, "百": 10**2, "千": 10**3, "万": 10**4, "萬": 10**4, "十万": 10**5, "百万": 10**6, "百萬": 10**6,
    "千万": 10**7, "千萬": 10**7, "亿": 10**8, "億": 10**8, "十亿": 10**9, "百亿": 10**10, "千亿": 10**11,
    "千億": 10**11, "万亿": 10**12, "萬億": 10**12, "thousand": 10**3, "million": 10**6, "billion": 10**9,
    "trillion": 10**12,
}  # fmt: skip
# 兆 is left out: 10^12 in Taiwan, 10^6 in the mainland's measures.
_CURRENCIES: Final = {
    "CNY": ("人民币", "人民幣", "RMB", "CNY"),
    "USD": ("美元", "美金", "US$", "USD", "$"),
    "HKD": ("港元", "港币", "港幣", "HK$", "HKD"),
    "TWD": ("新台币", "新台幣", "新臺幣", "台币", "台幣", "NT$", "TWD"),
    "EUR": ("欧元", "歐元", "€", "EUR"),
    "JPY": ("日元", "日圆", "日圓", "JPY"),
    "GBP": ("英镑", "英鎊", "£", "GBP"),
    "KRW": ("韩元", "韓元", "KRW"),
}
_CODES: Final = {word.lower(): code for code, words in _CURRENCIES.items() for word in words}


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word.lower()) for word in sorted(words, key=len, reverse=True))


_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_PART = re.compile(rf"({_NUMBER}) ?({_any_of(_SCALES)})?")
_AMOUNT = re.compile(
    rf"(?P<before>{_any_of(_CODES)})? ?(?P<sign>-)? ?(?P<parts>(?:(?:{_NUMBER}) ?(?:{_any_of(_SCALES)})? ?)+?)"
    rf"(?P<after>{_any_of(_CODES)}|元)?(?P<aside>\((?:{_any_of(_CODES)})\))?"
)
_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—−―~～至"), "-")

_CHINESE_QUARTERS: Final = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR = r"(?:(?P<year>\d{4})(?:年度|年|fy| )?)?"
_PERIODS: Final = tuple(
    re.compile(f"(?:{pattern})")
    for pattern in (
        rf"{_YEAR}(?:第?(?P<quarter>[一二三四1-4])季度?|q(?P<quarter_q>[1-4]))",
        r"(?P<quarter>[1-4])q(?P<short>\d{2})",
        rf"{_YEAR}(?:前|首)(?P<first>[二两三2-3])个?季度?",
        rf"{_YEAR}(?P<from>\d{{1,2}})月?-(?P<to>\d{{1,2}})月(?:份)?",
        rf"{_YEAR}(?P<half>上半年|半年度|h1|下半年|h2)",
        r"(?P<half>[12]h)(?P<short>\d{2})",
        rf"{_YEAR}(?P<nine>9m|前九个月|首九个月)",
        rf"{_YEAR}全年",
        r"(?P<year>\d{4})(?:年度?|fy)",
        r"fy(?P<year>\d{4})",
    )
)


@dataclass(frozen=True)
class Amount:
    """An amount in whole units of its currency.

    Attributes:
        value: exact.
        currency: ISO 4217 code; ``None`` where the text says 元 or nothing.
        precision: the value of one unit of the last digit printed: 10^6 for ``17.27亿``.
    """

    value: Decimal
    currency: str | None
    precision: Decimal


@dataclass(frozen=True)
class Quarters:
    """Whole quarters of one calendar year, which is the fiscal year of companies in China."""

    year: int
    first: int
    last: int

    @property
    def count(self) -> int:
        """How many quarters."""
        return self.last - self.first + 1

    @property
    def start(self) -> date:
        """First day."""
        return date(self.year, 3 * self.first - 2, 1)

    @property
    def end(self) -> date:
        """Last day."""
        return date(self.year, 3 * self.last, monthrange(self.year, 3 * self.last)[1])

    def __str__(self) -> str:
        """Write it as analysts do: 2025Q3, 2025H1, 2025-9M, 2025FY; any other as its first and last quarter."""
        names = {(1, 2): "H1", (3, 4): "H2", (1, 3): "-9M", (1, 4): "FY"}
        quarters = f"Q{self.first}" if self.count == 1 else f"Q{self.first}-Q{self.last}"
        return f"{self.year}{names.get((self.first, self.last), quarters)}"


def parse_amount(text: str) -> Amount:
    """Read one amount, such as ``17.27亿元``, ``人民币173.2亿``, ``6,476.53万元``, ``$2,209.1 million``.

    Raises:
        ValueError: the text is no amount or more than one (a range), only approximates one, counts something that is
            no money, names two currencies, or its parts do not descend (``3万2亿``).
    """
    folded = unicodedata.normalize("NFKC", text).translate(_DASHES).strip().lower()
    found = _AMOUNT.fullmatch(folded)
    if found is None:
        raise ValueError(f"no single, exact amount: {text!r}")
    codes = {_CODES[word] for word in (found["before"], found["after"]) if word and word != "元"}
    codes |= {_CODES[found["aside"][1:-1]]} if found["aside"] else set()
    if len(codes) > 1:
        raise ValueError(f"several currencies in {text!r}: {sorted(codes)}")
    value, precision, last_scale = Decimal(), Decimal(1), None
    for number, word in _PART.findall(found["parts"]):
        scale = _SCALES[word] if word else 1
        if last_scale is not None and scale >= last_scale:
            raise ValueError(f"the parts of {text!r} do not descend")
        last_scale = scale
        digits = Decimal(number.replace(",", ""))
        value += digits * scale
        exponent = digits.as_tuple().exponent
        precision = Decimal(scale).scaleb(exponent if isinstance(exponent, int) else 0)
    return Amount(-value if found["sign"] else value, next(iter(codes), None), precision)


def parse_period(text: str, year: int | None = None) -> Quarters:
    """Read the quarters a text means: ``2025年第三季度`` one, ``2025年前三季度`` and ``2025年1-9月`` three.

    Args:
        text: the period's name alone, in Chinese or as analysts write it (2025Q3, 3Q25, 1H25, FY2025).
        year: the year where the text does not name one.

    Raises:
        ValueError: the text is not a period of whole quarters, may mean several (``2025年三季报``), or has no year.
    """
    folded = "".join(unicodedata.normalize("NFKC", text).translate(_DASHES).lower().split())
    for pattern in _PERIODS:
        if found := pattern.fullmatch(folded):
            return _quarters(text, {name: part for name, part in found.groupdict().items() if part}, year)
    raise ValueError(f"no period of whole quarters: {text!r}")


def _quarters(text: str, parts: dict[str, str], year: int | None) -> Quarters:
    named = f"20{parts['short']}" if "short" in parts else parts.get("year")
    if named is None and year is None:
        raise ValueError(f"which year's: {text!r}")
    of_year = int(named) if named else int(year or 0)
    if quarter := parts.get("quarter") or parts.get("quarter_q"):
        return Quarters(of_year, _CHINESE_QUARTERS[quarter], _CHINESE_QUARTERS[quarter])
    if first := parts.get("first"):
        return Quarters(of_year, 1, {"二": 2, "两": 2, "2": 2, "三": 3, "3": 3}[first])
    if "from" in parts:
        start, end = int(parts["from"]), int(parts["to"])
        if start % 3 != 1 or end % 3 or not start < end <= 12:
            raise ValueError(f"not whole quarters: {text!r}")
        return Quarters(of_year, (start + 2) // 3, end // 3)
    if half := parts.get("half"):
        return Quarters(of_year, 1, 2) if half in ("上半年", "半年度", "h1", "1h") else Quarters(of_year, 3, 4)
    return Quarters(of_year, 1, 3) if "nine" in parts else Quarters(of_year, 1, 4)
