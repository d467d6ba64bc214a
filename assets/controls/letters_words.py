"""What a sentence about a letter names: products, destinations, end uses, days and amounts of money."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from assets.earnings.vendors import Vendor
from assets.federal_register.dates import read_date

_CHIP: Final = re.compile(
    r"(?<![\w-])(?:"
    r"(?P<nvidia>(?:G[BH]\d{3}|[ABHV]\d{2,3}[ASX]?|L(?:\d{2}S?|[24])))"
    r"|RTX\s*(?P<pro>PRO\s*)?(?P<rtx>\d{4})\s?(?P<rtx_d>D)?"
    r"|(?P<amd>MI\d{3}[A-Z]{0,2})"
    r"|Gaudi(?:®|™)?\s*(?P<gaudi>\d)"
    r"|(?P<habana>HL-\d{3}[A-Z]?)"
    r")(?!\w)"
)
_SYSTEM: Final = re.compile(r"\b(?:(?P<name>[DH]GX)|NVL\s?(?P<nvl>\d+))\b")
_SOFTWARE: Final = re.compile(
    r"\b(?:EDA|electronic\s+design\s+automation)\b[^.;]{0,20}?\bsoftware\b(?:\s+and\s+technology)?", re.IGNORECASE
)
_ECCN: Final = re.compile(r"(?<![\w.])\d[A-E]\d{3}(?:\.[a-z](?:\.\d+)?)?(?![\w])")
_SCOPE: Final = re.compile(
    r"\b(?:any|certain)\s+(?:other|future)\b[^.;]*?\b(?:achiev\w+|exceed\w+|meet\w+|equal)\b[^.;]*"
    r"|\bapplicable\s+to\s+products\b[^.;]*?(?=,|$)",
    re.IGNORECASE,
)

_PLACES: Final = {
    "China": r"China|PRC|People’s\s+Republic\s+of\s+China",
    "Hong Kong": r"Hong\s+Kong",
    "Macau": r"Maca[uo]",
    "Russia": r"Russia(?:n\s+Federation)?",
    "Middle East": r"Middle\s+East",
    "Saudi Arabia": r"Saudi\s+Arabia",
    "United Arab Emirates": r"United\s+Arab\s+Emirates|UAE",
    "Vietnam": r"Vietnam",
    "Iran": r"Iran",
    "Belarus": r"Belarus",
    "Venezuela": r"Venezuela",
}
_PLACE: Final = re.compile("|".join(f"(?P<p{n}>\\b(?:{words})\\b)" for n, words in enumerate(_PLACES.values())))
_GROUP: Final = re.compile(r"(?<![\w:.])(D:?[1-5])\b")
_NOT_THERE: Final = re.compile(
    r"\b(?:excluding|except(?:\s+for)?|other\s+than|not\s+including|outside(?:\s+of)?)\s+(?:mainland\s+)?[^,;.)]*",
    re.IGNORECASE,
)
_END_USES: Final = {
    "supercomputer": r"supercomputers?",
    "military end use": r"military\s+end[- ]?uses?\b",
    "military end user": r"military\s+end[- ]?users?\b",
    "advanced-node integrated circuits": r"advanced[- ]node\s+(?:integrated\s+circuits|ICs|semiconductor)",
}

_MONTHS: Final = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY: Final = re.compile(rf"\b(?:{_MONTHS})\s+\d{{1,2}},\s+\d{{4}}\b|\b\d{{1,2}}\s+(?:{_MONTHS})\s+\d{{4}}\b")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})\s+(\w+)\s+(\d{4})")
_MONTH: Final = re.compile(rf"\b({_MONTHS})(?:\s+of)?,?\s+(20\d{{2}})\b")
_QUARTER: Final = re.compile(
    r"\b(first|second|third|fourth)\s+(?:fiscal\s+)?quarter\s+of\s+(?P<fiscal>(?:our\s+)?fiscal\s+)?(?:year\s+)?(20\d{2})\b",
    re.IGNORECASE,
)
_ORDINALS: Final = ("first", "second", "third", "fourth")

_AMOUNT: Final = re.compile(
    r"(?P<before>(?:up\s+to\s+)?(?:(?:approximately|about|roughly|an\s+estimated)\s+)?(?:~\s*)?)"
    r"(?<![A-Z])(?:(?:US|USD)\s?)?\$\s?(?P<figure>\d[\d,]*(?:\.\d+)?)(?:[\s-]+(?P<unit>billion|million|thousand))?\b",
    re.IGNORECASE,
)
_MARGIN: Final = re.compile(r"(?:plus\s+or\s+minus|\+\s*/\s*[-–]|±)\s*(?:approximately\s+)?$", re.IGNORECASE)
_RANGE: Final = re.compile(
    r"(?:\$\s?[\d.,]+\s*(?:billion|million)?\s*(?:to|[-–])|\bbetween\b[^;]{0,40}\band)\s*(?:approximately\s+)?(?:US)?\$",
    re.IGNORECASE,
)
_ABSURD: Final = 10**13
"""No charge or sales of a company reach it: such a figure is a damaged text."""
_UNITS: Final = {"billion": 9, "million": 6, "thousand": 3}


@dataclass(frozen=True)
class Period:
    """A day, or a month or quarter where the words name no day, and where in the sentence it stands."""

    first: date
    last: date
    words: str
    start: int
    end: int

    @property
    def day(self) -> date | None:
        """The day, where the words name one."""
        return self.first if self.first == self.last else None

    def meets(self, other: Period) -> bool:
        """Whether both may be the same day."""
        return self.first <= other.last and other.first <= self.last


def chips(text: str) -> list[str]:
    """Integrated circuits named, in the field's short form (``A100``, ``RTX 4090``, ``MI308``), in order."""
    return _unique(_chip(match) for match in _CHIP.finditer(text))


def others(text: str) -> list[str]:
    """Systems, software and ECCNs named, in order of these kinds."""
    found = [match["name"] or f"NVL{match['nvl']}" for match in _SYSTEM.finditer(text)]
    return _unique([*found, *software(text), *_ECCN.findall(text)])


def software(text: str) -> list[str]:
    """Design software named, in one form."""
    return ["EDA software and technology" if "tech" in match else "EDA software" for match in _SOFTWARE.findall(text)]


def scope(text: str) -> str | None:
    """The words that extend a requirement to products not named, such as ``any other circuits achieving …``."""
    match = _SCOPE.search(text)
    return " ".join(match[0].split()) if match else None


def destinations(text: str) -> list[str]:
    """Places and country groups (``D:5``) named and not excepted, in order."""
    text = _NOT_THERE.sub("", text)
    names = list(_PLACES)
    found = [(match.start(), names[int((match.lastgroup or "p0")[1:])]) for match in _PLACE.finditer(text)]
    found += [(match.start(), f"D:{match[1][-1]}") for match in _GROUP.finditer(text)]
    return _unique(name for _, name in sorted(found))


def end_uses(text: str) -> list[str]:
    """End uses and users named."""
    return [name for name, words in _END_USES.items() if re.search(words, text, re.IGNORECASE)]


def periods(text: str, vendor: Vendor) -> list[Period]:
    """Days, months and quarters named, in the order of the words; fiscal quarters by the vendor's calendar."""
    found: list[Period] = []
    for match in _DAY.finditer(text):
        words = _DAY_FIRST.sub(r"\2 \1, \3", match[0]) if match[0][0].isdigit() else match[0]
        if (day := read_date(words)) is not None:
            found.append(Period(day, day, match[0], *match.span()))
    days = list(found)
    for match in _MONTH.finditer(text):
        if any(day.start <= match.start() < day.end for day in days):
            continue
        month, year = _MONTHS.split("|").index(match[1]) + 1, int(match[2])
        last = calendar.monthrange(year, month)[1]
        found.append(Period(date(year, month, 1), date(year, month, last), match[0], *match.span()))
    for match in _QUARTER.finditer(text):
        quarter = _ORDINALS.index(match[1].lower()) + 1
        first, last_day = _quarter(int(match[3]), quarter, vendor.fiscal_year_end_month if match["fiscal"] else 12)
        found.append(Period(first, last_day, match[0], *match.span()))
    return sorted(found, key=lambda period: period.start)


def amounts(text: str) -> list[Decimal]:
    """Amounts in US dollars, exact; none of a sentence that states a range, and no margin (``plus or minus``)."""
    if _RANGE.search(text):
        return []
    found = []
    for match in _AMOUNT.finditer(text):
        if not _MARGIN.search(text[: match.start()]):
            amount = Decimal(match["figure"].replace(",", "")) * 10 ** _UNITS.get((match["unit"] or "").lower(), 0)
            if amount < _ABSURD:
                found.append(amount.quantize(Decimal("0.01")))
    return found


def _chip(match: re.Match[str]) -> str:
    if match["rtx"]:
        return f"RTX {'PRO ' if match['pro'] else ''}{match['rtx']}{match['rtx_d'] or ''}"
    if match["gaudi"]:
        return f"Gaudi {match['gaudi']}"
    return match["nvidia"] or match["amd"] or match["habana"] or ""


def _quarter(year: int, quarter: int, year_end_month: int) -> tuple[date, date]:
    """First and last day a quarter may have: a year of 52 or 53 weeks moves both by up to a week."""
    months = year * 12 + year_end_month - 1 - 3 * (4 - quarter)
    begins, ends = months - 2, months
    last = date(ends // 12, ends % 12 + 1, calendar.monthrange(ends // 12, ends % 12 + 1)[1])
    week = timedelta(days=7)
    return date(begins // 12, begins % 12 + 1, 1) - week, last + week


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
